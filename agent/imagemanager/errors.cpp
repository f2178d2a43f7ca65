#include "agent/imagemanager/errors.hpp"

#include <string>

namespace imc::imagemanager {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "imc.imagemanager"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::ok:
                return "no error";
            case errc::cancelled:
                return "the reading was cancelled";
            case errc::changed:
                return "the file was written while it was read";
            case errc::too_large:
                return "the file is larger than its limit";
            case errc::not_a_sidecar:
                return "the file has no line with a digest and a name";
            case errc::not_events:
                return "the file holds no events in XML";
            case errc::unsupported:
                return "this system has no Windows event log";
            case errc::no_md5:
                return "the cryptographic library refuses MD5";
            case errc::timed_out:
                return "the system did not answer within the limit";
        }
        return "unknown error";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const Category instance;
    return instance;
}

}  // namespace imc::imagemanager
