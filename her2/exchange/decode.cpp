// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "her2/exchange/byte_source.h"

namespace her2 {
namespace {

// Windows-1252 from 0x80 to 0x9F; the five that it leaves open stand for themselves, as in browsers.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                                        0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                                        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                        0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// Reads pieces, decodes them into `text_`, hands that out.
class DecodingSource : public ByteSource {
 public:
  explicit DecodingSource(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)) {}

  Result<std::size_t> read(char* out, std::size_t room) final {
    while (given_ == text_.size()) {
      text_.clear();
      given_ = 0;
      const auto got = inner_->read(piece_.data(), piece_.size());
      if (!got) {
        return tl::unexpected(got.error());
      }
      auto done = *got == 0 ? finish() : decode(std::string_view(piece_.data(), *got));
      if (!done) {
        return tl::unexpected(done.error());
      }
      if (*got == 0) {
        return std::size_t{0};
      }
    }
    const auto count = std::min(room, text_.size() - given_);
    std::memcpy(out, text_.data() + given_, count);
    given_ += count;
    return count;
  }

 protected:
  virtual Result<void> decode(std::string_view piece) = 0;
  virtual Result<void> finish() { return {}; }
  std::string text_;

 private:
  std::unique_ptr<ByteSource> inner_;
  std::array<char, 1U << 16> piece_{};
  std::size_t given_ = 0;
};

class Latin1Source final : public DecodingSource {
 public:
  using DecodingSource::DecodingSource;

 protected:
  Result<void> decode(std::string_view piece) override {
    for (const char c : piece) {
      const auto byte = static_cast<unsigned char>(c);
      append_utf8(text_, byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
    }
    return {};
  }
};

class Utf16Source final : public DecodingSource {
 public:
  using DecodingSource::DecodingSource;

 protected:
  Result<void> decode(std::string_view piece) override {
    for (const char c : piece) {
      const unsigned byte = static_cast<unsigned char>(c);
      if (!half_) {
        first_ = byte;
        half_ = true;
        continue;
      }
      half_ = false;
      const auto pair = big_endian_ ? first_ << 8 | byte : byte << 8 | first_;
      if (auto done = unit(pair); !done) {
        return done;
      }
    }
    return {};
  }

  Result<void> finish() override {
    return half_ || high_ != 0 ? Result<void>(fail("truncated UTF-16 text: it ends in the middle of a character"))
                               : Result<void>();
  }

 private:
  Result<void> unit(std::uint32_t code) {
    const bool start = std::exchange(at_start_, false);
    if (start && (code == 0xFEFF || code == 0xFFFE)) {
      big_endian_ = code == 0xFFFE ? !big_endian_ : big_endian_;
      return {};
    }
    const bool is_high = code >= 0xD800 && code < 0xDC00;
    const bool is_low = code >= 0xDC00 && code < 0xE000;
    if (is_low != (high_ != 0)) {
      return fail("not UTF-16 text: half a surrogate pair");
    }
    if (is_high) {
      high_ = code;
    } else {
      append_utf8(text_, is_low ? 0x10000 + ((high_ - 0xD800) << 10) + (code - 0xDC00) : code);
      high_ = 0;
    }
    return {};
  }

  bool big_endian_ = false;
  bool half_ = false;
  bool at_start_ = true;
  unsigned first_ = 0;
  std::uint32_t high_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> decoded(std::unique_ptr<ByteSource> bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::latin1: return std::make_unique<Latin1Source>(std::move(bytes));
    case Encoding::utf16: return std::make_unique<Utf16Source>(std::move(bytes));
    case Encoding::utf8: break;
  }
  return bytes;
}

}  // namespace her2
