// Where the relay keeps what, and what it is: key and certificate, made at the first start. What it is not: configuration.
#pragma once

#include "shuttle/io/keys.hpp"
#include "shuttle/relay/config.hpp"
#include "shuttle/relay/told.hpp"

#include <memory>
#include <string>

namespace shuttle::relay {

struct Material;

struct Places {
    explicit Places(const Config& config);
    std::string directory;
    std::string lock;         // held while a relay uses the directory
    std::string registry;     // registry.db
    std::string key;          // relay.key: the identity, a secret
    std::string certificate;  // certificate.pem, certificate.key: the relay's own for TLS
    std::string certificate_key;
    std::string state;  // state.json: of the running relay; removed at the end
};

// Reads or makes it. The directory is there.
[[nodiscard]] Told<std::shared_ptr<const io::Key>> identity(const Places& places);
[[nodiscard]] Told<Material> material(const Config& config, const Places& places);

}  // namespace shuttle::relay
