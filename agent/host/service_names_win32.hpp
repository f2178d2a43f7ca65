// What the service is called: in the service control manager, for people, and as the source of events. What it is not:
// configurable; scripts and monitors find the service by it.
#pragma once

namespace imc::host {

inline constexpr const wchar_t* service_name = L"imconnector";
inline constexpr const wchar_t* service_display_name = L"ImageManager Connector";

}  // namespace imc::host
