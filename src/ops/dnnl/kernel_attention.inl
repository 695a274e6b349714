// One head of attention; see kernels.h. Keys and values are put into the order
// of the products once, then blocks of query rows pass through: logits,
// softmax, mean of the values. A block's numbers stay in the first caches.
//
// `Arithmetic` says how the products multiply: its operands of four bytes hold
// `depth` numbers that follow each other along the summed dimension.

constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

/// Where a head's intermediate results lie in its scratch, in words of four
/// bytes; every row is a whole number of vectors.
struct AttentionLayout {
  AttentionLayout(std::size_t key_count, std::size_t width, std::size_t depth)
      : key_stride(round_up(key_count, lanes)),
        weight_stride(round_up((key_count + depth - 1) / depth, lanes)),
        value_stride(round_up(width, lanes)),
        query_stride(round_up((width + depth - 1) / depth, lanes)),
        queries(0),
        logits(queries + row_block * query_stride),
        weights(logits + row_block * key_stride),
        results(weights + row_block * weight_stride),
        keys(results + row_block * value_stride),
        values(keys + query_stride * key_stride),
        words(values + (key_count + depth - 1) / depth * value_stride) {}

  std::size_t key_stride, weight_stride, value_stride, query_stride;
  std::size_t queries;  ///< operands [row_block, width]
  std::size_t logits;   ///< floats [row_block, keys]
  std::size_t weights;  ///< operands [row_block, keys]
  std::size_t results;  ///< floats [row_block, width]
  std::size_t keys;     ///< operands [width, keys]
  std::size_t values;   ///< operands [keys, width]
  std::size_t words;
};

template <class Arithmetic>
std::size_t scratch_bytes(std::size_t keys, std::size_t head_width) {
  const AttentionLayout layout(keys, head_width, Arithmetic::depth);
  return round_up(layout.words * 4, 64);
}

/// Products of float32.
struct Floats {
  using Operand = float;
  static constexpr std::size_t depth = 1;
  static constexpr Number number = Number::f32;

  [[gnu::always_inline]] static Vec multiply_add(Vec sum, float left,
                                                 Vec right) {
    return sum + left * right;
  }

  /// One vector of operands out of a row.
  template <class T>
  [[gnu::always_inline]] static Vec take(const T* row, std::size_t count) {
    return load(row, count);
  }

  static void put_values(const Rows& rows, float* values, std::size_t stride) {
    with_type(rows, [&](const auto* from) {
      for (std::size_t j = 0; j < rows.count; ++j)
        for_columns(rows.width, [&](std::size_t k, std::size_t n) {
          store(values + j * stride + k, load(from + j * rows.stride + k, n));
        });
    });
  }

  [[gnu::always_inline]] static void put_weights(float* weights,
                                                 std::size_t first, Vec value) {
    store(weights + first, value);
  }
};

/// Exchanges blocks of `step` lanes between two rows: `low` takes the even
/// blocks of both, `high` the odd ones.
template <std::size_t step, std::size_t... lane>
[[gnu::always_inline]] inline void exchange_blocks(
    Vec& low, Vec& high, std::index_sequence<lane...>) {
  const Vec a = low;
  const Vec b = high;
  low = __builtin_shufflevector(
      a, b,
      static_cast<int>((lane & step) != 0 ? (lane & ~step) + lanes : lane)...);
  high = __builtin_shufflevector(
      a, b,
      static_cast<int>((lane & step) != 0 ? lane + lanes : lane | step)...);
}

/// Transposes a square of words.
template <std::size_t step = lanes / 2>
[[gnu::always_inline]] inline void turn(Vec (&square)[lanes]) {
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i)
    if ((i & step) == 0)
      exchange_blocks<step>(square[i], square[i + step],
                            std::make_index_sequence<lanes>());
  if constexpr (step > 1) turn<step / 2>(square);
}

