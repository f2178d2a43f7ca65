// The MD5 of a file, read in pieces with the file closed between them: whoever wants to rename or remove it can. A file that is
// written between two pieces has no digest. What it is not: for many processes; what was read is kept in memory only.
#pragma once

#include "agent/imagemanager/shared_file.hpp"
#include "agent/imagemanager/sidecar.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace imc::imagemanager {

class Md5Digest;

// Any thread, one at a time.
class FileHasher {
public:
    enum class Piece : std::uint8_t { more, end };
    explicit FileHasher(std::string path);
    FileHasher(FileHasher&&) noexcept;
    FileHasher& operator=(FileHasher&&) noexcept;
    ~FileHasher();

    // Reads on for at least one chunk and about `bytes`; `end` at the file's end. errc::changed where the file is not what it was at
    // the first piece, errc::cancelled (the next call goes on), errc::no_md5, host::errc::not_a_file, else the system's error.
    [[nodiscard]] boost::system::result<Piece> advance(std::uint64_t bytes, std::stop_token stop);
    [[nodiscard]] std::uint64_t done() const noexcept { return done_; }
    [[nodiscard]] const Md5& digest() const noexcept { return digest_; }  // after the end

private:
    [[nodiscard]] boost::system::result<Piece> finish(const SharedFile& file);

    std::string path_;
    std::unique_ptr<Md5Digest> making_;
    std::optional<FileStamp> stamp_;
    std::vector<std::uint8_t> chunk_;
    std::uint64_t done_ = 0;
    Md5 digest_{};
};

}  // namespace imc::imagemanager
