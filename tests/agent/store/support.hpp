// Records for tests of the store: a folder with as many volumes, images and findings as asked for.
#pragma once

#include "agent/store/history.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <cstdio>
#include <string>

namespace imc::test {

inline std::string image_name(int volume, int number) {
    char text[64];
    std::snprintf(text, sizeof text, "%c_VOL-b001-i%05d.spi", 'C' + volume, number);
    return text;
}

inline store::FolderRecord folder(const std::string& path) {
    store::FolderRecord out;
    out.id = store::folder_id(path);
    out.path = path;
    out.customer = "Acme";
    out.machine = "web01";
    out.type = "normal";
    out.source = "configuration";
    out.profile = "primary";
    out.state = "ok";
    out.free_bytes = 500'000'000'000;
    out.total_bytes = 1'000'000'000'000;
    return out;
}

inline store::VolumeRecord volume(const store::FolderRecord& folder, const std::string& name) {
    store::VolumeRecord out;
    out.id = store::volume_id(folder.path, name);
    out.folder_id = folder.id;
    out.volume = name;
    out.machine = folder.machine;
    out.customer = folder.customer;
    out.verdict = "certain";
    out.newest_point = "b001-i001";
    out.points = {0, 0, 1, 2};
    return out;
}

inline store::FindingRecord finding(const std::string& scope, const std::string& code, const std::string& folder_id = {}) {
    store::FindingRecord out;
    out.key = scope + code;
    out.code = code;
    out.severity = "warning";
    out.domain = "storage";
    out.who = "msp";
    out.says = "Something is so.";
    out.remedy = "Do something.";
    out.evidence = "{}";
    out.folder_id = folder_id;
    return out;
}

// Every part carries `mark`, so that parts of two changes cannot be taken for one.
inline store::FolderChange change(const std::string& path, int images, std::uint64_t mark = 1) {
    store::FolderChange out;
    out.folder = folder(path);
    out.folder.images = static_cast<std::uint64_t>(images);
    out.folder.image_bytes = mark;
    out.folder.digest = mark;
    for (const char* name : {"C_VOL", "D_VOL"}) {
        out.volumes.push_back(volume(out.folder, name));
        out.volumes.back().usage_bytes = mark;
    }
    out.images_changed = true;
    for (int i = 0; i < images; ++i) {
        spchain::Memory image;
        image.name = image_name(0, i);
        image.bytes = mark;
        image.written = 1'600'000'000 + i;
        image.first_seen = 1'700'000'000;
        out.memory.push_back(image);
    }
    return out;
}

inline store::Opened open_history(const std::string& path, store::UnixTime now = 1'000) {
    auto opened = store::History::open(path, store::History::Mode::read_write, now);
    if (!opened) throw boost::system::system_error(opened.error());
    return std::move(*opened);
}

}  // namespace imc::test
