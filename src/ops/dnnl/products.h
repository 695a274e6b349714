// Matrix products with packed weights. The only part of the program that
// speaks to oneDNN; compiles against its versions 2 and 3.
#pragma once

#include <memory>
#include <optional>

#include "igrot/tensor.h"
#include "ops/dnnl/arena.h"
#include "ops/dnnl/rows.h"
#include "ops/ops.h"

namespace igrot {

/// Weights [outputs, inputs] and bias as the product wants them. Never changed.
struct PackedWeights;

/// What happens to a product before it is stored.
struct Epilogue {
  Activation activation = Activation::none;
  bool accumulate = false;  ///< add to what stands in the output
};

/// Safe from many threads.
class Products {
 public:
  /// Throws Error: unsupported where oneDNN has no products of that number.
  Products(Number number, std::size_t threads);
  ~Products();

  /// Whether this processor multiplies bf16 faster than f32.
  static bool has_fast_bf16();

  std::shared_ptr<const PackedWeights> pack(const Tensor& weight,
                                            const Tensor* bias) const;
  std::shared_ptr<const PackedWeights> select_outputs(
      const PackedWeights& weights, std::size_t first, std::size_t count) const;

  /// out = epilogue(x W^T + b). x has the products' number, out any; the rows
  /// of both may be strided. Scratch comes from `arena`.
  void multiply(const Rows& x, const PackedWeights& weights, const Rows& out,
                Epilogue epilogue, Arena& arena) const;

  static std::size_t inputs(const PackedWeights& weights);
  static std::size_t outputs(const PackedWeights& weights);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace igrot
