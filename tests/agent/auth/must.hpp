// Takes the value out of a result whose error is a sentence, or ends the test with that sentence.
#pragma once

#include <boost/system/result.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <utility>

template <class T>
T must(boost::system::result<T, std::string> result) {
    if (!result) FAIL(result.error());
    return std::move(*result);
}
