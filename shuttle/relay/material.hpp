// What the relay is: its key and its certificates. What it is not: where they are kept (places.hpp).
#pragma once

#include "shuttle/io/keys.hpp"
#include "shuttle/io/tls.hpp"

#include <memory>

namespace shuttle::relay {

struct Material {  // what the relay is: made at the first start, kept in its data directory
    std::shared_ptr<const io::Key> key;
    io::Certificate agents;
    io::Certificate portal;
};

}  // namespace shuttle::relay
