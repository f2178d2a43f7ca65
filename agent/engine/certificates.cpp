#include "agent/engine/certificates.hpp"

#include "agent/host/files.hpp"

namespace imc::engine {
namespace {

constexpr std::size_t pem_limit = 256 * 1024;

boost::system::result<std::string, std::string> read_pem(const std::string& path) {
    auto content = host::read_file(path, pem_limit);
    if (!content) return "cannot read " + path + ": " + content.error().message();
    return std::move(*content);
}

}  // namespace

Certificates::Certificates(std::string directory, std::string host_name)
    : directory_(std::move(directory)), host_name_(std::move(host_name)) {}

boost::system::result<auth::Certificate, std::string> Certificates::current(const config::Config& config, std::int64_t now) const {
    if (config.certificate.empty()) {
        std::vector<std::string> names = config.certificate_names;
        names.insert(names.begin(), {host_name_, "localhost", "127.0.0.1", "::1"});
        auto owned = auth::own(directory_, host_name_, names, now);
        if (!owned) return owned.error();
        return std::move(owned->certificate);
    }
    auth::Certificate certificate;
    auto chain = read_pem(config.certificate);
    if (!chain) return chain.error();
    auto key = read_pem(config.certificate_key);
    if (!key) return key.error();
    certificate.chain_pem = std::move(*chain);
    certificate.key_pem = std::move(*key);
    if (auto fits = auth::check(certificate, now); !fits) return config.certificate + ": " + fits.error();
    return certificate;
}

boost::system::result<std::optional<Certificates::Material>, std::string> Certificates::refresh(const config::Config& config,
                                                                                               std::int64_t now) {
    auto certificate = current(config, now);
    if (!certificate) return certificate.error();
    std::string client_ca;
    if (!config.client_ca.empty()) {
        auto read = read_pem(config.client_ca);
        if (!read) return read.error();
        client_ca = std::move(*read);
    }
    const std::string all = certificate->chain_pem + certificate->key_pem + client_ca + (config.client_certificate_required ? "1" : "0");
    if (all == last_) return std::optional<Material>();
    auto facts = auth::read(certificate->chain_pem);
    if (!facts) return facts.error();
    last_ = all;
    Material material;
    material.tls = {certificate->chain_pem, certificate->key_pem, client_ca, config.client_certificate_required};
    material.facts = std::move(*facts);
    return std::optional<Material>(std::move(material));
}

}  // namespace imc::engine
