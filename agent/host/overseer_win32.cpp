// On a terminal nobody oversees; requests come as Ctrl+C and Ctrl+Break. The service control manager's overseer is in
// service_win32.cpp.
#include "agent/host/overseer.hpp"

namespace imc::host {
namespace {

class Nobody final : public Overseer {
public:
    void starting(StartStep) override {}
    void ready() override {}
    void reloading() override {}
    void stopping(std::chrono::milliseconds) override {}
    void stopped() override {}
    void failed(StartStep, const std::string&) override {}
    void left() override {}
    [[nodiscard]] std::optional<std::chrono::milliseconds> alive_within() const override { return std::nullopt; }
    void alive() override {}
    void on_request(std::function<void(Request)>) override {}
    [[nodiscard]] bool keeps_output() const override { return true; }
};

}  // namespace

std::unique_ptr<Overseer> overseer_of_process() {
    return std::make_unique<Nobody>();
}

}  // namespace imc::host
