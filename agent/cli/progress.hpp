// A line on standard error while something takes longer than a second: what is being done and for how long. It is gone
// when the object is. What it is not: for output that is kept; without a terminal it does nothing at all.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <thread>

namespace imc::cli {

class Progress {
public:
    enum class Phase : std::uint8_t { reading, judging };
    // `what` names the thing, such as a folder; `err` must outlive the object and nobody else may write to it meanwhile.
    Progress(std::ostream& err, bool shown, std::string what, std::size_t width);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void phase(Phase phase) { phase_ = phase; }
    void step(std::uint64_t done, std::uint64_t total);  // folders, of a backup store

private:
    void tick();
    void draw();

    std::ostream& err_;
    std::string what_;
    std::size_t width_;
    std::atomic<Phase> phase_ = Phase::reading;
    std::atomic<std::uint64_t> done_ = 0, total_ = 0;
    unsigned drawn_ = 0;
    boost::asio::io_context clock_{1};
    boost::asio::steady_timer timer_{clock_};
    std::thread thread_;
};

}  // namespace imc::cli
