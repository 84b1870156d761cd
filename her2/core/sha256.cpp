// SPDX-License-Identifier: Apache-2.0
#include "her2/core/sha256.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include <openssl/evp.h>

namespace her2 {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex_of(const Digest& digest, unsigned int length) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < length; ++i) {
    out += kHex[digest[i] >> 4U];
    out += kHex[digest[i] & 15U];
  }
  return out;
}

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Result<void> feed(EVP_MD_CTX* context, const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) {
    return fail("cannot be opened for reading", {}, path);
  }
  std::vector<unsigned char> piece(std::size_t{1} << 20);
  for (std::size_t got = piece.size(); got == piece.size();) {
    got = std::fread(piece.data(), 1, piece.size(), file.get());
    EVP_DigestUpdate(context, piece.data(), got);
  }
  if (std::ferror(file.get()) != 0) {
    return fail("cannot be read to its end", {}, path);
  }
  return {};
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Digest digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return hex_of(digest, length);
}

Result<std::string> sha256_of_file(const std::string& path) {
  std::vector<std::string> files;
  std::error_code none;
  const bool folder = std::filesystem::is_directory(path, none);
  if (folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path, none)) {
      if (entry.is_regular_file(none)) {
        files.push_back(entry.path().string());
      }
    }
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string& file : files) {
    if (folder) {
      const std::string name = std::filesystem::relative(file, path, none).string();
      EVP_DigestUpdate(context.get(), name.c_str(), name.size() + 1);
    }
    if (auto fed = feed(context.get(), file); !fed) {
      return tl::unexpected(fed.error());
    }
  }
  Digest digest{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  return hex_of(digest, length);
}

}  // namespace her2
