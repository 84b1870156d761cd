// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/core/sha256.h"
#include "her2/dicom/send.h"

namespace her2 {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// The body of the request: files between lines of a boundary, read as the network takes them.
class Body {
 public:
  explicit Body(const std::vector<std::string>& files)
      : files_(files), boundary_("her2-" + sha256_hex(fmt::format("{}", fmt::join(files, "\n"))).substr(0, 40)) {}

  Result<void> measure() {
    for (const std::string& path : files_) {
      std::error_code failed;
      const auto size = std::filesystem::file_size(path, failed);
      if (failed) {
        return fail("cannot be read: " + failed.message(), {}, path);
      }
      length_ += head().size() + size + 2;
    }
    length_ += tail().size();
    return {};
  }
  [[nodiscard]] std::uintmax_t length() const { return length_; }
  [[nodiscard]] const std::string& boundary() const { return boundary_; }

  static std::size_t give(char* out, std::size_t size, std::size_t count, void* self) {
    return static_cast<Body*>(self)->read(out, size * count);
  }

 private:
  [[nodiscard]] std::string head() const {
    return fmt::format("--{}\r\nContent-Type: application/dicom\r\n\r\n", boundary_);
  }
  [[nodiscard]] std::string tail() const { return fmt::format("--{}--\r\n", boundary_); }

  std::size_t read(char* out, std::size_t room) {
    for (;;) {
      if (!text_.empty()) {
        const std::size_t count = std::min(room, text_.size());
        std::memcpy(out, text_.data(), count);
        text_.erase(0, count);
        return count;
      }
      if (file_) {
        if (const std::size_t count = std::fread(out, 1, room, file_.get()); count > 0) {
          return count;
        }
        if (std::ferror(file_.get()) != 0) {
          return CURL_READFUNC_ABORT;
        }
        file_.reset();
        text_ = "\r\n" + (next_ == files_.size() ? tail() : std::string());
      } else if (next_ < files_.size()) {
        file_.reset(std::fopen(files_[next_++].c_str(), "rb"));
        if (!file_) {
          return CURL_READFUNC_ABORT;
        }
        text_ = head();
      } else {
        return 0;
      }
    }
  }

  const std::vector<std::string>& files_;
  std::string boundary_;
  std::uintmax_t length_ = 0;
  std::size_t next_ = 0;
  std::string text_;
  File file_{nullptr, &std::fclose};
};

std::size_t keep(const char* bytes, std::size_t size, std::size_t count, void* to) {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  auto& text = *static_cast<std::string*>(to);
  if (text.size() + size * count > kMost) {
    return 0;
  }
  text.append(bytes, size * count);
  return size * count;
}

// What the server says of each instance (PS3.18): taken ones in 00081199, refused ones in 00081198.
Result<void> judge(long status, const std::string& answer, std::size_t sent, const std::string& url) {
  constexpr long kOk = 200;
  constexpr long kAccepted = 202;
  const auto tree = nlohmann::json::parse(answer, nullptr, false);
  const auto items = [&](const char* tag) -> nlohmann::json {
    const bool there = tree.is_object() && tree.contains(tag) && tree[tag].is_object() && tree[tag].contains("Value") &&
                       tree[tag]["Value"].is_array();
    return there ? tree[tag]["Value"] : nlohmann::json::array();
  };
  const auto refused = items("00081198");
  if (!refused.empty()) {
    return fail(fmt::format("refused {} of {} objects: {}", refused.size(), sent,
                            refused[0].dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(0, 300)),
                {}, url);
  }
  if (status != kOk && status != kAccepted) {
    std::string says = answer.substr(0, 200);
    std::replace_if(
        says.begin(), says.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return fail(fmt::format("answered with HTTP {}{}{}", status, says.empty() ? "" : ": ", says), {}, url);
  }
  if (const auto taken = items("00081199").size(); taken != sent) {
    return fail(fmt::format("says that it took {} of {} objects", taken, sent), {}, url);
  }
  return {};
}

}  // namespace

Result<void> send_by_stow(const std::vector<std::string>& files, const WebServer& server) {
  static const bool kStarted = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), &curl_easy_cleanup);
  if (!kStarted || !curl) {
    return fail("libcurl cannot be started");
  }
  Body body(files);
  if (auto measured = body.measure(); !measured) {
    return measured;
  }
  std::string url = server.url;
  while (url.ends_with('/')) {
    url.pop_back();
  }
  url += "/studies";
  curl_slist* list = nullptr;
  for (const std::string& line :
       {fmt::format("Content-Type: multipart/related; type=\"application/dicom\"; boundary={}", body.boundary()),
        std::string("Accept: application/dicom+json"), std::string("Expect:")}) {
    list = curl_slist_append(list, line.c_str());
  }
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, &curl_slist_free_all);
  std::string answer;
  CURL* const c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_POST, 1L);
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.length()));
  curl_easy_setopt(c, CURLOPT_READFUNCTION, &Body::give);
  curl_easy_setopt(c, CURLOPT_READDATA, &body);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, static_cast<long>(server.timeout_s));
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, static_cast<long>(server.timeout_s));
  if (!server.user.empty()) {
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(c, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, server.password.c_str());
  }
  if (const CURLcode code = curl_easy_perform(c); code != CURLE_OK) {
    return fail(fmt::format("was not reached or did not answer: {}", curl_easy_strerror(code)), {}, url);
  }
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  return judge(status, answer, files.size(), url);
}

}  // namespace her2
