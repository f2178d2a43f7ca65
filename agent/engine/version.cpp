#include "agent/version.hpp"

namespace imc {

std::string version() {
    return IMC_VERSION;
}

}  // namespace imc
