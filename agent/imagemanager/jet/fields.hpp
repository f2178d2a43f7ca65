// From the bytes of a field to its value, for all types that a row holds itself. What it is not: long values, whose
// bytes lie elsewhere (cursor.cpp). Internal to the module.
#pragma once

#include "agent/imagemanager/jet/definition.hpp"
#include "agent/imagemanager/jet/value.hpp"

namespace imc::jet {

// How many bytes a value of the type has; 0: any number.
[[nodiscard]] std::size_t bytes_of(ColumnType type) noexcept;
// `bytes` are as many as bytes_of() says. Not for yes/no, memo and OLE.
[[nodiscard]] Value value_of(const Column& column, Bytes bytes);

}  // namespace imc::jet
