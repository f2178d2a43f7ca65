#include "agent/config/check.hpp"

#include <algorithm>

namespace imc::config {
namespace {

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

class Contradictions {
public:
    explicit Contradictions(const std::map<std::string, int>& lines) : lines_(lines) {}

    // The line of the first of these keys that was written in the file.
    void tell(std::initializer_list<std::string> keys, std::string says) {
        Problem problem;
        problem.key = *keys.begin();
        for (const auto& key : keys) {
            const auto at = lines_.find(key);
            if (at == lines_.end()) continue;
            problem.line = at->second;
            problem.key = key;
            break;
        }
        problem.says = std::move(says);
        problems.push_back(std::move(problem));
    }

    // Tells of each element whose text another before it has; empty texts are passed over.
    template <class List, class Text>
    void unique(const List& list, const std::string& table, const std::string& name, Text text, const std::string& says) {
        std::map<std::string, std::size_t> first;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string value = text(list[i]);
            if (value.empty()) continue;
            const auto [at, fresh] = first.try_emplace(value, i);
            if (!fresh) tell({key(table, i, name)}, says + where(key(table, at->second, name)));
        }
    }

    std::vector<Problem> problems;

private:
    static std::string key(const std::string& table, std::size_t index, const std::string& name) {
        return table + "[" + std::to_string(index) + "]" + (name.empty() ? "" : "." + name);
    }
    std::string where(const std::string& name) const {
        const auto at = lines_.find(name);
        return at == lines_.end() ? std::string() : " as line " + std::to_string(at->second);
    }

    const std::map<std::string, int>& lines_;
};

void api(const Config& c, Contradictions& out) {
    if (c.certificate.empty() != c.certificate_key.empty()) {
        out.tell({c.certificate.empty() ? "api.certificate_key" : "api.certificate"},
                 "a certificate and its key go together; set both api.certificate and api.certificate_key, or neither");
    }
    if (c.client_certificate_required && c.client_ca.empty()) {
        out.tell({"api.client_certificate_required"}, "needs api.client_ca, the authorities whose certificates are accepted");
    }
    std::map<std::string, int> seen;
    for (const auto& address : c.listen) {
        const bool free_port = address.size() >= 2 && address.substr(address.size() - 2) == ":0";
        if (!free_port && seen[address]++ == 1) out.tell({"api.listen"}, "has \"" + address + "\" twice");
    }
}

void monitor(const Config& c, Contradictions& out) {
    if (c.free_space_critical_percent > c.free_space_warning_percent && c.free_space_warning_percent > 0) {
        out.tell({"monitor.free_space_critical_percent", "monitor.free_space_warning_percent"},
                 "critical at " + std::to_string(c.free_space_critical_percent) + " percent comes before the warning at " +
                     std::to_string(c.free_space_warning_percent) + "; it must be the lower of the two");
    }
    if (c.base_age_critical_days < c.base_age_warning_days && c.base_age_critical_days > 0) {
        out.tell({"monitor.base_age_critical_days", "monitor.base_age_warning_days"},
                 "critical at " + std::to_string(c.base_age_critical_days) + " days comes before the warning at " +
                     std::to_string(c.base_age_warning_days) + "; it must be the higher of the two");
    }
}

}  // namespace

std::vector<Problem> contradictions(const Config& config, const std::map<std::string, int>& lines, PathStyle style) {
    Contradictions out(lines);
    api(config, out);
    monitor(config, out);
    out.unique(
        config.folders, "folder", "path", [style](const ManagedFolder& f) { return comparable(f.path, style); }, "is the same path");
    out.unique(
        config.grace, "monitor.grace", "match", [](const GraceRule& r) { return folded(r.match); },
        "can never apply, for the first match wins: the same pattern");
    out.unique(
        config.imagemanager_map, "imagemanager.path", "from", [](const PathRule& r) { return comparable(r.from, PathStyle::windows); },
        "is the same path");
    out.unique(
        config.quotas, "monitor.quota", "customer", [](const CustomerQuota& q) { return folded(q.customer); }, "is the same customer");
    return out.problems;
}

}  // namespace imc::config