/// keys [Tk, width] -> operands [width, Tk], padded with zeros.
template <class Arithmetic, class T>
void put_keys(const T* from, const Rows& rows,
              typename Arithmetic::Operand* keys, std::size_t stride) {
  constexpr auto numbers_across = lanes * Arithmetic::depth;
  for (std::size_t j = 0; j < rows.count; j += lanes)
    for (std::size_t k = 0; k < rows.width; k += numbers_across) {
      const auto rest = rows.width - k;
      const auto n = rest < numbers_across ? rest : numbers_across;
      Vec square[lanes];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < lanes; ++i)
        square[i] = j + i < rows.count
                        ? Arithmetic::take(from + (j + i) * rows.stride + k, n)
                        : Vec{};
      turn(square);
      auto* to = keys + k / Arithmetic::depth * stride + j;
#pragma GCC unroll 16
      for (std::size_t i = 0; i < lanes; ++i)
        __builtin_memcpy(to + i * stride, &square[i], sizeof square[i]);
    }
}

/// One block of a matrix product: out [rows, columns] = left [rows, depth]
/// times right [depth, columns].
template <class Operand>
struct Factors {
  const Operand* left;
  std::size_t left_stride;
  const Operand* right;
  std::size_t right_stride;
  float* out;
  std::size_t out_stride;
  std::size_t depth;
};

template <class Arithmetic, std::size_t rows, std::size_t columns>
void multiply_block(const Factors<typename Arithmetic::Operand>& p) {
  Vec sums[rows][columns] = {};
  const auto* right_row = p.right;
  for (std::size_t k = 0; k < p.depth; ++k) {
    Vec right[columns];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < columns; ++j)
      __builtin_memcpy(&right[j], right_row + j * lanes, sizeof right[j]);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i) {
      const auto left = p.left[i * p.left_stride + k];
#pragma GCC unroll 8
      for (std::size_t j = 0; j < columns; ++j)
        sums[i][j] = Arithmetic::multiply_add(sums[i][j], left, right[j]);
    }
    right_row += p.right_stride;
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < rows; ++i)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < columns; ++j)
      store(p.out + i * p.out_stride + j * lanes, sums[i][j]);
}

template <class Arithmetic, std::size_t rows, std::size_t columns>
void multiply_columns(Factors<typename Arithmetic::Operand> p,
                      std::size_t vectors) {
  for (; vectors >= columns; vectors -= columns) {
    multiply_block<Arithmetic, rows, columns>(p);
    p.right += columns * lanes;
    p.out += columns * lanes;
  }
  if constexpr (columns > 1)
    if (vectors > 0)
      multiply_columns<Arithmetic, rows, columns - 1>(p, vectors);
}

template <class Arithmetic, std::size_t most_rows = row_block>
void multiply(const Factors<typename Arithmetic::Operand>& p, std::size_t rows,
              std::size_t vectors) {
  if (rows == most_rows)
    multiply_columns<Arithmetic, most_rows, column_block>(p, vectors);
  else if constexpr (most_rows > 1)
    multiply<Arithmetic, most_rows - 1>(p, rows, vectors);
}

/// Leaves weights = exp(scale * logit - largest) for the first `visible`
/// logits, zeros behind them up to `padded`, and returns their sum. scale > 0.
template <class Arithmetic>
float exponentials(float* logits, typename Arithmetic::Operand* weights,
                   std::size_t visible, std::size_t padded, float scale) {
  const auto end = round_up(visible, lanes);
  for (auto j = visible; j < end; ++j) logits[j] = -__builtin_inff();
  Vec top = load(logits);
  for (std::size_t j = lanes; j < end; j += lanes)
    top = larger(top, load(logits + j));
  const float largest = largest_of(top) * scale;
  Vec sum{};
  for (std::size_t j = 0; j < end; j += lanes) {
    const Vec value = exp_negative(load(logits + j) * scale - largest);
    Arithmetic::put_weights(weights, j, value);
    sum += value;
  }
  for (auto j = end; j < padded; j += lanes)
    Arithmetic::put_weights(weights, j, Vec{});
  return sum_of(sum);
}

