// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/uid.h"

#include <algorithm>
#include <array>

#include "her2/core/sha256.h"

namespace her2 {
namespace {

unsigned nibble(char c) { return static_cast<unsigned>(c >= 'a' ? c - 'a' + 10 : c - '0'); }

}  // namespace

std::string derived_uid(std::string_view text) {
  const std::string hex = sha256_hex(text);
  std::array<unsigned, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = nibble(hex[2 * i]) << 4U | nibble(hex[2 * i + 1]);
  }
  bytes[6] = (bytes[6] & 0x0FU) | 0x80U;
  bytes[8] = (bytes[8] & 0x3FU) | 0x80U;
  std::string digits;  // from the last: long division of the 128 bits by ten
  while (std::any_of(bytes.begin(), bytes.end(), [](unsigned byte) { return byte != 0; })) {
    unsigned rest = 0;
    for (unsigned& byte : bytes) {
      const unsigned value = rest << 8U | byte;
      byte = value / 10;
      rest = value % 10;
    }
    digits += static_cast<char>('0' + rest);
  }
  std::reverse(digits.begin(), digits.end());
  return "2.25." + (digits.empty() ? "0" : digits);
}

bool is_uid(std::string_view text) {
  constexpr std::size_t kMost = 64;
  if (text.empty() || text.size() > kMost || text.back() == '.') {
    return false;
  }
  std::size_t part = 0;  // where the current one begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (c == '.' ? i == part : !digit || (i == part + 1 && text[part] == '0')) {
      return false;
    }
    part = c == '.' ? i + 1 : part;
  }
  return true;
}

}  // namespace her2
