// Kernels that treat each row by itself; see kernels.h.

template <class T>
T* numbers(std::byte* data) {
  return reinterpret_cast<T*>(data);
}

/// body(first number of the rows) with the rows' type.
template <class Body>
void with_type(const Rows& rows, Body&& body) {
  if (rows.number == Number::f32)
    body(numbers<float>(rows.data));
  else
    body(numbers<Bfloat>(rows.data));
}

/// map(in row, out row) for each row, both with their types.
template <class Map>
void map_rows(const Rows& in, const Rows& out, Map&& map) {
  with_type(in, [&](auto* from) {
    with_type(out, [&](auto* to) {
      for (std::size_t i = 0; i < in.count; ++i)
        map(from + i * in.stride, to + i * out.stride);
    });
  });
}

void copy(const Rows& in, const Rows& out) {
  map_rows(in, out, [&](const auto* from, auto* to) {
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      store(to + j, load(from + j, n), n);
    });
  });
}

void layer_norm(const Rows& in, const Rows& out, const float* scale,
                const float* shift, float eps) {
  const auto width = static_cast<float>(in.width);
  map_rows(in, out, [&](const auto* from, auto* to) {
    Vec total{};
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      total += load(from + j, n);
    });
    const float mean = sum_of(total) / width;
    Vec squares{};
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      Vec centred = load(from + j, n) - mean;
      if (n < lanes)
        for (std::size_t i = n; i < lanes; ++i) centred[i] = 0;
      squares += centred * centred;
    });
    const float variance = sum_of(squares) / width;
    const float factor = 1 / __builtin_sqrtf(variance + eps);
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      const Vec unit = (load(from + j, n) - mean) * factor;
      store(to + j, unit * load(scale + j, n) + load(shift + j, n), n);
    });
  });
}

template <class T>
float square_sum(const T* row, std::size_t width) {
  Vec squares{};
  for_columns(width, [&](std::size_t j, std::size_t n) {
    const Vec value = load(row + j, n);
    squares += value * value;
  });
  return sum_of(squares);
}

void rms_norm(const Rows& in, const Rows& out, const float* scale, float eps) {
  const auto width = static_cast<float>(in.width);
  map_rows(in, out, [&](const auto* from, auto* to) {
    const float mean = square_sum(from, in.width) / width;
    const float factor = 1 / __builtin_sqrtf(mean + eps);
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      store(to + j, load(from + j, n) * factor * load(scale + j, n), n);
    });
  });
}

void normalize(const Rows& in, const Rows& out) {
  map_rows(in, out, [&](const auto* from, auto* to) {
    const float norm = __builtin_sqrtf(square_sum(from, in.width));
    const float factor = 1 / (norm > 1e-12F ? norm : 1e-12F);
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      store(to + j, load(from + j, n) * factor, n);
    });
  });
}

void add(const Rows& x, const Rows& y, const Rows& out) {
  with_type(y, [&](const auto* addend) {
    map_rows(x, out, [&](const auto* from, auto* to) {
      for_columns(x.width, [&](std::size_t j, std::size_t n) {
        store(to + j, load(from + j, n) + load(addend + j, n), n);
      });
      addend += y.stride;
    });
  });
}

void affine(const Rows& in, const Rows& out, float scale, float shift) {
  map_rows(in, out, [&](const auto* from, auto* to) {
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      store(to + j, load(from + j, n) * scale + shift, n);
    });
  });
}

/// 1 / (1 + exp(-x)) from the exponential of a number that is not positive.
[[gnu::always_inline]] inline Vec sigmoid(Vec x) {
  const Vec e = exp_negative(x < 0.0F ? x : -x);
  return (x < 0.0F ? e : broadcast(1.0F)) / (e + 1.0F);
}

constexpr float gelu_slope = 1.702F;

void quick_gelu(const Rows& in, const Rows& out) {
  map_rows(in, out, [&](const auto* from, auto* to) {
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      const Vec x = load(from + j, n);
      store(to + j, x * sigmoid(x * gelu_slope), n);
    });
  });
}

void quick_gelu_gradient(const Rows& gradient, const Rows& in,
                         const Rows& out) {
  with_type(gradient, [&](const auto* slope) {
    map_rows(in, out, [&](const auto* from, auto* to) {
      for_columns(in.width, [&](std::size_t j, std::size_t n) {
        const Vec x = load(from + j, n);
        const Vec s = sigmoid(x * gelu_slope);
        const Vec derivative = s + x * gelu_slope * s * (1.0F - s);
        store(to + j, load(slope + j, n) * derivative, n);
      });
      slope += gradient.stride;
    });
  });
}

void accumulate(const Rows& in, const float* factors, std::size_t stride,
                const Rows& out) {
  map_rows(in, out, [&](const auto* from, auto* to) {
    const float factor = *factors;
    for_columns(in.width, [&](std::size_t j, std::size_t n) {
      store(to + j, load(to + j, n) + load(from + j, n) * factor, n);
    });
    factors += stride;
  });
}
