// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace her2 {
namespace {

constexpr std::size_t kBuffer = std::size_t{4} << 20U;

// Field types of TIFF 6.0 and BigTIFF.
enum class Type : std::uint16_t { text = 2, u16 = 3, u32 = 4, ratio = 5, u64 = 16 };

struct Field {
  std::uint16_t tag = 0;
  Type type = Type::u16;
  std::uint64_t count = 0;
  std::string bytes;
};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 255U));
  }
}

Field numbers(int tag, Type type, const std::vector<std::uint64_t>& values) {
  Field out{static_cast<std::uint16_t>(tag), type, values.size(), {}};
  const int size = type == Type::u16 ? 2 : (type == Type::u32 ? 4 : 8);
  for (const std::uint64_t value : values) {
    put(out.bytes, value, size);
  }
  return out;
}

Field text(int tag, const std::string& value) {
  return {static_cast<std::uint16_t>(tag), Type::text, value.size() + 1, value + '\0'};
}

Field ratio(int tag, std::uint64_t numerator, std::uint64_t denominator) {
  Field out{static_cast<std::uint16_t>(tag), Type::ratio, 1, {}};
  put(out.bytes, numerator, 4);
  put(out.bytes, denominator, 4);
  return out;
}

}  // namespace

struct TiffFile::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (descriptor >= 0) {
      ::close(descriptor);
      ::unlink(part.c_str());
    }
  }

  [[nodiscard]] tl::unexpected<Error> error(std::string_view what) const {
    return fail(fmt::format("{}: {}", what, std::strerror(errno)), {}, path);
  }

  Result<void> flush() {
    std::string_view left = buffer;
    while (!left.empty()) {
      const ssize_t count = ::write(descriptor, left.data(), left.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        return error("cannot be written");
      }
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer.clear();
    return {};
  }

  // Appends at an even offset; the offset.
  Result<std::uint64_t> append(std::string_view bytes) {
    if (size % 2 != 0) {
      buffer.push_back('\0');
      ++size;
    }
    const std::uint64_t at = size;
    if (!big && at + bytes.size() > UINT32_MAX) {
      return fail("grew beyond the 4 GB of a TIFF", {}, path);
    }
    buffer.append(bytes);
    size += bytes.size();
    if (buffer.size() >= kBuffer) {
      if (auto ok = flush(); !ok) {
        return tl::unexpected(ok.error());
      }
    }
    return at;
  }

  [[nodiscard]] std::string description(std::size_t level) const;
  [[nodiscard]] std::vector<Field> fields(std::size_t level) const;
  // Writes a directory whose link to the next is at the returned offset.
  Result<std::uint64_t> directory(std::vector<Field> fields, std::uint64_t& begin);

  std::string path, part, buffer;
  PyramidOptions options;
  int tile = 256, descriptor = -1;
  bool big = false;
  std::uint64_t size = 0;
  std::vector<TiffLevel> levels;
};

std::string TiffFile::State::description(std::size_t level) const {
  const std::string what = options.compression == TiffCompression::jpeg ? fmt::format("JPEG/YCC Q={}", options.quality)
                                                                        : std::string("lossless");
  const TiffLevel &zero = levels.front(), &l = levels[level];
  const std::string sizes = level == 0
                                ? fmt::format("{}x{} ({}x{}) {}", zero.width, zero.height, tile, tile, what)
                                : fmt::format("{}x{} -> {}x{} {}", zero.width, zero.height, l.width, l.height, what);
  if (!options.aperio) {
    return fmt::format("her2 {}", sizes);
  }
  std::string out = fmt::format("Aperio layout, written by her2\r\n{}", sizes);
  if (options.mpp > 0) {
    out += fmt::format("|AppMag = {}|MPP = {:.6g}", options.mpp < 0.37 ? 40 : 20, options.mpp);
  }
  return out;
}

std::vector<Field> TiffFile::State::fields(std::size_t level) const {
  const TiffLevel& l = levels[level];
  const bool jpeg = options.compression == TiffCompression::jpeg;
  const std::uint64_t compression = jpeg ? 7 : (options.compression == TiffCompression::deflate ? 8 : 1);
  const auto u = [](std::int64_t v) { return static_cast<std::uint64_t>(v); };
  std::vector<Field> out{
      numbers(254, Type::u32, {level == 0 ? 0U : 1U}),
      numbers(256, Type::u32, {u(l.width)}),
      numbers(257, Type::u32, {u(l.height)}),
      numbers(258, Type::u16, {8, 8, 8}),
      numbers(259, Type::u16, {compression}),
      numbers(262, Type::u16, {jpeg ? 6U : 2U}),
      text(270, description(level)),
      numbers(277, Type::u16, {3}),
  };
  if (options.mpp > 0) {  // pixels per cm
    const double downsample = static_cast<double>(levels.front().width) / static_cast<double>(l.width);
    const auto per_cm = static_cast<std::uint64_t>(std::floor(1e7 / (options.mpp * downsample) + 0.5));
    out.push_back(ratio(282, per_cm, 1000));
    out.push_back(ratio(283, per_cm, 1000));
  }
  out.push_back(numbers(284, Type::u16, {1}));
  if (options.mpp > 0) {
    out.push_back(numbers(296, Type::u16, {3}));
  }
  out.push_back(text(305, "her2"));
  out.push_back(numbers(322, Type::u32, {u(tile)}));
  out.push_back(numbers(323, Type::u32, {u(tile)}));
  out.push_back(numbers(324, big ? Type::u64 : Type::u32, l.offsets));
  out.push_back(numbers(325, big ? Type::u64 : Type::u32, l.counts));
  if (jpeg) {
    const bool wide = options.subsampling != ChromaSubsampling::s444;
    const bool high = options.subsampling == ChromaSubsampling::s420;
    out.push_back(numbers(530, Type::u16, {wide ? 2U : 1U, high ? 2U : 1U}));
  }
  return out;
}

