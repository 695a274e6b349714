// One head of attention; see kernels.h. The keys are turned and the values
// widened into scratch once, then blocks of query rows pass through: logits,
// softmax, mean of the values. A block's numbers stay in the first caches.

constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

/// Scratch of one head, every row a whole number of vectors.
struct AttentionScratch {
  AttentionScratch(std::size_t keys, std::size_t head_width, std::byte* memory)
      : key_stride(round_up(keys, lanes)),
        value_stride(round_up(head_width, lanes)),
        query(numbers<float>(memory)),
        result(query + row_block * value_stride),
        logits(result + row_block * value_stride),
        turned_keys(logits + row_block * key_stride),
        values(turned_keys + value_stride * key_stride) {}

  std::size_t key_stride;
  std::size_t value_stride;
  float* query;        ///< [row_block, value_stride], times the scale
  float* result;       ///< [row_block, value_stride]
  float* logits;       ///< [row_block, key_stride]
  float* turned_keys;  ///< [value_stride, key_stride]
  float* values;       ///< [keys, value_stride]
};

std::size_t attention_bytes(std::size_t keys, std::size_t head_width) {
  const auto key_stride = round_up(keys, lanes);
  const auto value_stride = round_up(head_width, lanes);
  const auto floats = 2 * row_block * value_stride + row_block * key_stride +
                      value_stride * (key_stride + keys);
  return round_up(floats * sizeof(float), 64);
}

/// Which lanes of (a, b) make the low or high half of exchanging blocks of
/// `step` lanes between them.
template <std::size_t step, bool high>
Ints exchange_mask() {
  Ints mask{};
  for (std::size_t i = 0; i < lanes; ++i) {
    const bool from_b = (i & step) != 0;
    const std::size_t lane = high ? (i | step) : (i & ~step);
    mask[i] = static_cast<std::int32_t>(from_b ? lane + lanes : lane);
  }
  return mask;
}

template <std::size_t step>
[[gnu::always_inline]] inline void turn_blocks(Vec (&square)[lanes]) {
  if constexpr (step > 0) {
    const Ints low = exchange_mask<step, false>();
    const Ints high = exchange_mask<step, true>();
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) {
      if ((i & step) != 0) continue;
      const Vec a = square[i];
      const Vec b = square[i + step];
      square[i] = __builtin_shuffle(a, b, low);
      square[i + step] = __builtin_shuffle(a, b, high);
    }
    turn_blocks<step / 2>(square);
  }
}

/// keys [Tk, head width] -> turned [head width, Tk], both padded with zeros.
template <class T>
void turn_keys(const T* keys, const Rows& rows, float* turned,
               std::size_t turned_stride) {
  for (std::size_t j = 0; j < rows.count; j += lanes)
    for_columns(rows.width, [&](std::size_t k, std::size_t n) {
      Vec square[lanes] = {};
      const auto present = rows.count - j < lanes ? rows.count - j : lanes;
      for (std::size_t i = 0; i < present; ++i)
        square[i] = load(keys + (j + i) * rows.stride + k, n);
      turn_blocks<lanes / 2>(square);
      for (std::size_t i = 0; i < lanes; ++i)
        store(turned + (k + i) * turned_stride + j, square[i]);
    });
}

/// A matrix product of one block: out [rows, columns vectors] = left [rows,
/// depth] times right [depth, columns vectors].
struct Product {
  const float* left;
  std::size_t left_stride;
  const float* right;
  std::size_t right_stride;
  float* out;
  std::size_t out_stride;
  std::size_t depth;
};

template <std::size_t rows, std::size_t columns>
void multiply_block(const Product& p) {
  Vec sums[rows][columns] = {};
  const float* right_row = p.right;
  for (std::size_t k = 0; k < p.depth; ++k) {
    Vec right[columns];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < columns; ++j)
      right[j] = load(right_row + j * lanes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i) {
      const float left = p.left[i * p.left_stride + k];
#pragma GCC unroll 8
      for (std::size_t j = 0; j < columns; ++j) sums[i][j] += left * right[j];
    }
    right_row += p.right_stride;
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < rows; ++i)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < columns; ++j)
      store(p.out + i * p.out_stride + j * lanes, sums[i][j]);
}

