// How much a foreign file may ask for before it is refused. Every loop over
// foreign counts is bounded by one of these or by the size of the file; real
// checkpoints stay a hundred times below them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace igrot::limits {

/// Header of a safetensors file, as the format's own library has it.
inline constexpr std::uint64_t safetensors_header_bytes = 100'000'000;

/// Header of an npy file; numpy itself stops at 10,000 characters.
inline constexpr std::uint64_t npy_header_bytes = 65'536;

/// Records of one zip archive.
inline constexpr std::uint64_t zip_records = 1U << 18;

/// Opcodes of one pickle, and values it may make.
inline constexpr std::size_t pickle_opcodes = 1U << 22;
inline constexpr std::size_t pickle_values = 1U << 20;

/// Containers in containers; tensors and metadata of one file; leaves and
/// containers met when a tree is walked, where what is shared counts each time
/// it is met.
inline constexpr std::size_t nesting = 64;
inline constexpr std::size_t tensors = 1U << 18;
inline constexpr std::size_t visits = 1U << 20;

/// All names and texts of one file together.
inline constexpr std::size_t text_bytes = std::size_t{32} << 20;

/// All sources of a TorchScript archive that are searched for state names.
inline constexpr std::size_t source_bytes = std::size_t{8} << 20;

/// Dimensions of a tensor, as PyTorch has it.
inline constexpr std::size_t rank = 64;

/// What deflated records may inflate to, and what views may expand to: this
/// much, and further this many times what is stored.
inline constexpr std::uint64_t expansion_bytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t inflation_factor = 64;
inline constexpr std::uint64_t expansion_factor = 16;

}  // namespace igrot::limits
