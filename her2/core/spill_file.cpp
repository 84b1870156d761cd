// SPDX-License-Identifier: Apache-2.0
#include "her2/core/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace her2 {

std::shared_ptr<SpillFile> SpillFile::make() {
  const char* folder = std::getenv("TMPDIR");
  std::string path =
      (folder == nullptr || *folder == '\0' ? std::string("/tmp") : std::string(folder)) + "/her2-XXXXXX";
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return nullptr;
  }
  ::unlink(path.c_str());
  return std::shared_ptr<SpillFile>(new SpillFile(descriptor));
}

SpillFile::~SpillFile() { ::close(descriptor_); }

std::int64_t SpillFile::append(std::span<const std::uint8_t> bytes) {
  std::int64_t from = 0;
  {
    const std::lock_guard lock(mutex_);
    from = end_;
    end_ += static_cast<std::int64_t>(bytes.size());
  }
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(from) + static_cast<off_t>(done));
    if (n == 0 || (n < 0 && errno != EINTR)) {
      return -1;
    }
    done += static_cast<std::size_t>(std::max<ssize_t>(0, n));
  }
  return from;
}

void SpillFile::read(std::int64_t from, std::span<std::uint8_t> out) {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t n =
        ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(from) + static_cast<off_t>(done));
    if (n == 0 || (n < 0 && errno != EINTR)) {
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.end(), std::uint8_t{0});
      whole_ = false;
      return;
    }
    done += static_cast<std::size_t>(std::max<ssize_t>(0, n));
  }
}

}  // namespace her2