template <std::size_t rows, std::size_t columns>
void multiply_columns(Product p, std::size_t vectors) {
  for (; vectors >= columns; vectors -= columns) {
    multiply_block<rows, columns>(p);
    p.right += columns * lanes;
    p.out += columns * lanes;
  }
  if constexpr (columns > 1)
    if (vectors > 0) multiply_columns<rows, columns - 1>(p, vectors);
}

template <std::size_t most_rows = row_block>
void multiply(const Product& p, std::size_t rows, std::size_t vectors) {
  if (rows == most_rows)
    multiply_columns<most_rows, column_block>(p, vectors);
  else if constexpr (most_rows > 1)
    multiply<most_rows - 1>(p, rows, vectors);
}

/// Leaves exp(logit - largest) in place of the first `visible` logits, zeros
/// behind them up to a whole number of vectors, and returns the sum.
float exponentials(float* logits, std::size_t visible) {
  const auto padded = round_up(visible, lanes);
  for (std::size_t j = visible; j < padded; ++j) logits[j] = -__builtin_inff();
  Vec top = load(logits);
  for (std::size_t j = lanes; j < padded; j += lanes)
    top = larger(top, load(logits + j));
  const float largest = largest_of(top);
  Vec sum{};
  for (std::size_t j = 0; j < padded; j += lanes) {
    const Vec value = exp_negative(load(logits + j) - largest);
    store(logits + j, value);
    sum += value;
  }
  return sum_of(sum);
}

void add_bias(float* logits, const float* bias, std::size_t count) {
  for_columns(count, [&](std::size_t j, std::size_t n) {
    store(logits + j, load(logits + j, n) + load(bias + j, n), n);
  });
}

/// Query rows [first, first + count) of one head.
void attend(const AttentionHead& head, const AttentionScratch& scratch,
            std::size_t first, std::size_t count) {
  const auto width = head.q.width;
  const auto keys = head.causal ? first + count : head.k.count;
  const Rows queries{reinterpret_cast<std::byte*>(scratch.query), Number::f32,
                     count, width, scratch.value_stride};
  affine(head.q.slice(first, first + count), queries, head.scale, 0);
  multiply({scratch.query, scratch.value_stride, scratch.turned_keys,
            scratch.key_stride, scratch.logits, scratch.key_stride, width},
           count, round_up(keys, lanes) / lanes);

  float factors[row_block];
  for (std::size_t i = 0; i < count; ++i) {
    float* logits = scratch.logits + i * scratch.key_stride;
    const auto visible = head.causal ? first + i + 1 : keys;
    if (head.key_bias) add_bias(logits, head.key_bias, visible);
    if (head.head_bias)
      add_bias(logits, head.head_bias + (first + i) * head.k.count, visible);
    factors[i] = 1 / exponentials(logits, visible);
    for (auto j = round_up(visible, lanes); j < keys; ++j) logits[j] = 0;
  }

  multiply({scratch.logits, scratch.key_stride, scratch.values,
            scratch.value_stride, scratch.result, scratch.value_stride, keys},
           count, scratch.value_stride / lanes);
  for (std::size_t i = 0; i < count; ++i)
    affine({reinterpret_cast<std::byte*>(scratch.result +
                                         i * scratch.value_stride),
            Number::f32, 1, width, width},
           head.out.slice(first + i, first + i + 1), factors[i], 0);
}

void attention(const AttentionHead& head, std::byte* memory) {
  const AttentionScratch scratch(head.k.count, head.k.width, memory);
  with_type(head.k, [&](const auto* keys) {
    turn_keys(keys, head.k, scratch.turned_keys, scratch.key_stride);
  });
  for (std::size_t j = 0; j < head.v.count; ++j)
    for (std::size_t k = head.v.width; k < scratch.value_stride; ++k)
      scratch.values[j * scratch.value_stride + k] = 0;
  copy(head.v, {reinterpret_cast<std::byte*>(scratch.values), Number::f32,
                head.v.count, head.v.width, scratch.value_stride});
  for (std::size_t i = 0; i < head.q.count; i += row_block) {
    const auto rest = head.q.count - i;
    attend(head, scratch, i, rest < row_block ? rest : row_block);
  }
}

constexpr Kernels kernel_set(const char* name) {
  return {name, copy,   layer_norm, rms_norm,        normalize,
          add,  affine, accumulate, attention_bytes, attention};
}
