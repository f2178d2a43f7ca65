// Asks the agent that runs on this computer, over its own API: finds it by agent.json and local.token in the data
// directory, trusts its certificate by the fingerprint written there and nothing else. Synchronous; each step waits
// 30 seconds at most, an answer is 64 MiB at most. What it is not: for agents on other computers, or for threads.
#pragma once

#include "agent/engine/engine.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace imc::cli {

struct Failure {
    enum class Kind {
        not_running,    // nothing listens, or the agent never started here
        not_permitted,  // its files may not be read by this account
        untrusted,      // something else answers there
        refused,        // an answer of 4xx or 5xx
        failed,         // anything else on the way
    };
    Failure() = default;
    Failure(Kind what, std::string sentence, unsigned of_answer = 0) : kind(what), says(std::move(sentence)), status(of_answer) {}

    Kind kind = Kind::failed;
    std::string says;     // a sentence for standard error, without secrets
    unsigned status = 0;  // of the answer, where refused
};

template <class T>
using Answer = boost::system::result<T, Failure>;

class Client {
public:
    // Reads the two files; connects with the first question. `directory` of the places names what could not be read.
    [[nodiscard]] static Answer<Client> open(const engine::Places& places);
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    [[nodiscard]] Answer<nlohmann::json> get(const std::string& target);
    [[nodiscard]] Answer<nlohmann::json> post(const std::string& target, const nlohmann::json& body);
    [[nodiscard]] Answer<nlohmann::json> erase(const std::string& target);
    // A list with the items of all its pages; `target` may have a query. next_cursor is left out.
    [[nodiscard]] Answer<nlohmann::json> all(const std::string& target);

    [[nodiscard]] const std::string& url() const;
    [[nodiscard]] const std::string& fingerprint() const;  // as agent.json has it

private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Percent-encoded for a path segment or a query value.
[[nodiscard]] std::string encoded(std::string_view text);

}  // namespace imc::cli
