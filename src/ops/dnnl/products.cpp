#include "ops/dnnl/products.h"

#include <omp.h>

#include <algorithm>
#include <array>
#include <compare>
#include <map>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/fail.h"

namespace igrot {
namespace {

using dnnl::memory;
using Dims = memory::dims;

/// The rows for which a layout of the weights is asked. oneDNN 2.6 and 3 give
/// the same for 1 to 1600 rows wherever it matters (AVX-512); elsewhere any is
/// right.
constexpr std::size_t usual_rows = 64;

/// Compiled products kept; a server meets few shapes, a stray one is cheap.
constexpr std::size_t most_products = 1024;

memory::dim dim(std::size_t n) {
  return static_cast<memory::dim>(n);
}

memory::data_type data_type(Number number) {
  return number == Number::f32 ? memory::data_type::f32
                               : memory::data_type::bf16;
}

/// OpenMP's thread number is a variable of the calling thread: ours while this
/// lives, the caller's again afterwards.
class Team {
 public:
  explicit Team(std::size_t threads) : before_(omp_get_max_threads()) {
    omp_set_num_threads(static_cast<int>(threads));
  }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team() { omp_set_num_threads(before_); }

 private:
  int before_;
};

/// How a weight layout is stored: outputs in blocks of `block`, whole blocks
/// `step` numbers apart.
struct OutputBlocks {
  std::size_t block = 1;
  std::size_t step = 0;
  bool operator==(const OutputBlocks&) const = default;
};

// What differs between the versions of oneDNN, told apart by what they have.

template <class Matmul>
auto describe_product(const dnnl::engine& engine, const memory::desc& source,
                      const memory::desc& weights, const memory::desc* bias,
                      const memory::desc& target,
                      const dnnl::primitive_attr& attributes) {
  using Description = typename Matmul::primitive_desc;
  if constexpr (requires { typename Matmul::desc; }) {
    using Operation = typename Matmul::desc;
    return Description(bias ? Operation(source, weights, *bias, target)
                            : Operation(source, weights, target),
                       attributes, engine);
  } else {
    return bias
               ? Description(engine, source, weights, *bias, target, attributes)
               : Description(engine, source, weights, target, attributes);
  }
}

template <class PostOps>
void append_eltwise(PostOps& steps, dnnl::algorithm algorithm, float alpha) {
  if constexpr (requires { steps.append_eltwise(algorithm, alpha, 0.0F); })
    steps.append_eltwise(algorithm, alpha, 0.0F);
  else
    steps.append_eltwise(1.0F, algorithm, alpha, 0.0F);
}

template <class Layout>
OutputBlocks output_blocks(const Layout& layout) {
  OutputBlocks blocks;
  const auto multiply = [&](auto index, auto size) {
    if (index == 1) blocks.block *= static_cast<std::size_t>(size);
  };
  if constexpr (requires { layout.get_inner_blks(); }) {
    const auto sizes = layout.get_inner_blks();
    const auto indices = layout.get_inner_idxs();
    for (std::size_t i = 0; i < sizes.size(); ++i)
      multiply(indices[i], sizes[i]);
    blocks.step = static_cast<std::size_t>(layout.get_strides()[1]);
  } else {
    const auto& blocking = layout.data.format_desc.blocking;
    for (int i = 0; i < blocking.inner_nblks; ++i)
      multiply(blocking.inner_idxs[i], blocking.inner_blks[i]);
    blocks.step = static_cast<std::size_t>(blocking.strides[1]);
  }
  return blocks;
}

memory::desc strided(const Rows& rows) {
  return {Dims{dim(rows.count), dim(rows.width)}, data_type(rows.number),
          Dims{dim(rows.stride), 1}};
}

/// Everything a compiled product depends on; the layout of the weights follows
/// from their shape.
struct ProductKey {
  std::size_t rows, inputs, outputs, source_stride, target_stride;
  Number target;
  Activation activation;
  bool accumulate, bias;
  auto operator<=>(const ProductKey&) const = default;
};

struct Product {
  dnnl::matmul primitive;
  memory::desc source, target, scratch;
};

struct ActivationRow {
  Activation activation;
  dnnl::algorithm algorithm;
  float alpha;
};

constexpr std::array activations{
    ActivationRow{Activation::quick_gelu, dnnl::algorithm::eltwise_swish,
                  1.702F},
    ActivationRow{Activation::gelu, dnnl::algorithm::eltwise_gelu_erf, 0},
    ActivationRow{Activation::gelu_tanh, dnnl::algorithm::eltwise_gelu_tanh, 0},
    ActivationRow{Activation::relu, dnnl::algorithm::eltwise_relu, 0},
    ActivationRow{Activation::sigmoid, dnnl::algorithm::eltwise_logistic, 0},
};

dnnl::primitive_attr attributes(const Epilogue& epilogue) {
  dnnl::post_ops steps;
  if (epilogue.accumulate) steps.append_sum(1.0F);
  for (const auto& row : activations)
    if (row.activation == epilogue.activation)
      append_eltwise(steps, row.algorithm, row.alpha);
  dnnl::primitive_attr result;
  result.set_post_ops(steps);
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return result;
}

[[noreturn]] void report(const dnnl::error& error) {
  if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
  fail(ErrorKind::unsupported, "oneDNN: {}", error.what());
}

}  // namespace

struct PackedWeights {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  memory::desc layout;  ///< of [inputs, outputs]
  OutputBlocks blocks;
  Memory data;
  Memory bias;  ///< float32; null: none

