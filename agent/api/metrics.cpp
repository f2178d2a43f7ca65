#include "agent/api/metrics.hpp"

#include "agent/api/views.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace imc::api {
namespace {

constexpr std::size_t most_series = 5'000;

using Label = std::pair<std::string_view, std::string_view>;

class Writer {
public:
    void metric(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_.append("# HELP ")
            .append(name)
            .append(" ")
            .append(help)
            .append("\n# TYPE ")
            .append(name)
            .append(" ")
            .append(type)
            .append("\n");
    }
    void counter(std::string_view name, std::string_view help, std::uint64_t value) {
        metric(name, "counter", help);
        sample({}, value);
    }
    void gauge(std::string_view name, std::string_view help, std::int64_t value) {
        metric(name, "gauge", help);
        sample({}, value);
    }
    template <class Number>
    void sample(std::initializer_list<Label> labels, Number value) {
        text_.append(name_);
        char separator = '{';
        for (const auto& [key, text] : labels) {
            text_.append(1, separator).append(key).append("=\"");
            escape(text);
            text_ += '"';
            separator = ',';
        }
        if (labels.size() != 0) text_ += '}';
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        text_.append(" ").append(digits.data(), end).append("\n");
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void escape(std::string_view text) {
        for (const char c : text) {
            if (c == '\\' || c == '"') text_ += '\\';
            if (c == '\n') {
                text_ += "\\n";
            } else {
                text_ += c;
            }
        }
    }
    std::string text_;
    std::string_view name_;
};

void write_agent(Writer& out, const Index& index, const AgentFacts& facts) {
    out.gauge("imc_up", "1 while the agent runs.", 1);
    out.metric("imc_build_info", "gauge", "The program; always 1.");
    out.sample({{"version", facts.version}}, 1);
    out.gauge("imc_start_time_seconds", "Start of the agent, Unix time.", facts.started);
    out.gauge("imc_config_problem", "1 while a configuration that was refused lies in its file.", facts.config_problem.empty() ? 0 : 1);
    out.counter("imc_scans_total", "Looks at folders.", facts.scans);
    out.counter("imc_scan_failures_total", "Looks at folders that failed.", facts.failed_scans);
    out.gauge("imc_folders_scanning", "Folders that are looked at now.", static_cast<std::int64_t>(facts.folders_scanning));
    out.gauge("imc_last_scan_timestamp_seconds", "End of the last round over all folders, Unix time; 0: not yet.",
              facts.last_scan_finished);
    out.metric("imc_last_scan_duration_seconds", "gauge", "How long the last round over all folders took.");
    out.sample({}, facts.last_scan_seconds);
    out.gauge("imc_certificate_expiry_timestamp_seconds", "End of the certificate, Unix time.", facts.certificate.not_after);
    out.gauge("imc_unmanaged_folders", "Folders with images that nobody manages.",
              static_cast<std::int64_t>(index.snapshot().unmanaged.folders.size()));
}

void write_counts(Writer& out, const Index& index, store::UnixTime now) {
    std::map<std::string_view, std::uint64_t> states = {{"pending", 0}, {"ok", 0}, {"stale", 0}, {"conflict", 0}};
    for (const auto& folder : index.snapshot().folders) ++states[folder.state];
    out.metric("imc_folders", "gauge", "Managed folders by state.");
    for (const auto& [state, count] : states) out.sample({{"state", state}}, count);

    std::map<std::string_view, std::uint64_t> verdicts = {{"certain", 0}, {"presumed", 0}, {"doubtful", 0}, {"broken", 0}};
    std::uint64_t stale = 0;
    for (const auto& volume : index.snapshot().volumes) {
        if (volume.vanished != 0) continue;
        ++verdicts[volume.verdict];
        stale += past_grace(volume, index.settings(volume.id), index.config(), now) ? 1 : 0;
    }
    out.metric("imc_volumes", "gauge", "Volumes by the verdict of their newest restore point.");
    for (const auto& [verdict, count] : verdicts) out.sample({{"verdict", verdict}}, count);
    out.gauge("imc_volumes_stale", "Volumes without a new image for longer than their grace.", static_cast<std::int64_t>(stale));

    const auto counts = index.all_counts();
    out.metric("imc_findings", "gauge", "Open findings by severity.");
    out.sample({{"severity", "critical"}}, counts.critical);
    out.sample({{"severity", "warning"}}, counts.warning);
    out.sample({{"severity", "info"}}, counts.info);
}

void write_volumes(Writer& out, const Index& index, store::UnixTime now) {
    std::vector<const store::VolumeRecord*> volumes;
    std::int64_t left_out = 0;
    for (const auto& volume : index.snapshot().volumes) {
        if (volume.vanished != 0) continue;
        if (volumes.size() < most_series) {
            volumes.push_back(&volume);
        } else {
            ++left_out;
        }
    }
    const auto each = [&](auto&& write) {
        for (const auto* v : volumes)
            write(*v, {{"volume_id", v->id}, {"customer", v->customer}, {"machine", v->machine}, {"volume", v->volume}});
    };
    using Record = store::VolumeRecord;
    using Labels = std::initializer_list<Label>;
    out.metric("imc_volume_age_seconds", "gauge", "Age of the newest image.");
    each([&](const Record& volume, Labels labels) {
        constexpr std::int64_t day = 86'400;  // an image from the future has no age
        if (volume.newest_written == 0 || volume.newest_written > now + day) return;
        out.sample(labels, std::max<std::int64_t>(0, now - volume.newest_written));
    });
    out.metric("imc_volume_usage_bytes", "gauge", "Restore set of the newest restore point.");
    each([&](const Record& volume, Labels labels) { out.sample(labels, volume.usage_bytes); });
    out.metric("imc_volume_retention_bytes", "gauge", "All images that are not in the newest point's restore set.");
    each([&](const Record& volume, Labels labels) { out.sample(labels, volume.retention_bytes); });
    out.metric("imc_volume_stale", "gauge", "1 without a new image for longer than the grace.");
    each([&](const Record& volume, Labels labels) {
        out.sample(labels, past_grace(volume, index.settings(volume.id), index.config(), now) ? 1 : 0);
    });
    out.gauge("imc_volumes_left_out", "Volumes that are not listed one by one here.", left_out);
}

void write_folders(Writer& out, const Index& index) {
    const auto& folders = index.snapshot().folders;
    const std::size_t count = std::min(folders.size(), most_series);
    const auto each = [&](auto&& value_of) {
        for (std::size_t at = 0; at < count; ++at) {
            const auto& folder = folders[at];
            if (const auto value = value_of(folder))
                out.sample({{"folder_id", folder.id}, {"path", folder.path}, {"customer", folder.customer}}, *value);
        }
    };
    out.metric("imc_folder_free_bytes", "gauge", "Free where the folder lies.");
    each([](const store::FolderRecord& folder) { return folder.free_bytes; });
    out.metric("imc_folder_size_bytes", "gauge", "Size of the file system that the folder lies on.");
    each([](const store::FolderRecord& folder) { return folder.total_bytes; });
    out.metric("imc_folder_image_bytes", "gauge", "Bytes of all images.");
    each([](const store::FolderRecord& folder) { return std::optional(folder.image_bytes); });
    out.gauge("imc_folders_left_out", "Folders that are not listed one by one here.", static_cast<std::int64_t>(folders.size() - count));
}

void write_tunnel(Writer& out, const TunnelFacts& tunnel) {
    out.gauge("imc_tunnel_enrolled", "1 where this agent is enrolled at a relay.", tunnel.state.empty() ? 0 : 1);
    if (tunnel.state.empty()) return;
    out.gauge("imc_tunnel_up", "1 while there is a tunnel to the relay.", tunnel.state == "connected" ? 1 : 0);
    out.gauge("imc_tunnel_since_timestamp_seconds", "Since when it is up, or down, Unix time.", tunnel.since);
    out.gauge("imc_tunnel_refused", "1 where the relay refuses this agent.", tunnel.refused ? 1 : 0);
    out.gauge("imc_tunnel_intercepted", "1 where somebody opens the TLS on the way.", tunnel.intercepted_by.empty() ? 0 : 1);
    out.gauge("imc_tunnel_failures", "Failed tries since the last healthy tunnel.", static_cast<std::int64_t>(tunnel.failures));
    out.counter("imc_tunnel_connects_total", "Tunnels made.", tunnel.connections);
    out.gauge("imc_tunnel_streams", "Connections by the tunnel, now.", static_cast<std::int64_t>(tunnel.streams_open));
    out.counter("imc_tunnel_streams_total", "Connections by the tunnel.", tunnel.streams);
    out.counter("imc_tunnel_received_bytes_total", "Bytes from the relay to the API.", tunnel.received_bytes);
    out.counter("imc_tunnel_sent_bytes_total", "Bytes from the API to the relay.", tunnel.sent_bytes);
    if (tunnel.round_trip_us == 0) return;
    out.metric("imc_tunnel_round_trip_seconds", "gauge", "Between agent and relay, as last measured.");
    out.sample({}, static_cast<double>(tunnel.round_trip_us) / 1e6);
}

void write_server(Writer& out, const ServerCounters& counters) {
    out.metric("imc_http_requests_total", "counter", "Answered requests by status.");
    for (const auto& [status, count] : counters.responses) out.sample({{"status", std::to_string(status)}}, count);
    out.counter("imc_http_connections_total", "Connections accepted.", counters.connections);
    out.counter("imc_http_connections_refused_total", "Connections closed at once: too many, or not allowed.", counters.refused);
    out.counter("imc_http_handshake_failures_total", "TLS handshakes that failed.", counters.handshake_failures);
    out.counter("imc_http_timeouts_total", "Connections closed because a caller was too slow.", counters.timeouts);
    out.counter("imc_http_too_large_total", "Requests refused for their size.", counters.too_large);
    out.counter("imc_http_unauthenticated_total", "Requests without a valid token or certificate.", counters.unauthenticated);
    out.gauge("imc_http_connections", "Connections open now.", static_cast<std::int64_t>(counters.open_connections));
    out.gauge("imc_http_event_streams", "Callers that follow the live feed.", static_cast<std::int64_t>(counters.open_feeds));
}

}  // namespace

std::string metrics_text(const Index& index, const AgentFacts& facts, const ServerCounters& counters, store::UnixTime now) {
    Writer out;
    write_agent(out, index, facts);
    write_counts(out, index, now);
    write_volumes(out, index, now);
    write_folders(out, index);
    write_tunnel(out, facts.tunnel);
    write_server(out, counters);
    return out.take();
}

}  // namespace imc::api
