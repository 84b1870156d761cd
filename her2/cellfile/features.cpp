// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/features.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "her2/cellfile/gzip.h"

namespace her2 {
namespace {

using nlohmann::json;

constexpr int kDeepest = 32;
constexpr std::size_t kMostValues = 5'000'000;                // of one feature, or around them
constexpr std::size_t kLongestToken = std::size_t{64} << 20;  // bytes

// What is read, in pieces. After an error or a token without end it pretends to be at the end.
struct Bytes {
  explicit Bytes(const ByteInput& from) : input(from), buffer(std::size_t{1} << 18) { refill(); }

  void refill() {
    at = 0;
    end = 0;
    if (done) {
      return;
    }
    auto got = input(buffer.data(), buffer.size());
    if (!got) {
      error = got.error();
    }
    end = got ? *got : 0;
    done = end == 0;
  }
  void next() {
    if (++token > kLongestToken) {
      error = error ? error : Error{{}, {}, "holds a single value longer than 64 MiB, which no drawing has"};
      done = true;
      at = end = 0;
      return;
    }
    if (++at == end) {
      refill();
    }
  }

  const ByteInput& input;
  std::vector<char> buffer;
  std::size_t at = 0, end = 0;
  std::size_t token = 0;  // bytes since the last event
  bool done = false;
  std::optional<Error> error;
};

class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  explicit ByteIterator(Bytes* bytes) : bytes_(bytes) {}
  reference operator*() const { return bytes_->buffer[bytes_->at]; }
  ByteIterator& operator++() {
    bytes_->next();
    return *this;
  }
  ByteIterator operator++(int) {
    ByteIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const ByteIterator& a, const ByteIterator& b) { return a.ended() == b.ended(); }

 private:
  [[nodiscard]] bool ended() const { return bytes_ == nullptr || bytes_->at == bytes_->end; }
  Bytes* bytes_;
};

// Builds the outer object and, one at a time, the features; the names of the functions are the library's.
class FeatureBuilder {
 public:
  FeatureBuilder(Bytes& bytes, const FeatureSink& sink) : bytes_(bytes), sink_(sink) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) { return put(value); }
  bool number_float(double value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(json::binary_t&) { return false; }
  bool key(std::string& name) {
    bytes_.token = 0;
    key_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) { return open(json::object()); }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& problem) {
    std::string_view message = problem.what();
    if (const auto colon = message.find(": "); colon != std::string_view::npos) {
      message.remove_prefix(colon + 2);
    }
    return wrong(fmt::format("is not valid JSON: {}", message), fmt::format("byte {}", position));
  }

  json outer = json::object();
  std::optional<Error> error;

 private:
  bool wrong(std::string reason, std::string place = {}) {
    if (!error) {
      error = Error{{}, std::move(place), std::move(reason)};
    }
    return false;
  }

  // Whether what begins now lies directly in the list of features.
  [[nodiscard]] bool in_list() const { return list_depth_ > 0 && depth_ == list_depth_; }

  bool counted() {
    bytes_.token = 0;
    return ++values_ <= kMostValues || wrong("holds more values in one feature than any drawing has");
  }

  // Where a value goes: into the object or array that is open.
  json* place(json value) {
    if (open_.empty()) {
      return nullptr;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }

  bool put(json value) {
    if (depth_ == 0 || in_list()) {
      return wrong("must hold GeoJSON features", fmt::format("feature {}", features_ + 1));
    }
    place(std::move(value));
    return counted();
  }

  bool open(json value) {
    if (++depth_ > kDeepest) {
      return wrong(fmt::format("is nested deeper than {} levels", kDeepest));
    }
    const bool object = value.is_object();
    if (depth_ == 1) {  // the outer object, or a bare list
      list_depth_ = object ? 0 : 1;
      open_.push_back(&outer);
    } else if (list_depth_ > 0 && depth_ == list_depth_ + 1) {
      if (!object) {
        return wrong("must be a GeoJSON feature", fmt::format("feature {}", features_ + 1));
      }
      feature_ = json::object();
      values_ = 0;
      open_.push_back(&feature_);
    } else if (depth_ == 2 && !object && key_ == "features" && list_depth_ == 0) {
      list_depth_ = 2;
      open_.push_back(&outer);  // never written to: features are handed on
    } else {
      open_.push_back(place(std::move(value)));
    }
    return counted();
  }

  bool close() {
    bytes_.token = 0;
    open_.pop_back();
    --depth_;
    if (in_list()) {
      auto done = sink_(std::move(feature_), ++features_);
      if (!done) {
        error = done.error();
        return false;
      }
    } else if (depth_ + 1 == list_depth_) {
      list_depth_ = -1;  // no second list
    }
    return true;
  }

  Bytes& bytes_;
  const FeatureSink& sink_;
  json feature_;
  std::string key_;
  std::vector<json*> open_;
  int depth_ = 0;
  int list_depth_ = 0;  // depth of what the list of features holds directly; 0: not met yet; -1: it is over
  std::size_t features_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Result<json> read_features(const ByteInput& input, const FeatureSink& sink) {
  Bytes bytes(input);
  FeatureBuilder builder(bytes, sink);
  try {
    const bool whole = json::sax_parse(ByteIterator(&bytes), ByteIterator(nullptr), &builder);
    if (bytes.error) {
      return tl::unexpected(*bytes.error);
    }
    if (builder.error) {
      return tl::unexpected(*builder.error);
    }
    if (!whole) {
      return fail("is not valid JSON");
    }
    if (builder.outer.value("type", json()) == "Feature") {
      if (auto done = sink(builder.outer, 1); !done) {
        return tl::unexpected(done.error());
      }
    }
  } catch (const std::exception& problem) {
    return fail(fmt::format("cannot be read: {}", problem.what()));
  }
  return std::move(builder.outer);
}

ByteInput memory_input(std::string_view text) {
  return [text](char* out, std::size_t room) mutable -> Result<std::size_t> {
    const std::size_t count = std::min(room, text.size());
    std::memcpy(out, text.data(), count);
    text.remove_prefix(count);
    return count;
  };
}

Result<ByteInput> file_input(const std::string& path) {
  auto file = TextInput::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto shared = std::make_shared<TextInput>(std::move(*file));
  return ByteInput([shared](char* out, std::size_t room) { return shared->read(out, room); });
}

}  // namespace her2
