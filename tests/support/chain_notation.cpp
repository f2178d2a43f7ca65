#include "tests/support/chain_notation.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace notation {
namespace {

constexpr spchain::UnixTime monday = 19'996LL * 86'400;  // 2024-09-30

std::uint32_t number_in(const std::string& text) {
    return static_cast<std::uint32_t>(std::stoul(text));
}

spchain::Point point_of(const std::string& word) {
    if (word == "b") return {};
    spchain::Point point;
    std::string rest = word;
    if (rest[0] == 'd') {
        const auto i = rest.find('i');
        point.differential = number_in(rest.substr(1));
        if (i == std::string::npos) return point;
        rest = rest.substr(i);
    }
    point.incremental = number_in(rest.substr(1));
    return point;
}

}  // namespace

std::string word_of(const std::string& file_name) {
    const auto name = spchain::parse(file_name);
    if (name.kind == spchain::Kind::full) return "b" + std::to_string(name.base);
    std::string word = name.differential > 0 ? "d" + std::to_string(name.differential) : "";
    if (!name.suffix.empty())
        return word + std::string(name.suffix.substr(name.suffix.size() - 2)) + "@" + std::to_string(name.incremental);
    return name.incremental > 0 ? word + "i" + std::to_string(name.incremental) : word;
}

void Chain::file(const std::string& word, std::uint32_t number) {
    spchain::Name name;
    name.type = spchain::NameType::image;
    name.conventional = true;
    name.volume = "C_VOL";
    name.base = base_;
    name.differential = differential_;
    name.incremental = number;
    const std::string suffix = word[0] == 'c' ? "-" + word.substr(0, 2) : "";
    name.suffix = suffix;
    name.kind = word[0] == 'b' ? spchain::Kind::full : spchain::Kind::incremental;
    spchain::Entry entry;
    entry.name = spchain::format(name);
    entry.bytes = word[0] == 'b' ? 1'000'000 : word[0] == 'c' ? 3'000 : 1'000;
    const auto day = number == 0 ? 0 : static_cast<spchain::UnixTime>(number - 1) / per_day_;
    const auto slot = number == 0 ? -1 : static_cast<spchain::UnixTime>(number - 1) % per_day_;
    entry.written = monday + day * 86'400 + (slot + 1) * 86'400 / (per_day_ + 1);
    if (word[0] == 'c') entry.written = monday + (day + 1) * 86'400 + 600;
    now = std::max(now, entry.written + 3 * 3600);
    if (md5_) entries.push_back({entry.name.substr(0, entry.name.size() - 4) + ".md5", 60, entry.written});
    entries.push_back(std::move(entry));
}

void Chain::remove(const std::string& word) {
    const auto before = entries.size();
    std::erase_if(entries, [&](const spchain::Entry& entry) { return word_of(entry.name) == word; });
    if (entries.size() == before) throw std::invalid_argument("no such file: " + word);
}

void Chain::add(const std::string& words) {
    std::istringstream in(words);
    for (std::string word; in >> word;) {
        const auto range = word.find("..i");
        const auto at = word.find('@');
        if (word == "md5") {
            md5_ = true;
        } else if (word == "fresh") {
            now = entries.back().written + 1;
        } else if (word.starts_with("day=")) {
            per_day_ = std::stoi(word.substr(4));
        } else if (word[0] == '!') {
            remove(word.substr(1));
        } else if (word[0] == 'b') {
            base_ = number_in(word.substr(1));
            differential_ = 0;
            file(word, 0);
        } else if (word[0] == 'd') {
            differential_ = number_in(word.substr(1));
            file(word, 0);
        } else if (at != std::string::npos) {
            file(word, number_in(word.substr(at + 1)));
        } else if (range != std::string::npos) {
            for (auto n = number_in(word.substr(1)); n <= number_in(word.substr(range + 3)); ++n) file("i", n);
        } else {
            file("i", number_in(word.substr(1)));
        }
    }
}

void Chain::look() {
    spchain::FolderInput input;
    input.entries = entries;
    input.memory = memory;
    input.previous_look = previous_look;
    input.now = now;
    input.rules = rules;
    report = spchain::analyse(input);
}

void Chain::look_again() {
    memory = report.memory;
    previous_look = now;
    now += 3600;
    look();
}

const spchain::Chain& Chain::only() const {
    if (report.volumes.size() != 1) throw std::logic_error("not one volume");
    return report.volumes.front().chains.back();
}

spchain::Verdict Chain::verdict(const std::string& point) const {
    const auto* state = only().find(point_of(point));
    if (state == nullptr) throw std::invalid_argument("no such point: " + point);
    return state->verdict;
}

const spchain::Image& Chain::image(const std::string& word) const {
    for (const auto& chain : report.volumes.front().chains) {
        for (const auto& image : chain.images) {
            if (word_of(entries[image.entry].name) == word) return image;
        }
    }
    throw std::invalid_argument("no such image: " + word);
}

std::vector<std::string> Chain::set(const std::string& point) const {
    std::vector<std::string> words;
    for (const auto image : only().restore_set(point_of(point))) words.push_back(word_of(entries[only().images[image].entry].name));
    return words;
}

const spchain::Finding* Chain::finding(spchain::FindingCode code) const {
    for (const auto& volume : report.volumes) {
        for (const auto& finding : volume.findings) {
            if (finding.code == code) return &finding;
        }
    }
    for (const auto& finding : report.findings) {
        if (finding.code == code) return &finding;
    }
    return nullptr;
}

Chain chain(const std::string& words) {
    Chain result;
    result.rules.expect_md5 = words.find("md5") != std::string::npos;
    result.add(words);
    result.look();
    return result;
}

}  // namespace notation