/// Scaled logits of one row plus its biases.
void add_biases(float* logits, const AttentionHead& head, std::size_t row,
                std::size_t visible) {
  const float* of_row =
      head.head_bias ? head.head_bias + row * head.k.count : nullptr;
  for_columns(visible, [&](std::size_t j, std::size_t n) {
    Vec value = load(logits + j, n) * head.scale;
    if (head.key_bias) value += load(head.key_bias + j, n);
    if (of_row) value += load(of_row + j, n);
    store(logits + j, value, n);
  });
}

/// Query rows [first, first + count) of one head.
template <class Arithmetic>
void attend(const AttentionHead& head, const AttentionLayout& at,
            std::byte* scratch, std::size_t first, std::size_t count) {
  using Operand = typename Arithmetic::Operand;
  constexpr auto depth = Arithmetic::depth;
  const auto width = head.q.width;
  const auto keys = head.causal ? first + count : head.k.count;
  auto* const words = numbers<Operand>(scratch);
  auto* const floats = numbers<float>(scratch);

  // An odd last number shares its operand with a zero.
  auto* queries = words + at.queries;
  if (width % depth != 0)
    for (std::size_t i = 0; i < count; ++i)
      queries[i * at.query_stride + width / depth] = 0;
  copy(head.q.slice(first, first + count),
       {reinterpret_cast<std::byte*>(queries), Arithmetic::number, count, width,
        at.query_stride * depth});
  multiply<Arithmetic>(
      {queries, at.query_stride, words + at.keys, at.key_stride,
       floats + at.logits, at.key_stride, (width + depth - 1) / depth},
      count, round_up(keys, lanes) / lanes);

  const bool biased = head.key_bias || head.head_bias || !(head.scale > 0);
  float factors[row_block];
  for (std::size_t i = 0; i < count; ++i) {
    auto* logits = floats + at.logits + i * at.key_stride;
    const auto visible = head.causal ? first + i + 1 : keys;
    if (biased) add_biases(logits, head, first + i, visible);
    factors[i] =
        1 / exponentials<Arithmetic>(
                logits, words + at.weights + i * at.weight_stride, visible,
                round_up(keys, lanes), biased ? 1 : head.scale);
  }

  multiply<Arithmetic>(
      {words + at.weights, at.weight_stride, words + at.values, at.value_stride,
       floats + at.results, at.value_stride, (keys + depth - 1) / depth},
      count, at.value_stride / lanes);
  with_type(head.out, [&](auto* out) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto* result = floats + at.results + i * at.value_stride;
      auto* to = out + (first + i) * head.out.stride;
      for_columns(width, [&](std::size_t k, std::size_t n) {
        store(to + k, load(result + k) * factors[i], n);
      });
    }
  });
}

template <class Arithmetic>
void attention(const AttentionHead& head, std::byte* scratch) {
  using Operand = typename Arithmetic::Operand;
  const AttentionLayout at(head.k.count, head.k.width, Arithmetic::depth);
  auto* const words = numbers<Operand>(scratch);
  with_type(head.k, [&](const auto* from) {
    put_keys<Arithmetic>(from, head.k, words + at.keys, at.key_stride);
  });
  Arithmetic::put_values(head.v, words + at.values, at.value_stride);
  for (std::size_t i = 0; i < head.q.count; i += row_block) {
    const auto rest = head.q.count - i;
    attend<Arithmetic>(head, at, scratch, i,
                       rest < row_block ? rest : row_block);
  }
}

constexpr Kernels kernel_set(const char* name) {
  return {name,
          copy,
          layer_norm,
          rms_norm,
          normalize,
          add,
          affine,
          quick_gelu,
          quick_gelu_gradient,
          accumulate,
          scratch_bytes<Floats>,
          attention<Floats>};
}
