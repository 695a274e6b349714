#include "ops/torch/attention.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "ops/torch/dropout.h"
#include "ops/torch/if_defined.h"
#include "ops/torch/sgemm.h"

namespace igrot {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Optional = c10::optional<at::Tensor>;

/// Where the heads of one operand lie: columns [first, first + width) of a
/// contiguous [B, T, stride].
struct Heads {
  float* data = nullptr;
  std::int64_t tokens = 0;
  std::int64_t stride = 0;
  std::int64_t head_width = 0;

  Heads(const at::Tensor& whole, std::int64_t first, std::int64_t width)
      : data(whole.data_ptr<float>() + first),
        tokens(whole.size(1)),
        stride(whole.size(2)),
        head_width(width) {}

  float* at(std::int64_t input, std::int64_t head) const {
    return data + input * tokens * stride + head * head_width;
  }
};

/// The three operands, over the tensors they lie in.
struct Operands {
  Heads q, k, v;
};

/// Which columns of which tensor hold q, k and v; `parts` are the different
/// tensors.
struct Places {
  std::array<std::int64_t, 3> part{};
  std::array<std::int64_t, 3> first{};
  std::int64_t heads = 1;
  std::int64_t head_width = 0;

  Operands in(const variable_list& parts) const {
    const auto operand = [&](std::size_t i) {
      return Heads(parts[static_cast<std::size_t>(part[i])], first[i],
                   head_width);
    };
    return {operand(0), operand(1), operand(2)};
  }
};

/// body(input, head) for every head of every input, on all threads.
template <class Body>
void for_heads(std::int64_t batch, std::int64_t heads, Body&& body) {
  at::parallel_for(0, batch * heads, 1,
                   [&](std::int64_t from, std::int64_t to) {
                     for (auto i = from; i < to; ++i)
                       body(i / heads, i % heads);
                   });
}

at::Tensor dropped(const at::Tensor& shares, const at::Tensor& kept,
                   double factor) {
  return kept.defined() ? (shares * kept).mul_(factor) : shares;
}

/// [B, heads, Tq, Tk]
at::Tensor logits(const Operands& o, const at::Tensor& bias, float scale,
                  at::IntArrayRef sizes, const at::TensorOptions& like) {
  const auto queries = sizes[2];
  const auto keys = sizes[3];
  auto out = bias.defined()
                 ? bias.expand(sizes).clone(at::MemoryFormat::Contiguous)
                 : at::empty(sizes, like);
  auto* scores = out.data_ptr<float>();
  for_heads(sizes[0], sizes[1], [&](auto input, auto head) {
    sgemm(queries, keys, o.q.head_width, scale,
          {o.q.at(input, head), o.q.stride, false},
          {o.k.at(input, head), o.k.stride, true}, bias.defined() ? 1 : 0,
          scores + (input * sizes[1] + head) * queries * keys, keys);
  });
  return out;
}

struct Attention : torch::autograd::Function<Attention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& a,
                            const Optional& b, const Optional& c,
                            const Optional& bias_in, const Optional& kept_in,
                            const Places& places, double scale, double factor) {
    const auto bias = bias_in.value_or(at::Tensor());
    const auto kept = kept_in.value_or(at::Tensor());
    variable_list parts{a.contiguous()};
    for (const auto& part : {b, c})
      parts.push_back(part ? part->contiguous() : at::Tensor());
    const auto o = places.in(parts);
    const std::vector<std::int64_t> sizes{a.size(0), places.heads, o.q.tokens,
                                          o.k.tokens};
    const auto shares = at::softmax(
        logits(o, bias, static_cast<float>(scale), sizes, a.options()), -1);
    const auto read = dropped(shares, kept, factor);
    const auto width = places.heads * places.head_width;
    auto out = at::empty({sizes[0], sizes[2], width}, a.options());
    const Heads to(out, 0, places.head_width);
    const auto* weights = read.data_ptr<float>();
    for_heads(sizes[0], sizes[1], [&](auto input, auto head) {
      sgemm(sizes[2], places.head_width, sizes[3], 1,
            {weights + (input * sizes[1] + head) * sizes[2] * sizes[3],
             sizes[3], false},
            {o.v.at(input, head), o.v.stride, false}, 0, to.at(input, head),
            width);
    });
    context->save_for_backward({parts[0], parts[1], parts[2], shares, kept});
    auto& data = context->saved_data;
    data["part"] =
        std::vector<std::int64_t>(places.part.begin(), places.part.end());
    data["first"] =
        std::vector<std::int64_t>(places.first.begin(), places.first.end());
    data["heads"] = places.heads;
    data["head_width"] = places.head_width;
    data["scale"] = scale;
    data["factor"] = factor;
    data["bias"] =
        bias.defined() ? bias.sizes().vec() : std::vector<std::int64_t>();
    return out;
  }

  static variable_list backward(AutogradContext* context,
                                variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto& data = context->saved_data;
    Places places;
    std::ranges::copy(data["part"].toIntVector(), places.part.begin());
    std::ranges::copy(data["first"].toIntVector(), places.first.begin());
    places.heads = data["heads"].toInt();
    places.head_width = data["head_width"].toInt();
    const auto scale = static_cast<float>(data["scale"].toDouble());
    const auto factor = data["factor"].toDouble();
    const auto& shares = saved[3];
    const auto& kept = saved[4];
    const variable_list parts(saved.begin(), saved.begin() + 3);
    variable_list slopes(3);
    for (std::size_t i = 0; i < 3; ++i)
      if (parts[i].defined()) slopes[i] = at::empty_like(parts[i]);

    const auto o = places.in(parts);
    const auto to = places.in(slopes);
    const auto g = gradients[0].contiguous();
    const Heads from(g, 0, places.head_width);
    const auto sizes = shares.sizes().vec();
    const auto queries = sizes[2];
    const auto keys = sizes[3];
    const auto w = places.head_width;
    const auto place = [&](auto input, auto head) {
      return (input * sizes[1] + head) * queries * keys;
    };

    const auto read = dropped(shares, kept, factor);
    auto d_read = at::empty(sizes, shares.options());
    for_heads(sizes[0], sizes[1], [&](auto input, auto head) {
      const Operand d_out{from.at(input, head), from.stride, false};
      sgemm(keys, w, queries, 1,
            {read.data_ptr<float>() + place(input, head), keys, true}, d_out, 0,
            to.v.at(input, head), to.v.stride);
      sgemm(queries, keys, w, 1, d_out, {o.v.at(input, head), o.v.stride, true},
            0, d_read.data_ptr<float>() + place(input, head), keys);
    });
    const auto d_logits = at::_softmax_backward_data(
        dropped(d_read, kept, factor), shares, -1, at::kFloat);
    for_heads(sizes[0], sizes[1], [&](auto input, auto head) {
      const auto* d = d_logits.data_ptr<float>() + place(input, head);
      sgemm(queries, w, keys, scale, {d, keys, false},
            {o.k.at(input, head), o.k.stride, false}, 0, to.q.at(input, head),
            to.q.stride);
      sgemm(keys, w, queries, scale, {d, keys, true},
            {o.q.at(input, head), o.q.stride, false}, 0, to.k.at(input, head),
            to.k.stride);
    });
    variable_list result(8);
    std::ranges::copy(slopes, result.begin());
    if (!data["bias"].toIntVector().empty())
      result[3] = d_logits.sum_to_size(data["bias"].toIntVector());
    return result;
  }
};

}  // namespace

