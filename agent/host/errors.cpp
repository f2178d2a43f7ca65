#include "agent/host/files.hpp"

namespace imc::host {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "imc.host"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::ok:
                return "no error";
            case errc::file_too_large:
                return "the file is larger than its limit";
            case errc::not_a_file:
                return "the path is not a file";
            case errc::not_a_directory:
                return "the path is not a directory";
            case errc::not_private:
                return "the directory is shared by everybody and cannot be made private";
        }
        return "unknown error";
    }
    boost::system::error_condition default_error_condition(int value) const noexcept override {
        switch (static_cast<errc>(value)) {
            case errc::file_too_large:
                return boost::system::errc::make_error_condition(boost::system::errc::file_too_large);
            case errc::not_a_directory:
                return boost::system::errc::make_error_condition(boost::system::errc::not_a_directory);
            default:
                return {value, *this};
        }
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const Category instance;
    return instance;
}

}  // namespace imc::host
