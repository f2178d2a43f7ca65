#include "agent/config/path_style.hpp"

namespace imc::config {

PathStyle native_path_style() noexcept {
    return PathStyle::windows;
}

}  // namespace imc::config
