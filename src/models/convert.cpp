#include "models/convert.h"

#include "base/fail.h"
#include "base/file.h"
#include "models/derive.h"
#include "models/find_tokenizer.h"
#include "models/write_model.h"
#include "text/pieces/vocabulary_file.h"

namespace igrot {

namespace {

/// What texts need beside the weights, where it is there.
void copy_vocabulary(const ModelFiles& files, Family family,
                     const std::filesystem::path& folder) {
  if (family != Family::siglip) return;
  const auto vocabulary = find_vocabulary(files.folder);
  if (!vocabulary) return;
  AtomicFile file(folder / vocabulary->filename());
  file.write(read_file(*vocabulary, text::vocabulary_file_limit));
  file.commit();
}

}  // namespace

void convert_model(const std::filesystem::path& in,
                   const std::filesystem::path& out,
                   const ConvertOptions& options) {
  if (!options.layout) check_model_name(out);
  const auto files = open_model_files(in);
  at(in.string(), [&] {
    const TensorSource source(files.parts);
    auto config = derive_config(source, files.hints);
    set_activation(config, choose_activation(options.activation, files, source,
                                             options.runtime));
    const ModelNumbers numbers{
        .read = [&](const TensorSpec& spec) { return source.read(spec); },
        .logit_scale = read_logit_scale(source),
        .carried = carried_tensors(source, config),
        .logit_bias = read_logit_bias(source)};
    if (!options.layout) {
      write_model(out, config, numbers, options.dtype);
      return;
    }
    if (config.transagg && options.runtime.warn)
      options.runtime.warn(
          fmt::format("{}: only the towers have a place in a folder of {}",
                      in.string(), name_of(folder_layouts, *options.layout)));
    write_model_folder(out, *options.layout, config, numbers, options.dtype);
    copy_vocabulary(files, config.towers.family, out);
  });
}

}  // namespace igrot
