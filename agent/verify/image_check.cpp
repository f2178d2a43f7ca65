#include "agent/verify/image_check.hpp"

#include "agent/imagemanager/errors.hpp"
#include "agent/scan/listing.hpp"

#include <boost/system/errc.hpp>

namespace imc::verify {
namespace {

using imagemanager::errc;
using store::CheckResult;

struct Expected {
    CheckResult result = CheckResult::good;  // good: `digest` is known
    imagemanager::Md5 digest{};
    std::string why;
};

Expected expected_of(const std::string& directory, const std::string& image) {
    const auto name = imagemanager::sidecar_name(image);
    if (!name) return {CheckResult::no_sidecar, {}, {}};
    const auto sidecar = imagemanager::read_sidecar(scan::join(directory, *name));
    if (!sidecar) {
        const auto& error = sidecar.error();
        if (error == boost::system::errc::no_such_file_or_directory) return {CheckResult::no_sidecar, {}, {}};
        const bool odd = error == make_error_code(errc::not_a_sidecar) || error == make_error_code(errc::too_large);
        return {odd ? CheckResult::no_entry : CheckResult::unreadable, {}, error.message()};
    }
    const auto* entry = sidecar->entry_of(image);
    if (entry == nullptr) return {CheckResult::no_entry, {}, "it says nothing of this image"};
    return {CheckResult::good, entry->digest, {}};
}

}  // namespace

ImageCheck::ImageCheck(std::string directory, std::string name)
    : directory_(std::move(directory)), name_(std::move(name)), hasher_(scan::join(directory_, name_)) {}

bool ImageCheck::finish(CheckResult result, std::string why) {
    result_ = result;
    why_ = std::move(why);
    return true;
}

bool ImageCheck::advance(std::uint64_t bytes, std::stop_token stop) {
    if (!wanted_) {
        auto expected = expected_of(directory_, name_);
        if (expected.result != CheckResult::good) return finish(expected.result, std::move(expected.why));
        wanted_ = expected.digest;
        expected_ = imagemanager::to_text(expected.digest);
    }
    const auto end = hasher_.advance(bytes, std::move(stop));
    if (end) return *end == imagemanager::FileHasher::Piece::end && compare();
    if (end.error() == make_error_code(errc::cancelled)) return false;
    return finish(end.error() == make_error_code(errc::changed) ? CheckResult::changed : CheckResult::unreadable, end.error().message());
}

bool ImageCheck::compare() {
    const auto digest = hasher_.digest();
    digest_ = imagemanager::to_text(digest);
    if (digest == *wanted_) return finish(CheckResult::good);
    // Image and sidecar may have been replaced together after the sidecar was read.
    const auto now = expected_of(directory_, name_);
    const bool same = now.result == CheckResult::good && now.digest == *wanted_;
    return finish(same ? CheckResult::mismatch : CheckResult::changed);
}

}  // namespace imc::verify
