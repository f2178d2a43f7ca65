#include "shuttle/relay/places.hpp"

#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/material.hpp"

#include <boost/system/errc.hpp>

namespace shuttle::relay {
namespace {

constexpr std::size_t largest_pem = 256 * 1024;
namespace host = imc::host;

bool missing(const boost::system::error_code& error) {
    return error == boost::system::errc::no_such_file_or_directory;
}

template <class T>
Told<T> because(std::string why) {
    return Told<T>(boost::system::in_place_error, std::move(why));
}

Told<io::Certificate> read_pair(const std::string& certificate, const std::string& key) {
    const auto chain = host::read_file(certificate, largest_pem);
    if (!chain) return because<io::Certificate>(certificate + " cannot be read: " + chain.error().message());
    const auto secret = host::read_secret(key, largest_pem);
    if (!secret) return because<io::Certificate>(key + " cannot be read: " + secret.error().message());
    return io::Certificate{*chain, *secret};
}

Told<io::Certificate> own_certificate(const Config& config, const Places& places) {
    if (host::read_file(places.certificate, largest_pem)) return read_pair(places.certificate, places.certificate_key);
    const auto place = core::parse_host_port(config.public_address);
    auto made = io::make_self_signed(place ? place->host : "imshuttle");
    if (!made) return made;
    // The key first: a certificate without its key would be taken for a whole pair.
    if (auto written = host::write_file(places.certificate_key, made->key_pem, true); !written)
        return because<io::Certificate>(places.certificate_key + " cannot be written: " + written.error().message());
    if (auto written = host::write_file(places.certificate, made->chain_pem, false); !written)
        return because<io::Certificate>(places.certificate + " cannot be written: " + written.error().message());
    return made;
}

}  // namespace

Places::Places(const Config& config)
    : directory(config.data_directory.empty() ? default_data_directory() : config.data_directory),
      lock(directory + "/relay.lock"),
      registry(directory + "/registry.db"),
      key(directory + "/relay.key"),
      certificate(directory + "/certificate.pem"),
      certificate_key(directory + "/certificate.key"),
      state(directory + "/state.json") {}

Told<std::shared_ptr<const io::Key>> identity(const Places& places) {
    using Result = std::shared_ptr<const io::Key>;
    const auto text = host::read_own_secret(places.key, 1024);
    if (text) {
        io::Key::PrivateBytes bytes{};
        if (!io::from_hex(std::string_view(*text).substr(0, text->find_last_not_of("\r\n") + 1), bytes))
            return because<Result>(places.key + " is no key of a relay");
        return Result(io::Key::from(bytes));
    }
    if (!missing(text.error())) return because<Result>(places.key + " cannot be read: " + text.error().message());
    Result key = io::Key::make();
    if (auto written = host::write_file(places.key, io::hex(key->private_bytes()) + "\n", true); !written)
        return because<Result>(places.key + " cannot be written: " + written.error().message());
    return key;
}

Told<Material> material(const Config& config, const Places& places) {
    Material all;
    auto key = identity(places);
    if (!key) return because<Material>(key.error());
    all.key = std::move(*key);
    const bool agents_own = config.agents_certificate.empty();
    const bool portal_own = config.portal_certificate.empty();
    auto agents = agents_own ? own_certificate(config, places) : read_pair(config.agents_certificate, config.agents_certificate_key);
    if (!agents) return because<Material>(agents.error());
    all.agents = std::move(*agents);
    auto portal = portal_own ? own_certificate(config, places) : read_pair(config.portal_certificate, config.portal_certificate_key);
    if (!portal) return because<Material>(portal.error());
    all.portal = std::move(*portal);
    return all;
}

}  // namespace shuttle::relay
