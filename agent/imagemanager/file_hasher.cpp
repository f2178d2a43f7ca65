#include "agent/imagemanager/file_hasher.hpp"

#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/md5_digest.hpp"

namespace imc::imagemanager {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;

}  // namespace

FileHasher::FileHasher(std::string path) : path_(std::move(path)) {}
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;
FileHasher::~FileHasher() = default;

boost::system::result<FileHasher::Piece> FileHasher::advance(std::uint64_t bytes, std::stop_token stop) {
    const auto file = SharedFile::open(path_);
    if (!file) return file.error();
    const auto stamp = file->stamp();
    if (!stamp) return stamp.error();
    if (!making_) {
        making_ = std::make_unique<Md5Digest>();
        if (!making_->begin()) return make_error_code(errc::no_md5);
        stamp_ = *stamp;
    }
    if (*stamp != *stamp_) return make_error_code(errc::changed);
    file->expect_one_pass();
    chunk_.resize(chunk_bytes);
    for (std::uint64_t read = 0; read == 0 || read < bytes;) {
        if (stop.stop_requested()) return make_error_code(errc::cancelled);
        const auto got = file->read(done_, chunk_);
        if (!got) return got.error();
        if (!making_->add(std::span<const std::uint8_t>(chunk_).first(*got))) return make_error_code(errc::no_md5);
        done_ += *got;
        read += *got;
        if (done_ > stamp_->bytes) return make_error_code(errc::changed);
        if (*got < chunk_.size()) return finish(*file);
    }
    return Piece::more;
}

boost::system::result<FileHasher::Piece> FileHasher::finish(const SharedFile& file) {
    const auto after = file.stamp();
    if (!after) return after.error();
    if (*after != *stamp_ || done_ != stamp_->bytes) return make_error_code(errc::changed);
    if (!making_->end(digest_)) return make_error_code(errc::no_md5);
    chunk_ = {};
    return Piece::end;
}

}  // namespace imc::imagemanager
