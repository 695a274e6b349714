// Vectors of `lanes` numbers: part of every set of kernels, included inside its
// namespace once it has said how long its vectors are.

using Vec = float __attribute__((vector_size(lanes * 4)));
using Bits = std::uint32_t __attribute__((vector_size(lanes * 4)));
using Halves = std::uint16_t __attribute__((vector_size(lanes * 2)));
using Bfloat = std::uint16_t;

[[gnu::always_inline]] inline Vec broadcast(float value) {
  return value - Vec{};
}

[[gnu::always_inline]] inline Vec widen(Halves halves) {
  return Vec(__builtin_convertvector(halves, Bits) << 16);
}

/// Round to nearest even; NaN stays NaN.
[[gnu::always_inline]] inline Halves narrow(Vec value) {
  const Bits bits = Bits(value);
  const Bits rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const Bits quiet = (bits >> 16) | 0x40;
  return __builtin_convertvector(value == value ? rounded : quiet, Halves);
}

[[gnu::always_inline]] inline Vec load(const float* from) {
  Vec value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

[[gnu::always_inline]] inline Vec load(const Bfloat* from) {
  Halves halves;
  __builtin_memcpy(&halves, from, sizeof halves);
  return widen(halves);
}

/// The first `count` lanes from memory, zeros behind.
template <class T>
[[gnu::always_inline]] inline Vec load(const T* from, std::size_t count) {
  if (count == lanes) return load(from);
  T part[lanes] = {};
  for (std::size_t i = 0; i < count; ++i) part[i] = from[i];
  return load(part);
}

[[gnu::always_inline]] inline void store(float* to, Vec value) {
  __builtin_memcpy(to, &value, sizeof value);
}

[[gnu::always_inline]] inline void store(Bfloat* to, Vec value) {
  const Halves halves = narrow(value);
  __builtin_memcpy(to, &halves, sizeof halves);
}

template <class T>
[[gnu::always_inline]] inline void store(T* to, Vec value, std::size_t count) {
  if (count == lanes) return store(to, value);
  T part[lanes];
  store(part, value);
  for (std::size_t i = 0; i < count; ++i) to[i] = part[i];
}

[[gnu::always_inline]] inline Vec larger(Vec a, Vec b) {
  return a > b ? a : b;
}

/// Each lane with the one `step` lanes away.
template <std::size_t step, std::size_t... lane>
[[gnu::always_inline]] inline Vec exchange(Vec value,
                                           std::index_sequence<lane...>) {
  return __builtin_shufflevector(value, value,
                                 static_cast<int>(lane ^ step)...);
}

template <std::size_t step>
[[gnu::always_inline]] inline Vec exchange(Vec value) {
  return exchange<step>(value, std::make_index_sequence<lanes>());
}

template <std::size_t step = lanes / 2>
[[gnu::always_inline]] inline float sum_of(Vec value) {
  value += exchange<step>(value);
  if constexpr (step > 1) return sum_of<step / 2>(value);
  return value[0];
}

template <std::size_t step = lanes / 2>
[[gnu::always_inline]] inline float largest_of(Vec value) {
  value = larger(value, exchange<step>(value));
  if constexpr (step > 1) return largest_of<step / 2>(value);
  return value[0];
}

/// exp(x) for x <= 0; below -87, where the result would be subnormal, 0.
/// 2^n * polynomial(x - n ln 2), to 2 ulp; coefficients as Cephes' expf.
[[gnu::always_inline]] inline Vec exp_negative(Vec x) {
  constexpr float magic = 12582912.0F;  // 1.5 * 2^23: adding it rounds
  const Vec clamped = larger(x, broadcast(-87.0F));
  const Vec shifted = clamped * 1.44269504F + magic;
  const Vec n = shifted - magic;
  const Vec r = clamped - n * 0.693359375F + n * 2.12194440e-4F;
  Vec p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1.0F;
  const Vec result = Vec(Bits(p) + (Bits(shifted) << 23));
  return x < -87.0F ? Vec{} : result;
}

/// body(column, lanes) over a row, the last time perhaps with fewer lanes.
template <class Body>
[[gnu::always_inline]] inline void for_columns(std::size_t width, Body&& body) {
  std::size_t j = 0;
  for (; j + lanes <= width; j += lanes) body(j, lanes);
  if (j < width) body(j, width - j);
}
