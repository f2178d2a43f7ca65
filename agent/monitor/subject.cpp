#include "agent/monitor/subject.hpp"

namespace imc::monitor {

std::string volume_subject(const std::string& volume, const std::string& machine, const std::string& customer) {
    std::string text = volume;
    if (!machine.empty()) text += " of " + machine;
    if (!customer.empty()) text += " (" + customer + ")";
    return text;
}

std::string volume_subject(const store::VolumeRecord& volume) {
    return volume_subject(volume.volume, volume.machine, volume.customer);
}

std::string folded(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace imc::monitor
