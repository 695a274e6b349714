// The program with training: `igrot train` becomes this one. Memory is left to
// malloc's own rules, which suit the buffers of training.
#include "outside.h"
#include "program.h"
#include "train/training.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  auto world = igrot::app::outside_world(arguments);
  world.trainer = igrot::train;
  return igrot::app::run_program(arguments, std::move(world));
}
