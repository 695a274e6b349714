// The same computation by the oneDNN engine and by the yardstick.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "igrot/error.h"
#include "ops/dnnl/dnnl_ops.h"
#include "ops/plain/plain_ops.h"
#include "tests/ops/random_tensor.h"

namespace igrot {

/// |a - b| / |b| over all elements.
inline double relative_distance(const Tensor& a, const Tensor& b) {
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double delta = double{a.values()[i]} - double{b.values()[i]};
    difference += delta * delta;
    size += double{b.values()[i]} * double{b.values()[i]};
  }
  return std::sqrt(difference / std::max(size, 1e-30));
}

/// Tests run by precision; bf16 is skipped where the processor has no way to
/// multiply it.
class EngineComparison : public testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    try {
      engine.emplace(GetParam(), 2);
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  /// Summation in another order changes the last bits of float32. A bfloat16
  /// has 8 bits: an operand's rounding is off by 0.0016 on average, and a
  /// result here depends on a few of them.
  double tolerance() const {
    return GetParam() == Precision::bf16 ? 8e-3 : 3e-6;
  }

  /// compute(ops) on both engines ends in the same numbers.
  template <class Compute>
  void expect_same(Compute&& compute) const {
    const PlainOps plain;
    const auto ops = engine->context();
    const auto expected = plain.download(compute(plain));
    const auto found = ops.download(compute(ops));
    ASSERT_EQ(found.shape(), expected.shape());
    EXPECT_LE(relative_distance(found, expected), tolerance());
  }

  std::optional<DnnlEngine> engine;
};

inline std::string precision_name(
    const testing::TestParamInfo<Precision>& info) {
  return std::string(name_of(precisions, info.param));
}

}  // namespace igrot