  float* bias_numbers() const { return reinterpret_cast<float*>(bias.get()); }
};

struct Products::Impl {
  Number number = Number::f32;
  std::size_t threads = 1;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  std::shared_mutex mutex;
  std::map<ProductKey, std::shared_ptr<const Product>> products;

  memory::desc weight_layout(std::size_t inputs, std::size_t outputs) const;
  void reorder(const memory::desc& from, void* source, const memory::desc& to,
               void* target) const;
  std::shared_ptr<PackedWeights> pack(const memory::desc& from, void* source,
                                      std::size_t inputs,
                                      std::size_t outputs) const;
  /// Outputs [first, first + count) in the same memory, or null where the
  /// layout does not keep them together.
  std::shared_ptr<PackedWeights> view(const PackedWeights& whole,
                                      std::size_t first,
                                      std::size_t count) const;
  std::shared_ptr<PackedWeights> repack(const PackedWeights& whole,
                                        std::size_t first,
                                        std::size_t count) const;
  std::shared_ptr<const Product> product(const ProductKey& key, const Rows& x,
                                         const PackedWeights& w,
                                         const Rows& out);
};

memory::desc Products::Impl::weight_layout(std::size_t inputs,
                                           std::size_t outputs) const {
  const auto type = data_type(number);
  const auto any = memory::format_tag::any;
  const auto rows = memory::format_tag::ab;
  const memory::desc source(Dims{dim(usual_rows), dim(inputs)}, type, rows);
  const memory::desc weights(Dims{dim(inputs), dim(outputs)}, type, any);
  const memory::desc target(Dims{dim(usual_rows), dim(outputs)}, type, rows);
  return describe_product<dnnl::matmul>(engine, source, weights, nullptr,
                                        target, attributes({}))
      .weights_desc();
}

void Products::Impl::reorder(const memory::desc& from, void* source,
                             const memory::desc& to, void* target) const {
  memory in(from, engine, source);
  memory out(to, engine, target);
  dnnl::stream stream(engine);
  dnnl::reorder(in, out).execute(stream, in, out);
  stream.wait();
}

std::shared_ptr<PackedWeights> Products::Impl::pack(const memory::desc& from,
                                                    void* source,
                                                    std::size_t inputs,
                                                    std::size_t outputs) const {
  auto packed = std::make_shared<PackedWeights>();
  packed->inputs = inputs;
  packed->outputs = outputs;
  packed->layout = weight_layout(inputs, outputs);
  packed->blocks = output_blocks(packed->layout);
  packed->data = allocate(packed->layout.get_size());
  reorder(from, source, packed->layout, packed->data.get());
  return packed;
}

std::shared_ptr<PackedWeights> Products::Impl::view(const PackedWeights& whole,
                                                    std::size_t first,
                                                    std::size_t count) const {
  const auto layout = weight_layout(whole.inputs, count);
  const auto [block, step] = whole.blocks;
  if (first % block != 0 || count % block != 0 || step <= 1 ||
      output_blocks(layout) != whole.blocks)
    return nullptr;
  auto part = std::make_shared<PackedWeights>();
  part->inputs = whole.inputs;
  part->outputs = count;
  part->layout = layout;
  part->blocks = whole.blocks;
  const auto offset = first / block * step * size_bytes(number);
  part->data = Memory(whole.data, whole.data.get() + offset);
  return part;
}

std::shared_ptr<PackedWeights> Products::Impl::repack(
    const PackedWeights& whole, std::size_t first, std::size_t count) const {
  const auto plain = [&](std::size_t outputs) {
    return memory::desc(Dims{dim(whole.inputs), dim(outputs)},
                        data_type(number), memory::format_tag::ba);
  };
  const auto all = plain(whole.outputs);
  const auto unpacked = allocate(all.get_size());
  reorder(whole.layout, whole.data.get(), all, unpacked.get());
  const auto offset = first * whole.inputs * size_bytes(number);
  return pack(plain(count), unpacked.get() + offset, whole.inputs, count);
}

std::shared_ptr<const Product> Products::Impl::product(const ProductKey& key,
                                                       const Rows& x,
                                                       const PackedWeights& w,
                                                       const Rows& out) {
  {
    const std::shared_lock lock(mutex);
    const auto known = products.find(key);
    if (known != products.end()) return known->second;
  }
  const auto source = strided(x);
  const auto target = strided(out);
  const memory::desc bias(Dims{1, dim(w.outputs)}, memory::data_type::f32,
                          memory::format_tag::ab);
  const auto description = describe_product<dnnl::matmul>(
      engine, source, w.layout, key.bias ? &bias : nullptr, target,
      attributes({key.activation, key.accumulate}));
  auto made = std::make_shared<const Product>(
      Product{dnnl::matmul(description), source, target,
              description.scratchpad_desc()});
  const std::unique_lock lock(mutex);
  if (products.size() >= most_products) products.clear();
  return products.try_emplace(key, std::move(made)).first->second;
}

Products::Products(Number number, std::size_t threads)
    : impl_(std::make_unique<Impl>()) {
  impl_->number = number;
  impl_->threads = threads;
  try {
    impl_->weight_layout(64, 64);
  } catch (const dnnl::error&) {
    fail(ErrorKind::unsupported,
         "this processor has no way to multiply bf16; use f32");
  }
}

Products::~Products() = default;

bool Products::has_fast_bf16() {
  const auto has = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (has & wanted) == wanted;
}

std::shared_ptr<const PackedWeights> Products::pack(const Tensor& weight,
                                                    const Tensor* bias) const {
  assert(weight.rank() == 2);
  const auto outputs = weight.shape()[0];
  const auto inputs = weight.shape()[1];
  const Team team(impl_->threads);
  try {
    const memory::desc given(Dims{dim(inputs), dim(outputs)},
                             memory::data_type::f32, memory::format_tag::ba);
    // oneDNN takes its source without const; it does not write there.
    auto packed =
        impl_->pack(given, const_cast<float*>(weight.data()), inputs, outputs);
    if (bias && bias->size() > 0) {
      assert(bias->size() == outputs);
      packed->bias = allocate(outputs * sizeof(float));
      std::ranges::copy(bias->values(), packed->bias_numbers());
    }
    return packed;
  } catch (const dnnl::error& error) {
    report(error);
  }
}

std::shared_ptr<const PackedWeights> Products::select_outputs(
    const PackedWeights& weights, std::size_t first, std::size_t count) const {
  assert(first + count <= weights.outputs);
  const Team team(impl_->threads);
  try {
    auto part = impl_->view(weights, first, count);
    if (!part) part = impl_->repack(weights, first, count);
    if (weights.bias)
      part->bias =
          Memory(weights.bias, weights.bias.get() + first * sizeof(float));
    return part;
  } catch (const dnnl::error& error) {
    report(error);
  }
}

void Products::multiply(const Rows& x, const PackedWeights& w, const Rows& out,
                        Epilogue epilogue, Arena& arena) const {
  assert(x.number == impl_->number && x.width == w.inputs);
  assert(out.width == w.outputs && out.count == x.count);
  if (x.count == 0) return;
  const Team team(impl_->threads);
  try {
    const auto& engine = impl_->engine;
    const auto product = impl_->product(
        {x.count, w.inputs, w.outputs, x.stride, out.stride, out.number,
         epilogue.activation, epilogue.accumulate, w.bias != nullptr},
        x, w, out);
    const auto scratch = arena.take(product->scratch.get_size());
    std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, {product->source, engine, x.data}},
        {DNNL_ARG_WEIGHTS, {w.layout, engine, w.data.get()}},
        {DNNL_ARG_DST, {product->target, engine, out.data}},
        {DNNL_ARG_SCRATCHPAD, {product->scratch, engine, scratch.get()}}};
    if (w.bias)
      arguments.insert(
          {DNNL_ARG_BIAS,
           {memory::desc(Dims{1, dim(w.outputs)}, memory::data_type::f32,
                         memory::format_tag::ab),
            engine, w.bias.get()}});
    dnnl::stream stream(engine);
    product->primitive.execute(stream, arguments);
    stream.wait();
  } catch (const dnnl::error& error) {
    report(error);
  }
}

std::size_t Products::inputs(const PackedWeights& weights) {
  return weights.inputs;
}

std::size_t Products::outputs(const PackedWeights& weights) {
  return weights.outputs;
}

}  // namespace igrot
