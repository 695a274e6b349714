#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/dnnl/kernels.h"
#include "ops/plain/plain_ops.h"
#include "tensor/dtype.h"
#include "tests/ops/engine_comparison.h"

namespace igrot {
namespace {

/// Every set this processor can run; an engine uses only the first.
class KernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels = *GetParam();
};

std::string set_name(const testing::TestParamInfo<const Kernels*>& info) {
  return info.param->name;
}

INSTANTIATE_TEST_SUITE_P(Sets, KernelsTest,
                         testing::ValuesIn(supported_kernels()), set_name);

Rows rows_of(Tensor& x) {
  const auto view = x.matrix();
  return {reinterpret_cast<std::byte*>(x.data()), Number::f32, view.rows,
          view.columns, view.columns};
}

Rows rows_of(std::vector<std::uint16_t>& x) {
  return {reinterpret_cast<std::byte*>(x.data()), Number::bf16, 1, x.size(),
          x.size()};
}

TEST_P(KernelsTest, RoundsToBfloatAsTheTensorRoom) {
  Tensor values = random_tensor({1, 101}, 1);
  const float special[] = {0.0F,
                           -0.0F,
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity(),
                           std::numeric_limits<float>::denorm_min(),
                           std::numeric_limits<float>::max(),
                           1.00390625F,   // halfway, to even below
                           1.01171875F};  // halfway, to even above
  std::ranges::copy(special, values.data());
  std::vector<std::uint16_t> rounded(values.size());
  kernels.copy(rows_of(values), rows_of(rounded));
  Tensor back({1, 101});
  kernels.copy(rows_of(rounded), rows_of(back));
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(rounded[i], bfloat_from_float(values.values()[i])) << i;
    EXPECT_EQ(back.values()[i], float_from_bfloat(rounded[i])) << i;
  }
}

TEST_P(KernelsTest, QuickGeluAndItsDerivativeAgreeWithTheirFormulas) {
  std::vector<float> points{0, -0.5F, 0.5F, 3, -3, 20, -20, 90, -90};
  for (float x = -9; x < 9; x += 0.37F) points.push_back(x);
  Tensor in({1, points.size()}, points);
  Tensor gradient({1, points.size()});
  for (auto& value : gradient.values()) value = 2;
  Tensor value(in.shape());
  Tensor slope(in.shape());
  kernels.quick_gelu(rows_of(in), rows_of(value));
  kernels.quick_gelu_gradient(rows_of(gradient), rows_of(in), rows_of(slope));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = double{points[i]};
    const double s = 1 / (1 + std::exp(-1.702 * x));
    EXPECT_NEAR(value.values()[i], x * s, 1e-6 * (1 + std::abs(x))) << x;
    EXPECT_NEAR(slope.values()[i], 2 * (s + 1.702 * x * s * (1 - s)), 1e-5)
        << x;
  }
}

TEST_P(KernelsTest, NanStaysNan) {
  Tensor values({1, 17});
  for (auto& value : values.values()) {
    const std::uint32_t bits = 0x7fffffff;
    std::memcpy(&value, &bits, sizeof value);
  }
  std::vector<std::uint16_t> rounded(17);
  kernels.copy(rows_of(values), rows_of(rounded));
  for (const auto bits : rounded)
    EXPECT_TRUE(std::isnan(float_from_bfloat(bits)));
}

TEST_P(KernelsTest, NormsMatchTheYardstick) {
  const PlainOps plain;
  for (const std::size_t width : {1, 3, 4, 7, 16, 31, 33, 100}) {
    Tensor x = random_tensor({5, width}, 1);
    Tensor scale = random_tensor({width}, 2);
    Tensor shift = random_tensor({width}, 3);
    Tensor out({5, width});
    const auto up = [&](const Tensor& host) { return plain.upload(host); };
    kernels.layer_norm(rows_of(x), rows_of(out), scale.data(), shift.data(),
                       1e-5F);
    EXPECT_LE(
        relative_distance(
            out, plain.layer_norm(up(x), up(scale), up(shift), 1e-5F).host()),
        3e-6);
    kernels.rms_norm(rows_of(x), rows_of(out), scale.data(), 1e-5F);
    EXPECT_LE(
        relative_distance(out, plain.rms_norm(up(x), up(scale), 1e-5F).host()),
        3e-6);
    kernels.normalize(rows_of(x), rows_of(out));
    EXPECT_LE(relative_distance(out, plain.normalize(up(x)).host()), 3e-6);
  }
}

