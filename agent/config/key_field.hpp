// Turns a pointer to member into the function that the table of keys keeps. What it is not: public.
#pragma once

#include "agent/config/keys.hpp"

namespace imc::config {

inline constexpr std::int64_t kib = 1024;
inline constexpr std::int64_t mib = 1024 * kib;
inline constexpr std::int64_t gib = 1024 * mib;
inline constexpr std::int64_t eib = gib * gib;

template <class C, class T>
Field field_of(T C::*member, void* object) {
    return &(static_cast<C*>(object)->*member);
}

template <auto member>
Field at(void* object) {
    return field_of(member, object);
}

}  // namespace imc::config
