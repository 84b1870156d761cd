// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/file_bytes.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace her2 {

Result<std::shared_ptr<const FileBytes>> FileBytes::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return fail(fmt::format("cannot be opened: {}", std::strerror(errno)), {}, path);
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  if (!known || !S_ISREG(status.st_mode) || status.st_size <= 0) {
    ::close(descriptor);
    return fail(known && S_ISREG(status.st_mode) ? "the file is empty; copy it again" : "expected a file with an image",
                {}, path);
  }
  return std::shared_ptr<const FileBytes>(new FileBytes(path, descriptor, static_cast<std::uint64_t>(status.st_size)));
}

FileBytes::~FileBytes() { ::close(descriptor_); }

Result<void> FileBytes::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset > size_ || out.size() > size_ - offset) {
    return fail(fmt::format("the file ends before byte {}: it is cut short; copy it again", offset + out.size()), {},
                path_);
  }
  std::size_t done = 0;
  while (done < out.size()) {
    const auto got = ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return fail(got < 0 ? fmt::format("cannot be read: {}", std::strerror(errno))
                          : std::string("the file became shorter while it was read"),
                  {}, path_);
    }
    done += static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace her2
