#include "agent/host/access_win32.hpp"
#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <memory>
#include <utility>

// clang-format off
#include <windows.h>
#include <sddl.h>
#include <shlobj.h>
// clang-format on

namespace imc::host {
namespace {

using boost::system::error_code;

error_code last_error() {
    return {static_cast<int>(GetLastError()), boost::system::system_category()};
}

struct CloseFile {
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};
using File = std::unique_ptr<void, CloseFile>;

File opened(HANDLE handle) {
    return File(handle == INVALID_HANDLE_VALUE ? nullptr : handle);
}

struct FreeLocal {
    void operator()(void* memory) const { LocalFree(memory); }
};

class Access {
public:
    explicit Access(bool secret) {
        if (!secret) return;
        PSECURITY_DESCRIPTOR made = nullptr;
        if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(private_access().c_str(), SDDL_REVISION_1, &made, nullptr)) {
            error_ = last_error();
            return;
        }
        descriptor_.reset(made);
        attributes_.lpSecurityDescriptor = made;
    }
    [[nodiscard]] error_code error() const { return error_; }
    [[nodiscard]] SECURITY_ATTRIBUTES* get() { return descriptor_ ? &attributes_ : nullptr; }
    [[nodiscard]] PSECURITY_DESCRIPTOR descriptor() const { return descriptor_.get(); }

private:
    std::unique_ptr<void, FreeLocal> descriptor_;
    SECURITY_ATTRIBUTES attributes_{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
    error_code error_;
};

error_code write_new(const std::wstring& path, const std::string& content, bool secret) {
    Access access(secret);
    if (access.error()) return access.error();
    DeleteFileW(path.c_str());  // left behind by a write that was cut off
    const File file = opened(CreateFileW(path.c_str(), GENERIC_WRITE, 0, access.get(), CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file) return last_error();
    std::size_t done = 0;
    while (done < content.size()) {
        DWORD written = 0;
        const auto piece = static_cast<DWORD>(std::min<std::size_t>(content.size() - done, 1U << 20));
        if (!WriteFile(file.get(), content.data() + done, piece, &written, nullptr)) return last_error();
        done += written;
    }
    return FlushFileBuffers(file.get()) ? error_code() : last_error();
}

bool parent_is_file(const std::wstring& path) {
    const DWORD attributes = GetFileAttributesW(path.substr(0, path.rfind(L'\\')).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

error_code make_directory(const std::wstring& path, SECURITY_ATTRIBUTES* access) {
    if (CreateDirectoryW(path.c_str(), access)) return {};
    const auto error = last_error();
    const DWORD attributes = GetFileAttributesW(path.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) return parent_is_file(path) ? make_error_code(errc::not_a_directory) : error;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? error_code() : make_error_code(errc::not_a_directory);
}

std::string program_data() {
    PWSTR folder = nullptr;
    const HRESULT found = SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &folder);
    const std::string result = found == S_OK ? utf8(folder) : "C:\\ProgramData";
    CoTaskMemFree(folder);
    return result;
}

std::wstring current_version(const wchar_t* name) {
    wchar_t text[256] = {};
    DWORD bytes = sizeof text;
    const auto* key = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, nullptr, text, &bytes) != ERROR_SUCCESS) return {};
    return text;
}

}  // namespace

boost::system::result<std::string> read_file(const std::string& path, std::size_t limit) {
    constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    // Backup semantics open directories, too, so that one can be told from a file that may not be read. Another program's
    // pipe must not act as us.
    constexpr DWORD flags = FILE_FLAG_BACKUP_SEMANTICS | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
    const File file = opened(CreateFileW(long_path(path).c_str(), GENERIC_READ, share, nullptr, OPEN_EXISTING, flags, nullptr));
    if (!file) return last_error();
    BY_HANDLE_FILE_INFORMATION about{};
    if (GetFileType(file.get()) != FILE_TYPE_DISK) return make_error_code(errc::not_a_file);
    if (!GetFileInformationByHandle(file.get(), &about)) return last_error();
    if ((about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return make_error_code(errc::not_a_file);
    std::string content;
    char piece[16'384];
    for (;;) {
        DWORD got = 0;
        if (!ReadFile(file.get(), piece, sizeof piece, &got, nullptr)) return last_error();
        if (got == 0) return content;
        if (content.size() + got > limit) return make_error_code(errc::file_too_large);
        content.append(piece, got);
    }
}

boost::system::result<void> write_file(const std::string& path, const std::string& content, bool secret) {
    const auto target = long_path(path);
    const auto beside = target + L".new";
    const auto stored = secret ? protect(content) : boost::system::result<std::string>(content);
    if (!stored) return stored.error();
    auto error = write_new(beside, *stored, secret);
    // Not ReplaceFileW: it would keep the old file's access list, and a secret must not inherit a looser one.
    if (!error && !MoveFileExW(beside.c_str(), target.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) error = last_error();
    if (!error) return boost::system::result<void>();
    DeleteFileW(beside.c_str());
    return error;
}

boost::system::result<void> remove_file(const std::string& path) {
    if (DeleteFileW(long_path(path).c_str())) return boost::system::result<void>();
    const auto error = last_error();
    if (error == boost::system::errc::no_such_file_or_directory) return boost::system::result<void>();
    return error;
}

boost::system::result<void> make_private_directory(const std::string& path) {
    if (path.empty()) return make_error_code(boost::system::errc::invalid_argument);
    Access access(true);
    if (access.error()) return access.error();
    auto target = long_path(path);
    while (target.size() > 7 && target.back() == L'\\') target.pop_back();
    if (shared_by_design(target)) return make_error_code(errc::not_private);
    // Behind "\\?\C:\"; the parts of a UNC path before the share fail harmlessly, since the last call decides.
    for (auto slash = target.find(L'\\', 7); slash != std::wstring::npos; slash = target.find(L'\\', slash + 1)) {
        CreateDirectoryW(target.substr(0, slash).c_str(), nullptr);
    }
    if (const auto error = make_directory(target, access.get()); error) return error;
    if (!SetFileSecurityW(target.c_str(), DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, access.descriptor()))
        return last_error();
    return boost::system::result<void>();
}

std::string default_data_directory() {
    return program_data() + "\\ImageManager Connector";
}

std::string default_config_file() {
    return default_data_directory() + "\\imconnector.toml";
}

std::string host_name() {
    wchar_t name[256] = {};
    DWORD length = 256;
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &length) || length == 0) return "localhost";
    return utf8(std::wstring(name, length));
}

std::string os_name() {
    auto name = utf8(current_version(L"ProductName"));
    const auto build = utf8(current_version(L"CurrentBuildNumber"));
    // The registry of Windows 11 still says 10.
    if (name.starts_with("Windows 10") && build.size() >= 5 && build >= "22000") name.replace(0, 10, "Windows 11");
    if (name.empty()) name = "Windows";
    return build.empty() ? name : name + " (build " + build + ")";
}

}  // namespace imc::host
