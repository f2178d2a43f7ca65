// What the service is called: in the service control manager, for people, and as the source of events. What it is not:
// configurable; scripts and monitors find the service by it.
#pragma once

namespace imc::host {

inline constexpr const wchar_t* service_name = L"imconnector";
inline constexpr const wchar_t* service_display_name = L"ImageManager Connector";
// S-1-5-80 and the SHA-1 of the upper-case name in UTF-16: so Windows makes the SIDs of services, whatever their account
// is, and so it can be let in to a folder before the service is there.
inline constexpr const wchar_t* service_sid = L"S-1-5-80-4015105272-2602839997-57763312-855741601-1978810619";

}  // namespace imc::host
