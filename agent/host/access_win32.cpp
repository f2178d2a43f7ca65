#include "agent/host/access_win32.hpp"

#include "agent/host/service_names_win32.hpp"

#include <array>
#include <memory>
#include <sddl.h>
#include <shlobj.h>

namespace imc::host {
namespace {

struct FreeLocal {
    void operator()(void* memory) const { LocalFree(memory); }
};

struct CloseToken {
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};

// Whether the process acts as `sid` (text).
bool acts_as(const wchar_t* sid) {
    PSID made = nullptr;
    if (ConvertStringSidToSidW(sid, &made) == 0) return false;
    const std::unique_ptr<void, FreeLocal> held(made);
    BOOL member = FALSE;
    return CheckTokenMembership(nullptr, made, &member) != 0 && member != FALSE;
}

// The account of the process as text; empty: the system does not tell.
std::wstring own_sid() {
    HANDLE opened = nullptr;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened) == 0) return {};
    const std::unique_ptr<void, CloseToken> token(opened);
    alignas(TOKEN_USER) std::array<BYTE, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
    DWORD bytes = 0;
    if (GetTokenInformation(token.get(), TokenUser, user.data(), static_cast<DWORD>(user.size()), &bytes) == 0) return {};
    wchar_t* text = nullptr;
    if (ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, &text) == 0) return {};
    const std::unique_ptr<wchar_t, FreeLocal> held(text);
    return text;
}

std::wstring full_access(const std::wstring& who) {
    return L"(A;OICI;FA;;;" + who + L")";
}

}  // namespace

std::wstring private_access() {
    std::wstring access = L"D:P" + full_access(L"SY") + full_access(L"BA") + full_access(service_sid);
    if (acts_as(L"S-1-5-18") || acts_as(L"S-1-5-32-544") || acts_as(service_sid)) return access;
    const std::wstring own = own_sid();
    return own.empty() ? access : access + full_access(own);
}

bool shared_by_design(const std::wstring& path) {
    constexpr std::wstring_view prefix = L"\\\\?\\";
    std::wstring_view bare = path;
    if (bare.starts_with(prefix)) bare.remove_prefix(prefix.size());
    while (!bare.empty() && bare.back() == L'\\') bare.remove_suffix(1);
    if (bare.size() <= 2) return true;
    for (const KNOWNFOLDERID* id :
         {&FOLDERID_ProgramData, &FOLDERID_Windows, &FOLDERID_System, &FOLDERID_ProgramFiles, &FOLDERID_UserProfiles, &FOLDERID_Profile}) {
        PWSTR folder = nullptr;
        const HRESULT found = SHGetKnownFolderPath(*id, 0, nullptr, &folder);
        const int order = found == S_OK ? CompareStringOrdinal(bare.data(), static_cast<int>(bare.size()), folder, -1, TRUE) : 0;
        CoTaskMemFree(folder);
        if (order == CSTR_EQUAL) return true;
    }
    return false;
}

}  // namespace imc::host
