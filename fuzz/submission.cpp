// Any file as a submission for CIRR's or CIRCO's server. The first byte says
// which it is told to be.
#include "submission.h"

#include <array>

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  constexpr std::array told{"", "cirr", "circo"};
  if (size == 0) return 0;
  const auto path = fuzz::scratch().write("file.json", data + 1, size - 1);
  const app::SubmissionOptions options{
      .benchmark = told[data[0] % told.size()], .split = {}, .root = {}};
  fuzz::expect_value_or_error([&] {
    app::Findings findings;
    const auto read = app::check_submission(path, options, findings);
    if (!read.format && findings.empty()) std::abort();
  });
  return 0;
}
