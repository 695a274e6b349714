// The program without training.
#include <malloc.h>

#include "outside.h"
#include "program.h"

namespace {

// Buffers of pictures go back to the system when they are freed, so that
// memory does not grow with the number of pictures.
void keep_memory_flat() {
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  ::mallopt(M_ARENA_MAX, 4);
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_flat();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return igrot::app::run_program(arguments,
                                 igrot::app::outside_world(arguments));
}
