#include "agent/imagemanager/jet/error.hpp"

namespace imc::jet {
namespace {

struct Words {
    std::string_view name, says;
};

Words words(errc code) noexcept {
    switch (code) {
        case errc::unreadable:
            return {"unreadable", "the file could not be read"};
        case errc::truncated:
            return {"truncated", "the file ends too early"};
        case errc::not_a_database:
            return {"not_a_database", "the file is no Access database"};
        case errc::jet3:
            return {"jet3", "the database is in the format of Access 97 (Jet 3), which is not read; Jet 4 is expected"};
        case errc::ace:
            return {"ace", "the database is in the format of Access 2007 or newer (ACE), which is not read; Jet 4 is expected"};
        case errc::unknown_format:
            return {"unknown_format", "the database is of a version of Jet that is not known"};
        case errc::encrypted:
            return {"encrypted", "the database is encrypted and cannot be read"};
        case errc::wrong_page:
            return {"wrong_page", "a page is not of the kind, or not of the table, that it should be"};
        case errc::bad_offset:
            return {"bad_offset", "an offset or a length points outside"};
        case errc::bad_definition:
            return {"bad_definition", "the definition of a table contradicts itself"};
        case errc::bad_value:
            return {"bad_value", "a value has not the length of its type"};
        case errc::endless:
            return {"endless", "pages lead round in a circle, or values claim more than the file holds"};
    }
    return {"unknown", "unknown error"};
}

}  // namespace

std::string_view to_string(errc code) noexcept {
    return words(code).name;
}

std::string Error::text() const {
    return std::string(words(code).says) + " (page " + std::to_string(page) + ", offset " + std::to_string(offset) + ")";
}

}  // namespace imc::jet