at::Tensor own_attention(const AttentionInputs& in) {
  std::vector<at::Tensor> parts;
  Places places{.heads = in.heads, .head_width = in.q.width() / in.heads};
  const std::array operands{&in.q, &in.k, &in.v};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const auto& whole = operands[i]->whole();
    std::size_t part = 0;
    while (part < parts.size() && !parts[part].is_same(whole)) ++part;
    if (part == parts.size()) parts.push_back(whole);
    places.part[i] = static_cast<std::int64_t>(part);
    places.first[i] = operands[i]->first();
  }
  parts.resize(3);
  return Attention::apply(parts[0], if_defined(parts[1]), if_defined(parts[2]),
                          if_defined(in.bias), if_defined(in.kept), places,
                          double{in.scale}, 1 / (1 - double{in.probability}));
}

at::Tensor library_attention(const AttentionInputs& in, at::ScalarType type) {
  const auto split = [&](const TorchTensor& x) {
    const auto value = x.value();
    return value.reshape({value.size(0), value.size(1), in.heads, -1})
        .transpose(1, 2)
        .to(type);
  };
  auto scores = at::matmul(split(in.q), split(in.k).transpose(-2, -1))
                    .to(at::kFloat)
                    .mul(in.scale);
  if (in.bias.defined()) scores = scores + in.bias;
  auto shares = at::softmax(scores, -1);
  if (in.kept.defined()) shares = drop(shares, in.kept, in.probability);
  const auto out = at::matmul(shares.to(type), split(in.v)).to(at::kFloat);
  return out.transpose(1, 2).flatten(2);
}

}  // namespace igrot
