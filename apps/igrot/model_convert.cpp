// `igrot model convert`: a model into another container and layout.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "models/convert.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string in;
  std::string out;
  std::string dtype = "f32";
};

struct DTypeName {
  std::string_view name;
  DType dtype;
};

constexpr std::array dtype_names{DTypeName{"f32", DType::f32},
                                 DTypeName{"f16", DType::f16},
                                 DTypeName{"bf16", DType::bf16}};

int run(const Options& options, Session& session) {
  const auto row =
      std::ranges::find(dtype_names, options.dtype, &DTypeName::name);
  if (row == dtype_names.end())
    fail(ErrorKind::usage, "--dtype is '{}', expected f32, f16 or bf16",
         options.dtype);
  ConvertOptions convert{
      .dtype = row->dtype, .activation = {}, .runtime = session.runtime()};
  if (auto name = session.settings.text("activation"); !name.empty())
    convert.activation = std::move(name);
  convert_model(options.in, options.out, convert);
  if (session.json) print_json({{"written", options.out}});
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("IN", options->in, "a checkpoint or a model folder")
      ->required()
      ->type_name("IN");
  command
      .add_option("OUT", options->out,
                  "what to write: .safetensors, or .pth for torch.load")
      ->required()
      ->type_name("OUT");
  command.add_option("--dtype", options->dtype, "type of the numbers [f32]")
      ->type_name("f32|f16|bf16");
  session.settings.offer(command, {"activation"});
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb model_convert_verb{
    "model convert", everybody_section,
    "writes a model as safetensors or for torch.load",
    R"(  igrot model convert ViT-B-32.pt clip.safetensors
  igrot model convert union.pth half.safetensors --dtype f16)",
    declare};

}  // namespace igrot::app
