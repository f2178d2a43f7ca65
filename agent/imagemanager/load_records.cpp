#include "agent/imagemanager/database_file.hpp"

namespace imc::imagemanager {

boost::system::result<Records, std::string> load_records(const std::string& path) {
    using Loaded = boost::system::result<Records, std::string>;
    constexpr int attempts = 3;
    std::string why;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto file = DatabaseFile::open(path);
        if (!file) return Loaded(boost::system::in_place_error, "cannot read " + path + ": " + file.error().message());
        auto records = read_records(**file);
        const bool changed = (*file)->changed();
        if (records && !changed) return Loaded(boost::system::in_place_value, std::move(*records));
        why = records ? "it is being written all the time" : records.error().text();
        if (!changed) break;
    }
    return Loaded(boost::system::in_place_error, "cannot read " + path + ": " + why);
}

}  // namespace imc::imagemanager
