#include "agent/host/secret.hpp"
#include "agent/host/wide_win32.hpp"

#include <boost/system/error_code.hpp>
#include <dpapi.h>
#include <memory>
#include <string_view>

namespace imc::host {
namespace {

// Says what follows; neither a PEM file nor a token begins so.
constexpr std::string_view mark = "imconnector DPAPI machine 1\n";

struct Wipe {
    std::size_t bytes;
    void operator()(BYTE* memory) const {
        SecureZeroMemory(memory, bytes);
        LocalFree(memory);
    }
};

DATA_BLOB blob_of(std::string_view content) {
    return {static_cast<DWORD>(content.size()), const_cast<BYTE*>(reinterpret_cast<const BYTE*>(content.data()))};
}

std::string content_of(const DATA_BLOB& blob) {
    const std::unique_ptr<BYTE, Wipe> held(blob.pbData, Wipe{blob.cbData});
    return {reinterpret_cast<const char*>(blob.pbData), blob.cbData};
}

boost::system::error_code last_error() {
    return {static_cast<int>(GetLastError()), boost::system::system_category()};
}

}  // namespace

bool wants_protection(const std::string& stored) {
    return !stored.empty() && !stored.starts_with(mark);
}

boost::system::result<std::string> protect(const std::string& plain) {
    DATA_BLOB in = blob_of(plain);
    DATA_BLOB out{};
    // For the computer, not for the account: the command line runs as another one than the service.
    constexpr DWORD flags = CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN;
    if (CryptProtectData(&in, nullptr, nullptr, nullptr, nullptr, flags, &out) == FALSE) return last_error();
    return std::string(mark) + content_of(out);
}

boost::system::result<std::string> unprotect(const std::string& stored) {
    if (!stored.starts_with(mark)) return stored;
    DATA_BLOB in = blob_of(std::string_view(stored).substr(mark.size()));
    DATA_BLOB out{};
    if (CryptUnprotectData(&in, nullptr, nullptr, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &out) == FALSE) return last_error();
    return content_of(out);
}

}  // namespace imc::host
