// `igrot model convert`: a model into another container and layout.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "choices.h"
#include "model_store.h"
#include "models/convert.h"
#include "models/onnx_export.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string in;
  std::string out;
  std::string dtype = "f32";
  std::string layout = "reference";
};

struct DTypeName {
  std::string_view name;
  DType dtype;
};

constexpr std::array dtype_names{DTypeName{"f32", DType::f32},
                                 DTypeName{"f16", DType::f16},
                                 DTypeName{"bf16", DType::bf16}};

int write_onnx(const Options& options, Session& session) {
  if (options.dtype != "f32")
    fail(ErrorKind::usage, "ONNX graphs are written in f32, not in {}",
         options.dtype);
  std::optional<std::string> activation;
  if (auto name = session.settings.text("activation"); !name.empty())
    activation = std::move(name);
  const auto files = export_onnx(resolve_model(session, options.in),
                                 options.out, activation, session.runtime());
  auto written = Json::array();
  for (const auto& file : files) written.push_back(file.string());
  if (session.json) print_json({{"written", written}});
  return session.exit_code();
}

int run(const Options& options, Session& session) {
  const auto row =
      std::ranges::find(dtype_names, options.dtype, &DTypeName::name);
  if (row == dtype_names.end())
    fail(ErrorKind::usage, "--dtype is '{}', expected f32, f16 or bf16",
         options.dtype);
  ConvertOptions convert{.dtype = row->dtype,

                         .activation = {},
                         .runtime = session.runtime()};
  if (options.layout == "onnx") return write_onnx(options, session);
  if (options.layout != "reference")
    convert.layout = choose(folder_layouts, options.layout, "--layout");
  if (auto name = session.settings.text("activation"); !name.empty())
    convert.activation = std::move(name);
  convert_model(resolve_model(session, options.in), options.out, convert);
  if (session.json) print_json({{"written", options.out}});
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("IN", options->in,
                  "a checkpoint, a model folder, or a known name")
      ->required()
      ->type_name("IN");
  command
      .add_option("OUT", options->out,
                  "what to write: .safetensors, .pth for torch.load, or the "
                  "folder of --layout")
      ->required()
      ->type_name("OUT");
  command.add_option("--dtype", options->dtype, "type of the numbers [f32]")
      ->type_name("f32|f16|bf16");
  command
      .add_option("--layout", options->layout,
                  "whose names the tensors get: the reference's, in one file, "
                  "or those of a library, in a folder with its "
                  "configuration; or graphs of ONNX in a folder [reference]")
      ->type_name("reference|huggingface|open_clip|onnx");
  session.settings.offer(command, {"activation"});
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb model_convert_verb{
    "model convert", everybody_section,
    "writes a model as safetensors or for torch.load",
    R"(  igrot model convert ViT-B-32.pt clip.safetensors
  igrot model convert union.pth half.safetensors --dtype f16
  igrot model convert clip.safetensors hf-folder --layout huggingface
  igrot model convert union.pth graphs --layout onnx)",
    declare};

}  // namespace igrot::app
