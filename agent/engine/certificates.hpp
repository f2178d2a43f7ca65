// Keeps the server's certificate current: the agent's own (made, renewed) or the user's files (watched for changes).
// What it is not: the making of certificates (auth/certificate.hpp). Thread: the network thread; reads small files.
#pragma once

#include "agent/api/server.hpp"
#include "agent/auth/certificate.hpp"
#include "agent/engine/engine.hpp"

#include <optional>
#include <string>

namespace imc::engine {

class Certificates {
public:
    Certificates(std::string directory, std::string host_name);
    // What the server should use now; nothing where it is the same as at the last call. The error is a sentence.
    struct Material {
        api::TlsMaterial tls;
        auth::CertificateFacts facts;
    };
    [[nodiscard]] boost::system::result<std::optional<Material>, std::string> refresh(const config::Config& config, std::int64_t now);

private:
    [[nodiscard]] boost::system::result<auth::Certificate, std::string> current(const config::Config& config, std::int64_t now) const;
    std::string directory_;
    std::string host_name_;
    std::string last_;
};

}  // namespace imc::engine
