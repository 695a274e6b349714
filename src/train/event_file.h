// TensorBoard's event files: records as TensorFlow frames them, each holding
// one Event of its protocol buffers, written by hand.
// Source: tensorflow/core/lib/io/record_writer.cc, core/util/event.proto and
// core/framework/summary.proto.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace igrot {

/// CRC-32C (Castagnoli), as of RFC 3720.
std::uint32_t crc32c(Bytes bytes);

/// One event file that a run appends to. A run that goes on begins another,
/// whose first record makes TensorBoard drop what earlier files of the folder
/// hold of later steps. One object is for one thread.
class EventFile {
 public:
  /// Makes FOLDER/events.out.tfevents.SECONDS.HOST.igrot, SECONDS being now,
  /// or later where that is needed to sort behind every event file there.
  /// steps_done: what is kept of earlier files. Throws Error: io.
  EventFile(const std::filesystem::path& folder, std::size_t steps_done);

  /// Named numbers at a step, as one record that is in the file when this
  /// returns. Throws Error: io.
  void scalars(std::size_t step,
               std::span<const std::pair<std::string, float>> values);

  const std::filesystem::path& path() const { return path_; }

 private:
  void write(const std::string& event);

  std::filesystem::path path_;
  std::ofstream out_;
};

}  // namespace igrot
