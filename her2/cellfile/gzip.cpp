// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/gzip.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "her2/core/output_file.h"

namespace her2 {

struct TextFile::State {
  explicit State(OutputFile out) : file(std::move(out)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (packing) {
      deflateEnd(&stream);
    }
  }

  // Packs what is in `input`; with Z_FINISH to the end.
  Result<void> pack(std::string_view input, int how) {
    stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(input.data()));  // NOLINT: zlib's interface
    stream.avail_in = static_cast<uInt>(input.size());
    int code = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(packed.data());
      stream.avail_out = static_cast<uInt>(packed.size());
      code = deflate(&stream, how);
      if (auto done = file.write({packed.data(), packed.size() - stream.avail_out}); !done) {
        return done;
      }
    } while (stream.avail_out == 0 || (how == Z_FINISH && code == Z_OK));
    return {};
  }

  OutputFile file;
  bool packing = false;
  z_stream stream{};
  std::vector<char> packed;
};

TextFile::TextFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextFile::TextFile(TextFile&&) noexcept = default;
TextFile& TextFile::operator=(TextFile&&) noexcept = default;
TextFile::~TextFile() = default;

Result<TextFile> TextFile::create(const std::string& path) {
  auto file = OutputFile::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto state = std::make_unique<State>(std::move(*file));
  if (path.ends_with(".gz")) {
    constexpr int kGzip = 15 + 16;
    constexpr int kLevel = 4;
    if (deflateInit2(&state->stream, kLevel, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      return fail("cannot be packed: not enough memory", {}, path);
    }
    state->packing = true;
    state->packed.resize(std::size_t{1} << 17);
  }
  return TextFile(std::move(state));
}

Result<void> TextFile::write(std::string_view text) {
  constexpr std::size_t kPiece = std::size_t{1} << 30;
  while (state_->packing && text.size() > kPiece) {
    if (auto done = state_->pack(text.substr(0, kPiece), Z_NO_FLUSH); !done) {
      return done;
    }
    text.remove_prefix(kPiece);
  }
  return state_->packing ? state_->pack(text, Z_NO_FLUSH) : state_->file.write(text);
}

Result<void> TextFile::commit() {
  if (state_->packing) {
    if (auto done = state_->pack({}, Z_FINISH); !done) {
      return done;
    }
  }
  return state_->file.commit();
}

struct TextInput::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (file != nullptr) {
      gzclose_r(file);
    }
  }
  std::string name;
  gzFile file = nullptr;
};

TextInput::TextInput(std::unique_ptr<State> state) : state_(std::move(state)) {}
TextInput::TextInput(TextInput&&) noexcept = default;
TextInput& TextInput::operator=(TextInput&&) noexcept = default;
TextInput::~TextInput() = default;

Result<TextInput> TextInput::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->name = path == "-" ? "standard input" : path;
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(fmt::format("cannot be opened: {}", std::strerror(errno)), {}, state->name);
  }
  struct stat info {};
  if (::fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    return fail("is a folder; name a file", {}, state->name);
  }
  state->file = gzdopen(descriptor, "rb");
  if (state->file == nullptr) {
    ::close(descriptor);
    return fail("cannot be read: not enough memory", {}, state->name);
  }
  gzbuffer(state->file, 1U << 18);
  return TextInput(std::move(state));
}

Result<std::size_t> TextInput::read(char* out, std::size_t room) {
  const int got = gzread(state_->file, out, static_cast<unsigned>(std::min<std::size_t>(room, 1U << 30)));
  int code = Z_OK;
  const char* message = gzerror(state_->file, &code);
  if (got < 0 || (got == 0 && code == Z_BUF_ERROR)) {
    const bool system = code == Z_ERRNO;
    return fail(fmt::format("cannot be read: {}", code == Z_BUF_ERROR ? "the gzip file was cut short"
                                                  : system            ? std::strerror(errno)
                                                                      : message),
                {}, state_->name);
  }
  return static_cast<std::size_t>(got);
}

}  // namespace her2
