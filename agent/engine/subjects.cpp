#include "agent/engine/subjects.hpp"

#include "spchain/name.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

constexpr std::size_t longest_name = 255;

// Small ASCII letters, and '\' between components; as long as what is given.
std::string folded(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c == '/' ? '\\' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string without_end(std::string text) {
    while (text.size() > 1 && text.back() == '\\') text.pop_back();
    return text;
}

bool ends_path(const std::string& text, std::size_t at) {
    if (at >= text.size()) return true;
    const auto c = static_cast<unsigned char>(text[at]);
    return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c < 0x80;
}

bool begins_path(const std::string& text, std::size_t at) {
    return at == 0 || ends_path(text, at - 1);
}

// Whether one part of `text` is a name that the volumes hold: the longest that ends it.
std::string volume_at_end(std::string_view text, const std::set<std::string>& volumes) {
    std::string best;
    const auto small = folded(text);
    for (const auto& volume : volumes) {
        if (!small.ends_with(volume) || volume.size() <= best.size()) continue;
        if (begins_path(small, small.size() - volume.size())) best = volume;
    }
    return best;
}

struct Found {
    std::size_t end = 0;  // behind the extension
};

// Where names end as images do.
std::vector<Found> endings(const std::string& small) {
    std::vector<Found> out;
    for (const std::string_view ending : {".spi", ".spf"}) {
        for (auto at = small.find(ending); at != std::string::npos && out.size() < 100; at = small.find(ending, at + 1)) {
            if (ends_path(small, at + ending.size())) out.push_back({at + ending.size()});
        }
    }
    std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.end < b.end; });
    return out;
}

// What may be part of a file's name, back to what may not.
std::string_view candidate(std::string_view text, std::size_t end) {
    std::size_t begin = end;
    while (begin > 0 && end - begin < longest_name) {
        const char c = text[begin - 1];
        if (static_cast<unsigned char>(c) < 0x20 || std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos) break;
        --begin;
    }
    auto name = text.substr(begin, end - begin);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\'')) name.remove_prefix(1);
    return name;
}

void take_name(Subject& subject, std::string_view name) {
    const auto parsed = spchain::parse(name);
    if (parsed.type != spchain::NameType::image) return;
    subject.image = std::string(name);
    if (!parsed.conventional) return;
    subject.volume = std::string(parsed.volume);
    subject.base = parsed.base;
}

}  // namespace

Subjects::Subjects(const std::vector<Folder>& folders, const std::vector<Spelling>& spellings) {
    for (const Folder& folder : folders) {
        Known known{folder.id, {}};
        for (const auto& volume : folder.volumes) known.volumes.insert(folded(volume));
        known_.push_back(std::move(known));
        const auto path = without_end(folded(folder.path));
        by_spelling_.emplace(path, folder.id);
        for (const auto& spelling : spellings) {
            const auto to = without_end(folded(spelling.to));
            if (!path.starts_with(to) || (path.size() > to.size() && path[to.size()] != '\\' && to != "\\")) continue;
            by_spelling_.emplace(without_end(without_end(folded(spelling.from)) + path.substr(to == "\\" ? 0 : to.size())), folder.id);
        }
    }
    std::sort(known_.begin(), known_.end(), [](const Known& a, const Known& b) { return a.id < b.id; });
}

const Subjects::Known* Subjects::find(const std::string& id) const {
    const auto at = std::lower_bound(known_.begin(), known_.end(), id, [](const Known& k, const std::string& text) { return k.id < text; });
    return at != known_.end() && at->id == id ? &*at : nullptr;
}

Subject Subjects::of_path(std::string_view path) const {
    Subject subject;
    const auto slash = path.find_last_of("/\\");
    if (slash == std::string_view::npos) return subject;
    const auto found = by_spelling_.find(without_end(folded(path.substr(0, slash))));
    if (found != by_spelling_.end()) subject.folder_id = found->second;
    take_name(subject, path.substr(slash + 1));
    return subject;
}

Subject Subjects::of_image(std::string_view name, const std::string& folder_id) const {
    Subject subject;
    subject.folder_id = folder_id;
    take_name(subject, name.substr(name.find_last_of("/\\") + 1));
    return subject;
}

// The longest spelling that stands there as a whole.
std::string Subjects::folder_in(const std::string& small) const {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& spelling : by_spelling_) {
        if (spelling.first.size() < 3 || (best != nullptr && spelling.first.size() <= best->first.size())) continue;
        for (auto at = small.find(spelling.first); at != std::string::npos; at = small.find(spelling.first, at + 1)) {
            const auto end = at + spelling.first.size();
            // What goes on in a deeper folder is another folder's.
            const auto next = end < small.size() && small[end] == '\\' ? small.find('\\', end + 1) : std::string::npos;
            const bool deeper =
                next != std::string::npos && small.substr(end + 1, next - end - 1).find_first_of(" .\"'<>") == std::string::npos;
            if (!begins_path(small, at) || !ends_path(small, end) || deeper) continue;
            best = &spelling;
            break;
        }
    }
    return best == nullptr ? std::string() : best->second;
}

Subject Subjects::of_text(std::string_view text) const {
    Subject subject;
    const auto small = folded(text);
    subject.folder_id = folder_in(small);
    for (const auto& ending : endings(small)) {
        const auto name = candidate(text, ending.end);
        const auto parsed = spchain::parse(name);
        if (parsed.type != spchain::NameType::image || !parsed.conventional) continue;
        // Words before a name look like part of it: a volume that is known decides.
        std::string folder = subject.folder_id;
        std::string volume;
        for (const auto& known : known_) {
            if (!subject.folder_id.empty() && known.id != subject.folder_id) continue;
            const auto here = volume_at_end(parsed.volume, known.volumes);
            if (here.empty()) continue;
            if (!volume.empty() && folder != known.id) {
                // Several folders have such a volume.
                folder.clear();
                volume = here;
                break;
            }
            folder = known.id;
            volume = here;
        }
        if (volume.empty()) continue;
        subject.folder_id = folder;
        take_name(subject, name.substr(parsed.volume.size() - volume.size()));
        return subject;
    }
    const auto* known = find(subject.folder_id);
    if (known == nullptr) return subject;
    // A folder with one volume can mean no other.
    if (known->volumes.size() == 1) subject.volume = *known->volumes.begin();
    return subject;
}

std::string Subjects::folder_of_log(std::string_view key) const {
    auto path = folded(key);
    std::replace(path.begin(), path.end(), '%', '\\');
    const auto found = by_spelling_.find("\\\\" + path);
    return found == by_spelling_.end() ? std::string() : found->second;
}

}  // namespace imc::engine