/// x rounded to bfloat16, as rows and as the floats they stand for.
struct Rounded {
  explicit Rounded(Tensor x) : floats(std::move(x)), bits(floats.size()) {
    for (std::size_t i = 0; i < bits.size(); ++i) {
      bits[i] = bfloat_from_float(floats.values()[i]);
      floats.values()[i] = float_from_bfloat(bits[i]);
    }
  }
  Rows rows() {
    auto rows = rows_of(floats);
    rows.data = reinterpret_cast<std::byte*>(bits.data());
    rows.number = Number::bf16;
    return rows;
  }
  Tensor floats;
  std::vector<std::uint16_t> bits;
};

constexpr std::size_t key_counts[] = {1, 4, 5, 17, 32, 50, 63, 130};
constexpr std::size_t head_widths[] = {1, 4, 5, 16, 24, 33, 64, 80};

Tensor right_attention(const Tensor& q, const Tensor& k, const Tensor& v) {
  const PlainOps plain;
  return plain
      .attention(plain.upload(q), plain.upload(k), plain.upload(v),
                 {.scale = 0.4F})
      .host();
}

TEST_P(KernelsTest, AttentionMatchesTheYardstickAtEverySize) {
  for (std::size_t queries = 1; queries <= 20; ++queries)
    for (const auto keys : key_counts)
      for (const auto width : head_widths) {
        Tensor q = random_tensor({1, queries, width}, 1);
        Tensor k = random_tensor({1, keys, width}, 2);
        Tensor v = random_tensor({1, keys, width}, 3);
        Tensor out({1, queries, width});
        AttentionHead head{rows_of(q), rows_of(k), rows_of(v), rows_of(out)};
        head.scale = 0.4F;
        Tensor scratch({kernels.attention_bytes(keys, width) / sizeof(float)});
        kernels.attention(head, reinterpret_cast<std::byte*>(scratch.data()));
        ASSERT_LE(relative_distance(out, right_attention(q, k, v)), 3e-6)
            << queries << " x " << keys << " x " << width;
      }
}

TEST_P(KernelsTest, AttentionOfBfloatRowsRoundsOnlyItsWeights) {
  for (const std::size_t queries : {1, 2, 6, 13})
    for (const auto keys : key_counts)
      for (const auto width : head_widths) {
        Rounded q(random_tensor({1, queries, width}, 1));
        Rounded k(random_tensor({1, keys, width}, 2));
        Rounded v(random_tensor({1, keys, width}, 3));
        Tensor out({1, queries, width});
        AttentionHead head{q.rows(), k.rows(), v.rows(), rows_of(out)};
        head.scale = 0.4F;
        // What stood in the scratch before must not matter.
        Tensor scratch({kernels.attention_bytes(keys, width) / sizeof(float)});
        std::ranges::fill(scratch.values(),
                          std::numeric_limits<float>::quiet_NaN());
        kernels.attention(head, reinterpret_cast<std::byte*>(scratch.data()));
        const auto right = right_attention(q.floats, k.floats, v.floats);
        // A weight is off by 2^-8 of itself at most.
        for (auto& value : v.floats.values()) value = std::abs(value);
        const auto sizes = right_attention(q.floats, k.floats, v.floats);
        for (std::size_t i = 0; i < out.size(); ++i)
          ASSERT_NEAR(out.values()[i], right.values()[i],
                      sizes.values()[i] / 256 + 1e-6)
              << queries << " x " << keys << " x " << width;
      }
}

}  // namespace
}  // namespace igrot
