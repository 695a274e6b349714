#include "ops/onnx/onnx_graph.h"

#include <onnx/onnx_pb.h>

#include <limits>

#include "base/fail.h"
#include "base/file.h"

namespace igrot {
namespace {

constexpr std::int64_t operator_set = 17;
constexpr std::int64_t ir_version = 8;  // the one of operator set 17

void set_type(onnx::ValueInfoProto& info, std::string_view name, OnnxType type,
              const Shape& rest) {
  info.set_name(std::string(name));
  auto* tensor = info.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(type == OnnxType::float32 ? onnx::TensorProto::FLOAT
                                                  : onnx::TensorProto::INT64);
  tensor->mutable_shape()->add_dim()->set_dim_param("batch");
  for (const auto size : rest)
    tensor->mutable_shape()->add_dim()->set_dim_value(
        static_cast<std::int64_t>(size));
}

void set_value(onnx::AttributeProto& to, std::int64_t number) {
  to.set_type(onnx::AttributeProto::INT);
  to.set_i(number);
}
void set_value(onnx::AttributeProto& to, float number) {
  to.set_type(onnx::AttributeProto::FLOAT);
  to.set_f(number);
}
void set_value(onnx::AttributeProto& to,
               const std::vector<std::int64_t>& numbers) {
  to.set_type(onnx::AttributeProto::INTS);
  for (const auto number : numbers) to.add_ints(number);
}

}  // namespace

struct OnnxGraph::Impl {
  onnx::ModelProto model;
  std::size_t values = 0;

  onnx::GraphProto& graph() { return *model.mutable_graph(); }
  std::string new_name(std::string_view kind) {
    return std::string(kind) + "_" + std::to_string(++values);
  }
};

OnnxGraph::OnnxGraph(std::string_view name) : impl_(std::make_unique<Impl>()) {
  auto& model = impl_->model;
  model.set_ir_version(ir_version);
  model.set_producer_name("igrot");
  model.add_opset_import()->set_version(operator_set);
  impl_->graph().set_name(std::string(name));
}

OnnxGraph::~OnnxGraph() = default;

void OnnxGraph::input(std::string_view name, OnnxType type, const Shape& rest) {
  set_type(*impl_->graph().add_input(), name, type, rest);
}

void OnnxGraph::output(std::string_view name, const std::string& value,
                       const Shape& rest) {
  auto* same = impl_->graph().add_node();
  same->set_op_type("Identity");
  same->add_input(value);
  same->add_output(std::string(name));
  set_type(*impl_->graph().add_output(), name, OnnxType::float32, rest);
}

std::string OnnxGraph::constant(const Tensor& tensor) {
  auto* stored = impl_->graph().add_initializer();
  stored->set_name(impl_->new_name("constant"));
  stored->set_data_type(onnx::TensorProto::FLOAT);
  for (const auto size : tensor.shape())
    stored->add_dims(static_cast<std::int64_t>(size));
  const auto bytes = std::as_bytes(tensor.values());
  stored->set_raw_data(bytes.data(), bytes.size());
  return stored->name();
}

std::string OnnxGraph::scalar(float number) {
  return constant(Tensor({}, std::span(&number, 1)));
}

std::string OnnxGraph::integers(std::span<const std::int64_t> numbers) {
  auto* stored = impl_->graph().add_initializer();
  stored->set_name(impl_->new_name("integers"));
  stored->set_data_type(onnx::TensorProto::INT64);
  stored->add_dims(static_cast<std::int64_t>(numbers.size()));
  for (const auto number : numbers) stored->add_int64_data(number);
  return stored->name();
}

std::string OnnxGraph::node(std::string_view type,
                            std::initializer_list<std::string> inputs,
                            std::initializer_list<OnnxAttribute> attributes) {
  return node(type, std::span(inputs.begin(), inputs.size()), attributes);
}

std::string OnnxGraph::node(std::string_view type,
                            std::span<const std::string> inputs,
                            std::initializer_list<OnnxAttribute> attributes) {
  auto* node = impl_->graph().add_node();
  node->set_op_type(std::string(type));
  for (const auto& name : inputs) node->add_input(name);
  for (const auto& attribute : attributes) {
    auto* to = node->add_attribute();
    to->set_name(std::string(attribute.name));
    std::visit([&](const auto& value) { set_value(*to, value); },
               attribute.value);
  }
  return *node->add_output() = impl_->new_name(type);
}

void OnnxGraph::write(const std::filesystem::path& path) const {
  const auto size = impl_->model.ByteSizeLong();
  if (size > std::numeric_limits<std::int32_t>::max())
    fail(ErrorKind::unsupported,
         "{}: the graph has {} bytes, ONNX files hold at most 2 GB",
         path.string(), size);
  AtomicFile file(path);
  file.write(std::string_view(impl_->model.SerializeAsString()));
  file.commit();
}

}  // namespace igrot
