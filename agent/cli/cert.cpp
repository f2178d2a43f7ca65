#include "agent/api/views.hpp"
#include "agent/auth/certificate.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/engine/engine.hpp"
#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"
#include "agent/monitor/words.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

constexpr std::size_t largest_pem = 256 * 1024;

using auth::Told;

Told<std::string> read_pem(const std::string& file) {
    auto content = host::read_secret(file, largest_pem);
    if (!content) return Told<std::string>(boost::system::in_place_error, "cannot read " + file + ": " + content.error().message());
    return Told<std::string>(boost::system::in_place_value, std::move(*content));
}

// The files that the agent serves with: the user's own where the configuration names them, else its own.
struct Files {
    explicit Files(const config::Config& config)
        : directory(engine::Places(config).certificates),
          certificate(config.certificate.empty() ? imc::scan::join(directory, "certificate.pem") : config.certificate),
          key(config.certificate_key.empty() ? imc::scan::join(directory, "certificate.key") : config.certificate_key),
          own(config.certificate.empty()) {}
    std::string directory, certificate, key;
    bool own;
};

std::vector<std::string> own_names(const config::Config& config) {
    std::vector<std::string> names = {host::host_name(), "localhost", "127.0.0.1", "::1"};
    names.insert(names.end(), config.certificate_names.begin(), config.certificate_names.end());
    return names;
}

std::string validity(const auth::CertificateFacts& facts, std::int64_t now) {
    const std::string days = monitor::rfc3339(facts.not_before).substr(0, 10) + " to " + monitor::rfc3339(facts.not_after).substr(0, 10);
    if (now > facts.not_after) return days + " (expired " + monitor::age_text(now - facts.not_after) + " ago)";
    if (now < facts.not_before) return days + " (not valid yet)";
    return days + " (" + monitor::age_text(facts.not_after - now) + " left)";
}

nlohmann::json facts_json(const auth::CertificateFacts& facts, const std::string& file) {
    return {{"file", file},
            {"subject", facts.subject},
            {"issuer", facts.issuer},
            {"names", facts.names},
            {"not_before", api::time_json(facts.not_before)},
            {"not_after", api::time_json(facts.not_after)},
            {"sha256", facts.sha256},
            {"spki_sha256", facts.spki_sha256},
            {"self_signed", facts.self_signed}};
}

std::string facts_page(const auth::CertificateFacts& facts, const std::string& file, std::int64_t now) {
    std::string names;
    for (const auto& name : facts.names) names += (names.empty() ? "" : ", ") + visible(name);
    const bool ends = now > facts.not_after;
    std::string out = "subject      " + visible(facts.subject) + "\n";
    out += "issuer       " + (facts.self_signed ? std::string("self-signed") : visible(facts.issuer)) + "\n";
    out += "names        " + names + "\n";
    out += "valid        " + validity(facts, now) + "\n";
    out += "sha256       " + facts.sha256 + "\n";
    out += "public key   " + facts.spki_sha256 + "\n";
    out += "file         " + visible(file) + "\n";
    return ends ? out + "\nThe certificate has expired; callers that check it refuse the agent.\n" : out;
}

Told<auth::CertificateFacts> facts_of(const Files& files) {
    auto pem = read_pem(files.certificate);
    const auto refused = [](std::string says) { return Told<auth::CertificateFacts>(boost::system::in_place_error, std::move(says)); };
    if (!pem) return refused(pem.error() + (files.own ? "; the agent makes one at its first start" : ""));
    auto facts = auth::read(*pem);
    return facts ? facts : refused(files.certificate + ": " + facts.error());
}

int taken_up(const Context& context, const std::string& what, const auth::CertificateFacts& facts) {
    context.out << "sha256       " << facts.sha256 << "\npublic key   " << facts.spki_sha256 << "\n" << std::flush;
    context.err << what << "; a running agent takes it up within a minute.\n";
    return exit_ok;
}

}  // namespace

int show_certificate(const Context& context, bool as_json) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const Files files(*config);
    const auto facts = facts_of(files);
    if (!facts) return context.complain(facts.error());
    if (as_json) {
        context.print(facts_json(*facts, files.certificate));
    } else {
        context.out << facts_page(*facts, files.certificate, context.now());
    }
    return exit_ok;
}

int import_certificate(const Context& context, const std::string& certificate_file, const std::string& key_file) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const Files files(*config);
    if (!files.own)
        return context.complain("api.certificate names " + files.certificate + ", which the agent uses; replace that file instead");
    auto chain = read_pem(certificate_file);
    if (!chain) return context.complain(chain.error());
    auto key = read_pem(key_file);
    if (!key) return context.complain(key.error());
    if (auto made = host::make_private_directory(files.directory); !made) {
        return context.complain("cannot make " + files.directory + ": " + made.error().message());
    }
    const auth::Certificate pair{std::move(*chain), std::move(*key)};
    if (auto imported = auth::import_pair(files.directory, pair, context.now()); !imported) {
        return context.complain(certificate_file + ": " + imported.error());
    }
    const auto facts = auth::read(pair.chain_pem);
    if (!facts) return context.complain(facts.error());
    return taken_up(context, "The certificate is imported", *facts);
}

int request_certificate(const Context& context, const std::vector<std::string>& names) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const Files files(*config);
    const auto key = read_pem(files.key);
    if (!key) return context.complain(key.error() + "; the agent makes a key at its first start");
    auto all = names.empty() ? own_names(*config) : names;
    const auto request = auth::make_request(*key, all.front(), all);
    if (!request) return context.complain(request.error());
    context.out << *request << std::flush;
    context.err << "Give this to your certificate authority, then: imconnector cert import --certificate FILE --key " << visible(files.key)
                << "\n";
    return exit_ok;
}

int renew_certificate(const Context& context) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const Files files(*config);
    std::string key;
    if (exists(files.certificate)) {
        const auto facts = facts_of(files);
        if (!facts) return context.complain(facts.error());
        if (!files.own || !facts->self_signed) {
            return context.complain("the certificate was issued by " + facts->issuer +
                                    ", who has to renew it: imconnector cert csr, then imconnector cert import");
        }
        auto pem = read_pem(files.key);
        if (!pem) return context.complain(pem.error());
        key = std::move(*pem);
    } else if (!files.own) {
        return context.complain(files.certificate + ", which api.certificate names, is not there");
    }
    if (auto made = host::make_private_directory(files.directory); !made) {
        return context.complain("cannot make " + files.directory + ": " + made.error().message());
    }
    const auto fresh = auth::make_self_signed(host::host_name(), own_names(*config), context.now(), key);
    if (!fresh) return context.complain(fresh.error());
    if (auto stored = auth::import_pair(files.directory, *fresh, context.now()); !stored) return context.complain(stored.error());
    const auto facts = auth::read(fresh->chain_pem);
    if (!facts) return context.complain(facts.error());
    return taken_up(context, key.empty() ? "A certificate is made" : "The certificate is renewed with the same key", *facts);
}

}  // namespace imc::cli
