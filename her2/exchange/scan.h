// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace her2 {

// Bytes looked at in one step. Text that is scanned must be readable this far behind its end.
inline constexpr std::size_t kScanWidth = 64;

// Bit i is set when text[i] == wanted, for the 64 bytes from `text`.
[[nodiscard]] inline std::uint64_t match_scalar(const char* text, char wanted) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kScanWidth; ++i) {
    mask |= std::uint64_t{text[i] == wanted} << i;
  }
  return mask;
}

#if defined(__SSE2__)
[[nodiscard]] inline std::uint64_t match_simd(const char* text, char wanted) noexcept {
  const __m128i all = _mm_set1_epi8(wanted);
  std::uint64_t mask = 0;
  for (std::size_t part = 0; part < 4; ++part) {
    const __m128i bytes = _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(text + 16 * part)));
    const auto bits = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, all)));
    mask |= std::uint64_t{bits} << (16 * part);
  }
  return mask;
}
#else
[[nodiscard]] inline std::uint64_t match_simd(const char* text, char wanted) noexcept {
  return match_scalar(text, wanted);
}
#endif

// The low `count` bits; count <= 64.
[[nodiscard]] inline std::uint64_t low_bits(std::size_t count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

}  // namespace her2
