#include "agent/scan/listing.hpp"

namespace imc::scan {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "imc.scan"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::ok:
                return "no error";
            case errc::not_found:
                return "the folder does not exist";
            case errc::access_denied:
                return "the agent's account may not read the folder";
            case errc::not_a_directory:
                return "the path is not a folder";
            case errc::network:
                return "the share, host or device did not answer";
            case errc::too_many:
                return "the folder holds more entries than the limit";
            case errc::timed_out:
                return "reading the folder took longer than the limit";
            case errc::cancelled:
                return "the look was cancelled";
            case errc::io:
                return "the operating system could not read the folder";
        }
        return "unknown error";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const Category instance;
    return instance;
}

std::string_view to_string(errc e) noexcept {
    switch (e) {
        case errc::ok:
            return "ok";
        case errc::not_found:
            return "not_found";
        case errc::access_denied:
            return "access_denied";
        case errc::not_a_directory:
            return "not_a_directory";
        case errc::network:
            return "network";
        case errc::too_many:
            return "too_many";
        case errc::timed_out:
            return "timed_out";
        case errc::cancelled:
            return "cancelled";
        case errc::io:
            return "io";
    }
    return "io";
}

}  // namespace imc::scan
