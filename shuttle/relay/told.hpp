// What many functions of the relay give: a value, or a sentence of why there is none; and the time as it is written down. What it is
// not: asio; whoever only reads and writes the registry needs none.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

namespace shuttle::relay {

template <class T>
using Told = boost::system::result<T, std::string>;  // the error is without secrets

[[nodiscard]] std::int64_t unix_now();  // seconds

}  // namespace shuttle::relay
