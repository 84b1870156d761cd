// SPDX-License-Identifier: Apache-2.0
// The floor that the benchmark compares with: what it costs to read a table and to know where its fields are.
//   scan fields FILE [THREADS]   finds the end of every field and line; counts them and the longest field
//   scan bytes FILE [THREADS]    the same, one byte after the other, for information
//   scan lines FILE [THREADS]    counts lines by memchr, for information
// Quotes, text encoding and every meaning are ignored. Sixteen bytes a comparison, 64 a step, as our own reader.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "her2/exchange/scan.h"

namespace {

using her2::kScanWidth;

constexpr std::size_t kPiece = 1U << 20;  // bytes a thread takes at a time

struct Counts {
  std::uint64_t bytes = 0, fields = 0, lines = 0;
  std::size_t longest = 0;  // field
};

// Reads `size` bytes from `at` on; false when they cannot be read.
bool read_all(int file, char* out, std::size_t size, std::uint64_t at) {
  while (size > 0) {
    const ssize_t got = ::pread(file, out, size, static_cast<off_t>(at));
    if (got <= 0 && errno != EINTR) {
      return false;
    }
    const auto count = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    out += count;
    size -= count;
    at += count;
  }
  return true;
}

// A field that a piece begins or ends in the middle of counts where it ends, with the part that is there.
void scan_fields(const char* text, std::size_t size, Counts& counts) {
  std::size_t field = 0;
  for (std::size_t base = 0; base < size; base += kScanWidth) {
    const std::uint64_t valid = her2::low_bits(size - base);
    const std::uint64_t newlines = her2::match_simd(text + base, '\n') & valid;
    std::uint64_t ends = newlines | (her2::match_simd(text + base, ',') & valid);
    counts.lines += static_cast<std::uint64_t>(std::popcount(newlines));
    for (; ends != 0; ends &= ends - 1) {
      const std::size_t end = base + static_cast<std::size_t>(std::countr_zero(ends));
      counts.longest = std::max(counts.longest, end - field);
      ++counts.fields;
      field = end + 1;
    }
  }
}

void scan_bytes(const char* text, std::size_t size, Counts& counts) {
  std::size_t field = 0;
  for (std::size_t at = 0; at < size; ++at) {
    if (text[at] == ',' || text[at] == '\n') {
      counts.longest = std::max(counts.longest, at - field);
      counts.lines += text[at] == '\n' ? 1 : 0;
      ++counts.fields;
      field = at + 1;
    }
  }
}

void scan_lines(const char* text, std::size_t size, Counts& counts) {
  const char* const end = text + size;
  for (const char* at = text;;) {
    const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (newline == nullptr) {
      return;
    }
    ++counts.lines;
    at = static_cast<const char*>(newline) + 1;
  }
}

using Scan = void (*)(const char* text, std::size_t size, Counts& counts);

Counts scan(int file, std::uint64_t size, Scan piece, std::atomic<std::uint64_t>& next, std::atomic<bool>& failed) {
  const auto memory = std::make_unique<char[]>(kPiece + kScanWidth);
  Counts counts;
  for (std::uint64_t at = 0; (at = next.fetch_add(kPiece)) < size && !failed;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - at));
    if (!read_all(file, memory.get(), count, at)) {
      failed = true;
      break;
    }
    counts.bytes += count;
    piece(memory.get(), count, counts);
  }
  return counts;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const int threads = argc > 3 ? std::atoi(argv[3]) : static_cast<int>(std::thread::hardware_concurrency());
  const Scan piece = what == "fields"  ? scan_fields
                     : what == "bytes" ? scan_bytes
                     : what == "lines" ? scan_lines
                                       : nullptr;
  if (argc < 3 || argc > 4 || piece == nullptr || threads < 1) {
    std::fputs("usage: scan fields|bytes|lines FILE [THREADS]\n", stderr);
    return 2;
  }
  const int file = ::open(argv[2], O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (file < 0 || ::fstat(file, &info) != 0) {
    std::perror(argv[2]);
    return 1;
  }
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<Counts> parts(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  for (auto& part : parts) {
    running.emplace_back([&] { part = scan(file, static_cast<std::uint64_t>(info.st_size), piece, next, failed); });
  }
  for (auto& thread : running) {
    thread.join();
  }
  ::close(file);
  if (failed) {
    std::perror(argv[2]);
    return 1;
  }
  Counts all;
  for (const Counts& part : parts) {
    all.bytes += part.bytes;
    all.fields += part.fields;
    all.lines += part.lines;
    all.longest = std::max(all.longest, part.longest);
  }
  std::printf("%llu bytes, %llu lines", static_cast<unsigned long long>(all.bytes),
              static_cast<unsigned long long>(all.lines));
  if (what != "lines") {
    std::printf(", %llu fields, the longest of %zu bytes", static_cast<unsigned long long>(all.fields), all.longest);
  }
  std::puts("");
  return 0;
}
