// The two databases and the threads they live on: the history's writer and the settings on one thread, the history's
// reader on another. What it is not: a cache. Every call is a coroutine of the network thread.
#pragma once

#include "agent/engine/engine.hpp"
#include "agent/store/history.hpp"
#include "agent/store/settings.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>

namespace imc::engine {

class Stores {
public:
    // The error is a sentence that names the file.
    [[nodiscard]] static boost::system::result<std::unique_ptr<Stores>, std::string> open(const Places& places, store::UnixTime now);
    ~Stores();

    // `function(History&)` on the writer's thread. Name the lambda and move it in: g++ 12 destroys closures that are
    // temporaries of a co_await expression twice (gcc.gnu.org bugzilla 107288).
    template <class Function>
    auto write(Function function) -> boost::asio::awaitable<std::invoke_result_t<Function, store::History&>> {
        auto call = [this, f = std::move(function)]() mutable { return f(*writer_); };
        co_return co_await shuttle::io::on(writing_.get_executor(), std::move(call));
    }
    // `function(const History&)` on the reader's thread: sees what has been committed.
    template <class Function>
    auto read(Function function) -> boost::asio::awaitable<std::invoke_result_t<Function, const store::History&>> {
        auto call = [this, f = std::move(function)]() mutable { return f(*reader_); };
        co_return co_await shuttle::io::on(reading_.get_executor(), std::move(call));
    }
    // `function(Settings&)` on the writer's thread.
    template <class Function>
    auto settle(Function function) -> boost::asio::awaitable<std::invoke_result_t<Function, store::Settings&>> {
        auto call = [this, f = std::move(function)]() mutable { return f(*settings_); };
        co_return co_await shuttle::io::on(writing_.get_executor(), std::move(call));
    }

    // Blocks; only before the network thread runs, or after it.
    [[nodiscard]] store::Result<std::vector<store::FolderRecord>> known_folders() const { return reader_->folders(); }
    [[nodiscard]] const std::string& set_aside() const { return set_aside_; }  // a damaged history; empty: none
    void close();                                                              // waits for both threads

private:
    Stores() = default;
    boost::asio::thread_pool writing_{1};
    boost::asio::thread_pool reading_{1};
    std::optional<store::History> writer_;
    std::optional<store::History> reader_;
    std::optional<store::Settings> settings_;
    std::string set_aside_;
};

}  // namespace imc::engine
