#include "agent/imagemanager/installation.hpp"

namespace imc::imagemanager {

// ImageManager is a program for Windows.
ServiceFacts ask_service() {
    return {};
}

std::vector<std::string> usual_programs() {
    return {};
}

}  // namespace imc::imagemanager
