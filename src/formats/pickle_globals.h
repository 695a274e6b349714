// The globals a pickle may name, and what each stands for.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tensor/dtype.h"

namespace igrot::pickle {

/// Who wrote the pickle; modules occur in TorchScript only.
enum class Dialect { state_dict, torchscript };

/// What calling a global means here.
enum class Role : std::uint8_t {
  ordered_dict,       ///< an empty dict
  rebuild_tensor,     ///< a view of a storage
  rebuild_parameter,  ///< its first argument, a tensor
  first_argument,     ///< its first argument
  storage,            ///< cannot be called; names an element type
  script_class,       ///< makes a module
};

struct GlobalRow {
  std::string_view module;
  std::string_view name;
  Role role;
  Dialect dialect = Dialect::state_dict;
  DType dtype = DType::f32;  ///< of a storage
};

inline constexpr std::array globals{
    GlobalRow{"collections", "OrderedDict", Role::ordered_dict},
    GlobalRow{"torch._utils", "_rebuild_tensor_v2", Role::rebuild_tensor},
    GlobalRow{"torch._utils", "_rebuild_parameter", Role::rebuild_parameter},
    GlobalRow{"torch", "FloatStorage", Role::storage, {}, DType::f32},
    GlobalRow{"torch", "HalfStorage", Role::storage, {}, DType::f16},
    GlobalRow{"torch", "BFloat16Storage", Role::storage, {}, DType::bf16},
    GlobalRow{"torch", "DoubleStorage", Role::storage, {}, DType::f64},
    GlobalRow{"torch", "LongStorage", Role::storage, {}, DType::i64},
    GlobalRow{"torch", "IntStorage", Role::storage, {}, DType::i32},
    GlobalRow{"torch", "ShortStorage", Role::storage, {}, DType::i16},
    GlobalRow{"torch", "CharStorage", Role::storage, {}, DType::i8},
    GlobalRow{"torch", "ByteStorage", Role::storage, {}, DType::u8},
    GlobalRow{"torch", "BoolStorage", Role::storage, {}, DType::boolean},
    GlobalRow{"torch.jit._pickle", "build_intlist", Role::first_argument,
              Dialect::torchscript},
    GlobalRow{"torch.jit._pickle", "build_doublelist", Role::first_argument,
              Dialect::torchscript},
    GlobalRow{"torch.jit._pickle", "build_boollist", Role::first_argument,
              Dialect::torchscript},
    GlobalRow{"torch.jit._pickle", "build_tensorlist", Role::first_argument,
              Dialect::torchscript},
    GlobalRow{"torch.jit._pickle", "restore_type_tag", Role::first_argument,
              Dialect::torchscript},
};

/// Any class of a TorchScript archive: its name starts with this module.
inline constexpr std::string_view script_module = "__torch__";
inline constexpr GlobalRow script_class{script_module, "*", Role::script_class,
                                        Dialect::torchscript};

/// The row of a global, or null when it is not allowed.
constexpr const GlobalRow* find_global(std::string_view module,
                                       std::string_view name, Dialect dialect) {
  for (const auto& row : globals)
    if (row.module == module && row.name == name &&
        (row.dialect == Dialect::state_dict || dialect == row.dialect))
      return &row;
  const bool is_script_class =
      module == script_module || (module.starts_with(script_module) &&
                                  module[script_module.size()] == '.');
  return dialect == Dialect::torchscript && is_script_class ? &script_class
                                                            : nullptr;
}

/// The storage class of an element type, or null where PyTorch 1 has none.
constexpr const GlobalRow* find_storage(DType dtype) {
  for (const auto& row : globals)
    if (row.role == Role::storage && row.dtype == dtype) return &row;
  return nullptr;
}

}  // namespace igrot::pickle
