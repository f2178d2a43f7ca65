// How a Told<T> is made: boost::system::result cannot tell value from error by type where both are, or could be
// made from, a string. Internal to agent/auth. What it is not: an error type.
#pragma once

#include "agent/auth/certificate.hpp"

#include <utility>

namespace imc::auth {

// `return Because{"the key is encrypted"};` in a function that returns Told<anything>.
struct Because {
    std::string says;
    template <class T>
    operator Told<T>() && {
        return Told<T>(boost::system::in_place_error, std::move(says));
    }
};

[[nodiscard]] inline Told<std::string> told(std::string value) {
    return Told<std::string>(boost::system::in_place_value, std::move(value));
}

}  // namespace imc::auth
