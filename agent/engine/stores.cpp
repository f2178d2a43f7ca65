#include "agent/engine/stores.hpp"

namespace imc::engine {

boost::system::result<std::unique_ptr<Stores>, std::string> Stores::open(const Places& places, store::UnixTime now) {
    std::unique_ptr<Stores> stores(new Stores);
    auto settings = store::Settings::open(places.settings);
    if (!settings) return "cannot open " + places.settings + ": " + settings.error().message();
    stores->settings_.emplace(std::move(*settings));
    auto writer = store::History::open(places.history, store::History::Mode::read_write, now);
    if (!writer) return "cannot open " + places.history + ": " + writer.error().message();
    stores->set_aside_ = writer->set_aside;
    stores->writer_.emplace(std::move(writer->history));
    auto reader = store::History::open(places.history, store::History::Mode::read_only, now);
    if (!reader) return "cannot read " + places.history + ": " + reader.error().message();
    stores->reader_.emplace(std::move(reader->history));
    return stores;
}

Stores::~Stores() {
    close();
}

void Stores::close() {
    writing_.join();
    reading_.join();
    reader_.reset();
    writer_.reset();
    settings_.reset();
}

}  // namespace imc::engine