Result<std::uint64_t> TiffFile::State::directory(std::vector<Field> fields, std::uint64_t& begin) {
  const std::size_t inline_size = big ? 8 : 4;
  std::string out;
  put(out, fields.size(), big ? 8 : 2);
  for (Field& field : fields) {
    put(out, field.tag, 2);
    put(out, static_cast<std::uint64_t>(field.type), 2);
    put(out, field.count, big ? 8 : 4);
    if (field.bytes.size() <= inline_size) {
      field.bytes.resize(inline_size, '\0');
      out += field.bytes;
      continue;
    }
    const auto at = append(field.bytes);
    if (!at) {
      return tl::unexpected(at.error());
    }
    put(out, *at, big ? 8 : 4);
  }
  const std::size_t link = out.size();
  put(out, 0, big ? 8 : 4);
  const auto at = append(out);
  if (!at) {
    return tl::unexpected(at.error());
  }
  begin = *at;
  return *at + link;
}

TiffFile::TiffFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
TiffFile::TiffFile(TiffFile&&) noexcept = default;
TiffFile& TiffFile::operator=(TiffFile&&) noexcept = default;
TiffFile::~TiffFile() = default;

Result<TiffFile> TiffFile::create(const std::string& path, const PyramidOptions& options, int tile) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->options = options;
  state->tile = tile;
  // JPEG tiles of quality 100 stay below the raw size; directories are small beside it.
  state->big = static_cast<double>(options.width) * static_cast<double>(options.height) * 3 * 1.4 > 3.9e9;
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    return fail(S_ISDIR(info.st_mode) ? "is a folder; name a file to write" : "is no regular file; a slide needs one",
                {}, path);
  }
  for (std::int64_t w = options.width, h = options.height;; w = (w + 1) / 2, h = (h + 1) / 2) {
    TiffLevel level{w, h, (w + tile - 1) / tile, (h + tile - 1) / tile, {}, {}};
    level.offsets.assign(static_cast<std::size_t>(level.across * level.down), 0);
    level.counts = level.offsets;
    state->levels.push_back(std::move(level));
    if (w <= tile && h <= tile) {
      break;
    }
  }
  state->part = fmt::format("{}.part-{}", path, ::getpid());
  state->descriptor = ::open(state->part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (state->descriptor < 0) {
    return state->error("cannot be created");
  }
  std::string header("II");
  put(header, state->big ? 43 : 42, 2);
  if (state->big) {
    put(header, 8, 4);  // bytes of an offset, and a zero
  }
  put(header, 0, state->big ? 8 : 4);  // the first directory, filled in at the end
  if (auto at = state->append(header); !at) {
    return tl::unexpected(at.error());
  }
  return TiffFile(std::move(state));
}

const std::vector<TiffLevel>& TiffFile::levels() const { return state_->levels; }

Result<void> TiffFile::add(int level, std::int64_t column, std::int64_t row, std::string_view bytes) {
  const auto at = state_->append(bytes);
  if (!at) {
    return tl::unexpected(at.error());
  }
  TiffLevel& l = state_->levels[static_cast<std::size_t>(level)];
  l.offsets[static_cast<std::size_t>(row * l.across + column)] = *at;
  l.counts[static_cast<std::size_t>(row * l.across + column)] = bytes.size();
  return {};
}

Result<void> TiffFile::fill_absent(std::string_view bytes) {
  std::uint64_t at = 0;
  for (TiffLevel& level : state_->levels) {
    for (std::size_t i = 0; i < level.counts.size(); ++i) {
      if (level.counts[i] == 0) {
        if (at == 0) {
          const auto put_at = state_->append(bytes);
          if (!put_at) {
            return tl::unexpected(put_at.error());
          }
          at = *put_at;
        }
        level.offsets[i] = at;
        level.counts[i] = bytes.size();
      }
    }
  }
  return {};
}

Result<void> TiffFile::commit() {
  State& s = *state_;
  std::uint64_t link = s.big ? 8 : 4;  // where the first directory's offset stands
  std::vector<std::pair<std::uint64_t, std::uint64_t>> links;
  for (std::size_t level = 0; level < s.levels.size(); ++level) {
    std::uint64_t begin = 0;
    const auto next = s.directory(s.fields(level), begin);
    if (!next) {
      return tl::unexpected(next.error());
    }
    links.emplace_back(link, begin);
    link = *next;
  }
  if (auto ok = s.flush(); !ok) {
    return ok;
  }
  for (const auto& [at, target] : links) {
    std::string bytes;
    put(bytes, target, s.big ? 8 : 4);
    if (::pwrite(s.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
        static_cast<ssize_t>(bytes.size())) {
      return s.error("cannot be written");
    }
  }
  if (::fsync(s.descriptor) != 0 || ::rename(s.part.c_str(), s.path.c_str()) != 0) {
    return s.error("cannot be put in place");
  }
  ::close(s.descriptor);
  s.descriptor = -1;
  return {};
}

}  // namespace her2
