#include "shuttle/relay/verbs.hpp"

namespace shuttle::relay {

std::string version() {
    return IMC_VERSION;
}

}  // namespace shuttle::relay
