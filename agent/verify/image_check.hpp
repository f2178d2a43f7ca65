// One image held against its .md5, piece by piece: between two pieces no file is open, so that whoever wants to rename or remove
// the image can, and the caller may wait as long as it likes. What it is not: a thread or a throttle; the caller says when and how
// much.
#pragma once

#include "agent/imagemanager/file_hasher.hpp"
#include "agent/store/checks.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace imc::verify {

class ImageCheck {
public:
    // `name` is an image in `directory`.
    ImageCheck(std::string directory, std::string name);

    // Reads on for about `bytes`; true when the result is known. Waits for the disk. A stop leaves everything as it is and gives
    // false, too.
    [[nodiscard]] bool advance(std::uint64_t bytes, std::stop_token stop);
    [[nodiscard]] std::uint64_t done() const noexcept { return hasher_.done(); }

    // Of a finished check; digests and `bytes` as well. `why`: a word or two of an error, for a log.
    [[nodiscard]] store::CheckResult result() const noexcept { return result_; }
    [[nodiscard]] const std::string& digest() const noexcept { return digest_; }
    [[nodiscard]] const std::string& expected() const noexcept { return expected_; }
    [[nodiscard]] const std::string& why() const noexcept { return why_; }

private:
    bool finish(store::CheckResult result, std::string why = {});
    bool read_expected();
    bool compare();

    std::string directory_;
    std::string name_;
    imagemanager::FileHasher hasher_;
    std::optional<imagemanager::Md5> wanted_;
    store::CheckResult result_ = store::CheckResult::unreadable;
    std::string digest_;
    std::string expected_;
    std::string why_;
};

}  // namespace imc::verify
