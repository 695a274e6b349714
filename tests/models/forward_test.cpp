// Every number the reference wrote down on its way, by each engine.
#include <numeric>

#include "models/derive.h"
#include "models/weights.h"
#include "ops/dnnl/dnnl_ops.h"
#include "ops/plain/plain_ops.h"
#include "tests/models/small_siglip.h"

namespace igrot::test {
namespace {

struct PlainTestEngine {
  PlainOps context() const { return {}; }
};

struct DnnlTestEngine {
  DnnlEngine engine{Precision::f32, 2};
  DnnlOps context() const { return engine.context(); }
};

using Engines = testing::Types<PlainTestEngine, DnnlTestEngine>;

#include "tests/models/forward_tests.inl"

}  // namespace
}  // namespace igrot::test
