#include "agent/engine/certificates.hpp"

#include "agent/host/secret.hpp"

namespace imc::engine {
namespace {

constexpr std::size_t pem_limit = 256 * 1024;

// The problem in a sentence; empty: `pem` has the content.
std::string read_pem(const std::string& path, std::string& pem) {
    auto content = host::read_secret(path, pem_limit);
    if (!content) return "cannot read " + path + ": " + content.error().message();
    pem = std::move(*content);
    return {};
}

}  // namespace

Certificates::Certificates(std::string directory, std::string host_name)
    : directory_(std::move(directory)), host_name_(std::move(host_name)) {}

boost::system::result<auth::Certificate, std::string> Certificates::current(const config::Config& config, std::int64_t now) const {
    // Said outright: a certificate could be made of a string, too.
    const auto failed = [](const std::string& why) {
        return boost::system::result<auth::Certificate, std::string>(boost::system::in_place_error, why);
    };
    if (config.certificate.empty()) {
        std::vector<std::string> names = config.certificate_names;
        names.insert(names.begin(), {host_name_, "localhost", "127.0.0.1", "::1"});
        auto owned = auth::own(directory_, host_name_, names, now);
        if (!owned) return failed(owned.error());
        return std::move(owned->certificate);
    }
    auth::Certificate certificate;
    if (auto problem = read_pem(config.certificate, certificate.chain_pem); !problem.empty()) return failed(problem);
    if (auto problem = read_pem(config.certificate_key, certificate.key_pem); !problem.empty()) return failed(problem);
    if (auto fits = auth::check(certificate, now); !fits) return failed(config.certificate + ": " + fits.error());
    return certificate;
}

boost::system::result<std::optional<Certificates::Material>, std::string> Certificates::refresh(const config::Config& config,
                                                                                                std::int64_t now) {
    auto certificate = current(config, now);
    if (!certificate) return certificate.error();
    std::string client_ca;
    if (!config.client_ca.empty()) {
        if (auto problem = read_pem(config.client_ca, client_ca); !problem.empty()) return problem;
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
