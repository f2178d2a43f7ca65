#include "agent/cli/data_files.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/database_copy.hpp"

#include <array>
#include <thread>

namespace imc::cli {
namespace {

namespace fs = std::filesystem;

// What SQLite writes beside a database.
constexpr std::array<const char*, 3> companions = {"-wal", "-shm", "-journal"};

std::vector<fs::path> with_companions(const std::string& database) {
    std::vector<fs::path> files{path_of(database)};
    for (const char* companion : companions) files.push_back(path_of(database + companion));
    return files;
}

// What an older version may not be able to read once a newer one has run.
std::vector<fs::path> worth_keeping(const engine::Places& places, const std::string& config_file) {
    auto files = with_companions(places.settings);
    for (const auto& file : with_companions(places.history)) files.push_back(file);
    files.push_back(path_of(config_file));
    return files;
}

bool is_own_log(const std::string& name) {
    return name.starts_with("imconnector") || name.starts_with("installer") || name.starts_with("crash-");
}

}  // namespace

fs::path path_of(const std::string& text) {
    return {std::u8string(text.begin(), text.end())};
}

std::string text_of(const fs::path& path) {
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

std::string copy_over(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (fs::equivalent(from, to, error)) return {};
    // Never without the one or the other, whenever the power fails.
    fs::path copy = to;
    copy += ".new";
    fs::remove(copy, error);
    fs::copy_file(from, copy, fs::copy_options::overwrite_existing, error);
    if (!error) fs::rename(copy, to, error);
    std::error_code ignored;
    if (error) fs::remove(copy, ignored);
    return error ? "cannot copy " + text_of(from) + " to " + text_of(to) + ": " + error.message() : std::string();
}

std::string replace_program(const fs::path& from, const fs::path& to, std::chrono::milliseconds patience) {
    constexpr auto pause = std::chrono::milliseconds(100);
    for (auto waited = std::chrono::milliseconds(0);; waited += pause) {
        auto problem = copy_over(from, to);
        if (problem.empty() || waited >= patience) return problem;
        std::this_thread::sleep_for(pause);
    }
}

void remove_tree(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
}

std::vector<std::string> copy_data(const engine::Places& places, const std::string& config_file, const fs::path& kept) {
    std::vector<std::string> problems;
    if (auto made = host::make_private_directory(text_of(kept)); !made) {
        return {"cannot make " + text_of(kept) + ": " + made.error().message()};
    }
    std::error_code error;
    for (const auto& file : worth_keeping(places, config_file)) {
        if (!fs::is_regular_file(file, error)) continue;
        auto problem = copy_over(file, kept / file.filename());
        if (!problem.empty()) problems.push_back(std::move(problem));
    }
    return problems;
}

std::vector<std::string> copy_data_back(const engine::Places& places, const std::string& config_file, const fs::path& kept) {
    std::vector<std::string> problems;
    std::error_code error;
    const auto put_back = [&](const fs::path& file) {
        const auto copy = kept / file.filename();
        if (!fs::is_regular_file(copy, error)) return;
        auto problem = copy_over(copy, file);
        if (!problem.empty()) problems.push_back(std::move(problem));
    };
    put_back(path_of(config_file));
    for (const auto& database : {places.settings, places.history}) {
        if (!fs::is_regular_file(kept / path_of(database).filename(), error)) continue;
        for (const auto& file : with_companions(database)) {
            fs::remove(file, error);  // a companion of the newer database would be taken for one of the older
            put_back(file);
        }
    }
    return problems;
}

std::vector<std::string> remove_data(const engine::Places& places, const std::string& config_file) {
    const auto directory = path_of(places.directory);
    auto files = worth_keeping(places, config_file);
    std::vector<fs::path> written{path_of(places.agent_json), path_of(places.local_token),  path_of(places.rejected),
                                  path_of(places.enrolment),  path_of(places.tunnel_state), path_of(places.join_request)};
    const auto certificates = path_of(places.certificates);
    for (const char* name : {"certificate.pem", "certificate.key", "certificate.pem.previous", "certificate.key.previous"}) {
        written.push_back(certificates / name);
    }
    files.push_back(path_of(places.lock));
    for (const auto& file : written) {
        files.push_back(file);
        files.push_back(path_of(text_of(file) + ".new"));  // by host::write_file, when the power failed
    }
    const imagemanager::CopyPlaces copy(places.directory);
    for (const auto& file : {copy.database, copy.fresh, copy.state}) files.push_back(path_of(file));
    std::error_code error;
    // A history that was set aside as damaged keeps its name in front.
    const std::string history = text_of(path_of(places.history).filename());
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const auto name = text_of(entry.path().filename());
        if (name.starts_with(history + ".") || name == ".doctor") files.push_back(entry.path());
    }
    for (const auto& entry : fs::directory_iterator(path_of(places.logs), error)) {
        if (is_own_log(text_of(entry.path().filename()))) files.push_back(entry.path());
    }
    std::vector<std::string> left;
    for (const auto& file : files) {
        fs::remove(file, error);
        if (fs::exists(fs::symlink_status(file, error))) left.push_back(text_of(file));
    }
    // Both refuse to remove a folder that is not empty.
    fs::remove(path_of(places.logs), error);
    fs::remove(directory, error);
    if (left.empty() && fs::exists(fs::symlink_status(directory, error))) left.push_back(places.directory);
    return left;
}

}  // namespace imc::cli
