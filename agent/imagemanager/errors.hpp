// Why a log, a list of events or a sidecar could not be read, where the system has no error for it. What it is not: for the
// database (records_error.hpp).
#pragma once

#include <boost/system/error_code.hpp>
#include <type_traits>

namespace imc::imagemanager {

enum class errc {
    ok = 0,
    cancelled,      // somebody asked to stop
    changed,        // the file was written while it was read
    too_large,      // larger than the limit of what is read at once
    not_a_sidecar,  // no line has a digest and a name
    not_events,     // the file holds no event in XML
    unsupported,    // this system has no Windows event log
    no_md5,         // the cryptographic library refuses MD5, as in FIPS mode
    timed_out,      // the system did not answer within the limit
};
[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}

}  // namespace imc::imagemanager

template <>
struct boost::system::is_error_code_enum<imc::imagemanager::errc> : std::true_type {};
