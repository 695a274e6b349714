#include "models/convert.h"

#include "base/fail.h"
#include "models/derive.h"
#include "models/write_model.h"

namespace igrot {

void convert_model(const std::filesystem::path& in,
                   const std::filesystem::path& out,
                   const ConvertOptions& options) {
  check_model_name(out);
  const auto files = open_model_files(in);
  at(in.string(), [&] {
    const TensorSource source(files.parts);
    auto config = derive_config(source, files.hints);
    set_activation(config, choose_activation(options.activation, files, source,
                                             options.runtime));
    write_model(
        out, config,
        {.read = [&](const TensorSpec& spec) { return source.read(spec); },
         .logit_scale = read_logit_scale(source),
         .carried = carried_tensors(source, config)},
        options.dtype);
  });
}

}  // namespace igrot
