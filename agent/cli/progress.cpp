#include "agent/cli/progress.hpp"

#include "agent/cli/text.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

namespace imc::cli {
namespace {

constexpr auto patience = std::chrono::seconds(1);
constexpr auto beat = std::chrono::milliseconds(200);
constexpr std::size_t cells = 20;

// Runs to and fro where nobody knows how much there is.
std::string bar(unsigned beat_number, std::uint64_t done, std::uint64_t total) {
    std::string text(cells, '.');
    if (total > 0) {
        const std::size_t full = std::min<std::size_t>(cells, done * cells / total);
        std::fill_n(text.begin(), full, '#');
    } else {
        const std::size_t at = beat_number % (2 * (cells - 3));
        std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at < cells - 3 ? at : 2 * (cells - 3) - at), 3, '#');
    }
    return "[" + text + "]";
}

}  // namespace

Progress::Progress(std::ostream& err, bool shown, std::string what, std::size_t width)
    : err_(err), what_(visible(what)), width_(std::min<std::size_t>(width, 100)) {
    if (!shown) return;
    timer_.expires_after(patience);
    tick();
    thread_ = std::thread([this] { clock_.run(); });
}

Progress::~Progress() {
    clock_.stop();
    if (thread_.joinable()) thread_.join();
    if (drawn_ > 0) err_ << "\r" << std::string(width_ - 1, ' ') << "\r" << std::flush;
}

void Progress::step(std::uint64_t done, std::uint64_t total) {
    done_ = done;
    total_ = total;
}

void Progress::tick() {
    timer_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        draw();
        timer_.expires_after(beat);
        tick();
    });
}

void Progress::draw() {
    const std::uint64_t done = done_;
    const std::uint64_t total = total_;
    std::string text = bar(drawn_, done, total) + (phase_ == Phase::reading ? " reading " : " judging ");
    if (total > 0) text += "folder " + std::to_string(std::min(done + 1, total)) + " of " + std::to_string(total) + ", ";
    const std::string seconds = " " + std::to_string(1 + drawn_ / 5) + " s";
    const std::size_t room = width_ - 1 - std::min(width_ - 1, columns(text) + seconds.size());
    err_ << "\r" << padded(text + fit(what_, room, Cut::begin) + seconds, width_ - 1) << std::flush;
    ++drawn_;
}

}  // namespace imc::cli
