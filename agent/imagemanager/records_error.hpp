// Why a database gave no records: damaged or of another kind, none of ImageManager's, or absurdly large. What it is not: an
// error of the operating system (database_file.hpp).
#pragma once

#include "agent/imagemanager/jet/error.hpp"

#include <boost/system/result.hpp>
#include <string>

namespace imc::imagemanager {

struct RecordsError {
    enum class Kind : std::uint8_t {
        damaged,      // `jet` says what and where
        not_its_own,  // there is no table WatchPaths with an Index and a Path
        too_many,     // more rows than most_rows
    };
    Kind kind = Kind::damaged;
    std::string table;  // the one that was read; empty: the database as a whole
    jet::Error jet;     // of Kind::damaged
    [[nodiscard]] std::string text() const;
};

template <class T>
using RecordsResult = boost::system::result<T, RecordsError>;

}  // namespace imc::imagemanager
