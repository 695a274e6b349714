// The program with training: `igrot train` becomes this one.
#include <malloc.h>

#include "outside.h"
#include "program.h"
#include "train/training.h"

namespace {

// Every step takes and frees the same large buffers. Kept, they cost the system
// no new pages: a tenth of a step on ViT-B/32.
void keep_freed_memory() {
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, -1);
  ::mallopt(M_TOP_PAD, 64 * 1024 * 1024);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  auto world = igrot::app::outside_world(arguments);
  world.trainer = igrot::train;
  return igrot::app::run_program(arguments, std::move(world));
}
