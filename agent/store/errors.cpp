#include "agent/store/history.hpp"

namespace imc::store {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "imc.store"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::ok:
                return "no error";
            case errc::cannot_open:
                return "the database file or its folder cannot be opened or written";
            case errc::damaged:
                return "the database file is damaged";
            case errc::too_new:
                return "the database file was written by a newer version of this program";
            case errc::full:
                return "the disk that holds the database is full";
            case errc::failed:
                return "the database could not do what was asked";
        }
        return "unknown error";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const Category instance;
    return instance;
}

}  // namespace imc::store
