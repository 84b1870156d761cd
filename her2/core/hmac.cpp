// SPDX-License-Identifier: Apache-2.0
#include "her2/core/hmac.h"

#include "her2/core/sha256.h"

namespace her2 {
namespace {

constexpr std::size_t kBlock = 64;  // bytes of a block of SHA-256

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return out;
}

std::string masked(const std::string& key, unsigned char mask) {
  std::string out = key;
  for (char& c : out) {
    c = static_cast<char>(static_cast<unsigned char>(c) ^ mask);
  }
  return out;
}

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  std::string block = key.size() > kBlock ? bytes_of(sha256_hex(key)) : std::string(key);
  block.resize(kBlock, '\0');
  constexpr unsigned char kInner = 0x36;
  constexpr unsigned char kOuter = 0x5c;
  const std::string inner = bytes_of(sha256_hex(masked(block, kInner) + std::string(message)));
  return sha256_hex(masked(block, kOuter) + inner);
}

}  // namespace her2
