// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fmt/format.h>

namespace her2 {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~FileSource() override {
    if (owned_) {
      ::close(descriptor_);
    }
  }

  Result<std::size_t> read(char* out, std::size_t room) override {
    for (;;) {
      const auto got = ::read(descriptor_, out, std::min<std::size_t>(room, 1U << 30));
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) {
        return fail(fmt::format("cannot be read: {}", std::strerror(errno)));
      }
    }
  }

 private:
  int descriptor_;
  bool owned_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view text, std::size_t piece) : text_(text), piece_(std::max<std::size_t>(piece, 1)) {}

  Result<std::size_t> read(char* out, std::size_t room) override {
    const auto count = std::min({room, piece_, text_.size()});
    std::memcpy(out, text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

// Lets one look at the first bytes before they are read.
class PeekSource final : public ByteSource {
 public:
  explicit PeekSource(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)) {}

  Result<std::string_view> peek() {
    while (filled_ < head_.size()) {
      const auto got = inner_->read(head_.data() + filled_, head_.size() - filled_);
      if (!got) {
        return tl::unexpected(got.error());
      }
      if (*got == 0) {
        break;
      }
      filled_ += *got;
    }
    return std::string_view(head_.data(), filled_);
  }

  void skip(std::size_t count) { given_ += count; }

  Result<std::size_t> read(char* out, std::size_t room) override {
    if (given_ < filled_) {
      const auto count = std::min(room, filled_ - given_);
      std::memcpy(out, head_.data() + given_, count);
      given_ += count;
      return count;
    }
    return inner_->read(out, room);
  }

 private:
  std::unique_ptr<ByteSource> inner_;
  std::array<char, 256> head_{};
  std::size_t filled_ = 0;
  std::size_t given_ = 0;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)), packed_(1U << 18) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  ~GzipSource() override {
    if (ready_) {
      inflateEnd(&stream_);
    }
  }

  Result<std::size_t> read(char* out, std::size_t room) override {
    if (!ready_) {
      return fail("not enough memory to undo gzip");
    }
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1U << 30));
    const auto wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      if (auto more = refill(); !more) {
        return tl::unexpected(more.error());
      }
      if (stream_.avail_in == 0) {
        return between_members_ ? Result<std::size_t>(0)
                                : fail("truncated gzip file: it ends in the middle of the packed data");
      }
      if (between_members_ && inflateReset(&stream_) != Z_OK) {
        return fail("damaged gzip file");
      }
      between_members_ = false;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        between_members_ = true;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return fail(
            fmt::format("damaged gzip file: {}", stream_.msg != nullptr ? stream_.msg : "it cannot be unpacked"));
      }
    }
    return wanted - stream_.avail_out;
  }

 private:
  Result<void> refill() {
    if (stream_.avail_in == 0) {
      const auto got = inner_->read(packed_.data(), packed_.size());
      if (!got) {
        return tl::unexpected(got.error());
      }
      stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
      stream_.avail_in = static_cast<uInt>(*got);
    }
    return {};
  }

  std::unique_ptr<ByteSource> inner_;
  std::vector<char> packed_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = false;
};

// What the first bytes tell that no table begins with; nullptr when nothing speaks against text.
const char* foreign_format(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("PK\x03\x04"sv)) {
    return "a zip archive or an Excel workbook (.xlsx); unpack it, or save the sheet as CSV (UTF-8)";
  }
  if (head.starts_with("\xD0\xCF\x11\xE0"sv)) {
    return "an old Excel workbook (.xls); save the sheet as CSV (UTF-8)";
  }
  if (head.starts_with("PAR1"sv)) {
    return "a Parquet file; export it as CSV";
  }
  if (head.starts_with("%PDF"sv)) {
    return "a PDF; a table of text is expected";
  }
  if (head.starts_with("BZh"sv) || head.starts_with("\xFD\x37zXZ"sv) || head.starts_with("\x28\xB5\x2F\xFD"sv)) {
    return "packed by bzip2, xz or zstd; unpack it first (only gzip is undone here)";
  }
  return nullptr;
}

bool has_utf16_mark(std::string_view head) { return head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"); }

// ASCII text in UTF-16 has a zero byte in every pair.
bool looks_utf16(std::string_view head) {
  if (has_utf16_mark(head)) {
    return true;
  }
  const auto pairs = head.size() / 2;
  const auto zeros = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\0'));
  return pairs >= 4 && zeros * 10 >= pairs * 8 && zeros <= pairs + 1;
}

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string_view text, std::size_t piece) {
  return std::make_unique<MemorySource>(text, piece);
}

Result<std::unique_ptr<ByteSource>> open_text(std::unique_ptr<ByteSource> bytes, Encoding encoding) {
  auto source = std::make_unique<PeekSource>(std::move(bytes));
  auto head = source->peek();
  if (head && head->starts_with("\x1F\x8B")) {
    source = std::make_unique<PeekSource>(std::make_unique<GzipSource>(std::move(source)));
    head = source->peek();
  }
  if (!head) {
    return tl::unexpected(head.error());
  }
  if (const auto* format = foreign_format(*head)) {
    return fail(fmt::format("is {}", format));
  }
  if (encoding == Encoding::utf8) {
    if (looks_utf16(*head)) {
      return fail(
          "is UTF-16 text; convert it (iconv -f UTF-16 -t UTF-8), or set encoding = \"utf-16\" in the column map");
    }
    if (head->starts_with("\xEF\xBB\xBF")) {
      source->skip(3);
    }
    return source;
  }
  return decoded(std::move(source), encoding);
}

Result<std::unique_ptr<ByteSource>> open_text(const std::string& path, Encoding encoding) {
  if (path == "-") {
    return open_text(std::make_unique<FileSource>(STDIN_FILENO, false), encoding);
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  auto file = std::make_unique<FileSource>(descriptor, true);
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail("is a folder; a table is expected");
  }
  return open_text(std::move(file), encoding);
}

}  // namespace her2
