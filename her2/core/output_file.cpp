// SPDX-License-Identifier: Apache-2.0
#include "her2/core/output_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace her2 {
namespace {

tl::unexpected<Error> system_error(const std::string& path, std::string_view what) {
  return fail(fmt::format("{}: {}", what, std::strerror(errno)), {}, path == "-" ? "standard output" : path);
}

}  // namespace

struct OutputFile::State {
  std::string path, part;
  int descriptor = -1;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (descriptor >= 0 && !part.empty()) {
      ::close(descriptor);
      ::unlink(part.c_str());
    }
  }
};

OutputFile::OutputFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;
OutputFile::~OutputFile() = default;

Result<OutputFile> OutputFile::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  if (path == "-") {
    state->descriptor = STDOUT_FILENO;
    return OutputFile(std::move(state));
  }
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode)) {
    std::error_code broken;
    const auto target = std::filesystem::canonical(path, broken);
    state->path = broken ? path : target.string();  // the link stays, what it names is replaced
  }
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    if (S_ISDIR(info.st_mode)) {
      return fail("is a folder; name a file to write", {}, path);
    }
    // A device or pipe cannot be replaced by renaming: written as it comes.
    state->descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return state->descriptor < 0 ? Result<OutputFile>(system_error(path, "cannot be opened for writing"))
                                 : Result<OutputFile>(OutputFile(std::move(state)));
  }
  state->part = fmt::format("{}.part-{}", state->path, ::getpid());
  state->descriptor = ::open(state->part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (state->descriptor < 0) {
    state->part.clear();
    return system_error(path, "cannot be created");
  }
  return OutputFile(std::move(state));
}

Result<void> OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(state_->descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return system_error(state_->path, "cannot be written");
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> OutputFile::commit() {
  if (state_->part.empty()) {
    return {};
  }
  if (::fsync(state_->descriptor) != 0 || ::rename(state_->part.c_str(), state_->path.c_str()) != 0) {
    return system_error(state_->path, "cannot be put in place");
  }
  ::close(state_->descriptor);
  state_->descriptor = -1;
  state_->part.clear();
  return {};
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const std::string name = path == "-" ? "standard input" : path;
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(fmt::format("cannot be opened: {}", std::strerror(errno)), {}, name);
  }
  std::string out;
  std::array<char, 1U << 16> chunk{};
  ssize_t count = 0;
  while ((count = ::read(descriptor, chunk.data(), chunk.size())) != 0 && out.size() <= most) {
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      const int code = errno;
      ::close(descriptor);
      return fail(code == EISDIR ? std::string("is a folder; name a file")
                                 : fmt::format("cannot be read: {}", std::strerror(code)),
                  {}, name);
    }
    out.append(chunk.data(), static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  if (out.size() > most) {
    return fail(fmt::format("is larger than {} MB", most >> 20U), {}, name);
  }
  return out;
}

}  // namespace her2
