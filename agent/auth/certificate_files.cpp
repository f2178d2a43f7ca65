#include "agent/auth/certificate.hpp"
#include "agent/auth/told.hpp"
#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/system/errc.hpp>

namespace imc::auth {
namespace {

constexpr std::size_t file_limit = 262'144;  // bytes
constexpr const char* own_mark = "O=ImageManager Connector";
const std::string previous = ".previous";

struct Pair {
    std::string certificate;  // paths
    std::string key;
};

Pair pair_in(const std::string& directory) {
    const bool ends = !directory.empty() && (directory.back() == '/' || directory.back() == '\\');
    const auto base = ends ? directory : directory + "/";
    return {base + "certificate.pem", base + "certificate.key"};
}

// Empty where the file is missing.
Told<std::string> content_of(const std::string& path, bool secret) {
    auto content = secret ? host::read_own_secret(path, file_limit) : host::read_file(path, file_limit);
    if (content) return told(std::move(*content));
    if (content.error() == boost::system::errc::no_such_file_or_directory) return told({});
    return Because{path + ": " + content.error().message()};
}

Told<Certificate> load(const Pair& pair) {
    const auto chain = content_of(pair.certificate, false);
    if (!chain) return Because{chain.error()};
    const auto key = content_of(pair.key, true);
    if (!key) return Because{key.error()};
    return Certificate{*chain, *key};
}

Told<void> put(const std::string& path, const std::string& content, bool secret) {
    const auto written = host::write_file(path, content, secret);
    if (!written) return Because{path + ": " + written.error().message()};
    return Told<void>();
}

// Key first: with a certificate that does not fit yet, own() goes back to the previous pair.
Told<void> save(const Pair& pair, const Certificate& certificate) {
    if (auto kept = put(pair.key, certificate.key_pem, true); !kept) return kept;
    return put(pair.certificate, certificate.chain_pem, false);
}

// Certificate and key fit; whether they have expired is another matter.
bool fits(const Certificate& certificate) {
    return !certificate.chain_pem.empty() && check(certificate, 0).has_value();
}

std::string plain(const std::string& name) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(name, error);
    return error ? name : address.to_string();
}

bool covers(const CertificateFacts& facts, const std::string& common_name, const std::vector<std::string>& names) {
    const auto has = [&](const std::string& name) {
        return std::find(facts.names.begin(), facts.names.end(), plain(name)) != facts.names.end();
    };
    return has(common_name) && std::all_of(names.begin(), names.end(), has);
}

}  // namespace

Told<Owned> own(const std::string& directory, const std::string& common_name, const std::vector<std::string>& names, std::int64_t now) {
    const auto pair = pair_in(directory);
    auto present = load(pair);
    if (!present) return Because{present.error()};
    bool restored = false;
    if (!fits(*present) && !present->chain_pem.empty()) {
        const auto before = load({pair.certificate + previous, pair.key + previous});
        if (!before || !fits(*before)) {
            return Because{pair.certificate + " and " + pair.key +
                           " are damaged or do not belong together; import a pair, or remove both files"};
        }
        present = before;
        restored = true;
    }
    if (!present->chain_pem.empty()) {
        const auto facts = read(present->chain_pem);
        if (!facts) return Because{pair.certificate + ": " + facts.error()};
        // One that somebody imported keeps its names, whatever this computer is called.
        const bool ours = facts->self_signed && facts->subject.find(own_mark) != std::string::npos;
        if (!wants_renewal(*facts, now) && (!ours || covers(*facts, common_name, names))) {
            if (!restored) return Owned{std::move(*present), false};
            if (auto saved = save(pair, *present); !saved) return Because{saved.error()};
            return Owned{std::move(*present), true};
        }
    }
    auto made = make_self_signed(common_name, names, now, present->key_pem);
    if (!made) return Because{made.error()};
    if (auto saved = save(pair, *made); !saved) return Because{saved.error()};
    return Owned{std::move(*made), true};
}

Told<void> import_pair(const std::string& directory, const Certificate& certificate, std::int64_t now) {
    if (auto good = check(certificate, now); !good) return good;
    const auto pair = pair_in(directory);
    if (const auto old = load(pair); old && fits(*old)) {
        if (auto kept = save({pair.certificate + previous, pair.key + previous}, *old); !kept) return kept;
    }
    return save(pair, certificate);
}

}  // namespace imc::auth
