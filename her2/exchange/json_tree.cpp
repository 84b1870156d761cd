// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/json_tree.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

// Input iterator that leaves how far the library has read in `*read`.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedBytes(const char* at, const char** read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  CountedBytes& operator++() {
    *read_ = ++at_;
    return *this;
  }
  CountedBytes operator++(int) {
    CountedBytes before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountedBytes& a, const CountedBytes& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** read_;
};

// Builds the tree from the library's events; the names of the functions are the library's.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const JsonLimits& limits) : read(text.data()), text_(text), limits_(limits) {}

  bool null() { return add(Json::Kind::null, {}); }
  bool boolean(bool value) { return add(Json::Kind::boolean, value ? "true" : "false"); }
  bool number_integer(std::int64_t) { return add(Json::Kind::number, {}); }
  bool number_unsigned(std::uint64_t) { return add(Json::Kind::number, {}); }
  bool number_float(double, const std::string&) { return add(Json::Kind::number, {}); }
  bool string(std::string& value) { return add(Json::Kind::string, std::move(value)); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::Kind::object); }
  bool start_array(std::size_t) { return open(Json::Kind::array); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    open_.back().key_offsets.push_back(token_start());
    open_.back().keys.push_back(std::move(name));
    return true;
  }
  bool end_object() {
    const Json& object = open_.back();
    std::vector<std::size_t> order(object.keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return object.keys[a] < object.keys[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (object.keys[order[i]] == object.keys[order[i - 1]]) {
        return wrong(object.key_offsets[order[i]],
                     fmt::format("key {} stands twice", in_quotes(object.keys[order[i]])));
      }
    }
    return close();
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& problem) {
    std::string_view message = problem.what();
    if (const auto colon = message.find(": "); colon != std::string_view::npos) {
      message.remove_prefix(colon + 2);
    }
    return wrong(position == 0 ? 0 : position - 1, fmt::format("not valid JSON: {}", message));
  }

  Json root;
  std::optional<Error> error;
  const char* read;

 private:
  bool wrong(std::size_t offset, std::string reason) {
    if (!error) {
      error = Error{{}, line_and_column(text_, offset), std::move(reason)};
    }
    return false;
  }

  // Where the token that was just read begins: the first byte that is no separator behind the token before. (A number
  // ends one byte late, which skips a separator or a closing bracket and so changes nothing.)
  std::size_t token_start() {
    std::size_t at = token_end_;
    while (at < text_.size() && std::string_view(" \t\r\n,:]}").find(text_[at]) != std::string_view::npos) {
      ++at;
    }
    token_end_ = static_cast<std::size_t>(read - text_.data());
    return at;
  }

  bool add(Json::Kind kind, std::string text) {
    const auto offset = token_start();
    if (++count_ > limits_.values) {
      return wrong(offset, fmt::format("more than {} values", limits_.values));
    }
    Json& parent = open_.empty() ? root : open_.back().items.emplace_back();
    parent.kind = kind;
    parent.offset = offset;
    if (kind == Json::Kind::number) {  // as written, whatever a double could hold
      const auto end = std::min(text_.find_first_not_of("+-.0123456789eE", offset), text_.size());
      parent.text = text_.substr(offset, end - offset);
    } else {
      parent.text = std::move(text);
    }
    return true;
  }

  bool open(Json::Kind kind) {
    const auto offset = token_start();
    if (open_.size() >= limits_.depth) {
      return wrong(offset, fmt::format("nested deeper than {} levels", limits_.depth));
    }
    if (++count_ > limits_.values) {
      return wrong(offset, fmt::format("more than {} values", limits_.values));
    }
    Json& node = open_.emplace_back();
    node.kind = kind;
    node.offset = offset;
    return true;
  }

  bool close() {
    token_start();
    Json done = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? root : open_.back().items.emplace_back()) = std::move(done);
    return true;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  std::vector<Json> open_;
  std::size_t token_end_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

const char* Json::kind_name() const {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "true or false";
    case Kind::number: return "a number";
    case Kind::string: return "a text";
    case Kind::array: return "a list";
    case Kind::object: return "an object";
  }
  return "";
}

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(fmt::format("larger than {} MiB", limits.bytes >> 20));
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos) {
    return fail("not UTF-8 text (UTF-16, or a binary file); save it as UTF-8");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  TreeBuilder builder(text, limits);
  const char* const end = text.data() + text.size();
  try {
    const bool whole =
        nlohmann::json::sax_parse(CountedBytes(text.data(), &builder.read), CountedBytes(end, &builder.read), &builder);
    if (!whole && !builder.error) {
      return fail("not valid JSON");
    }
  } catch (const std::exception& problem) {
    return fail(fmt::format("cannot be read: {}", problem.what()));
  }
  if (builder.error) {
    return tl::unexpected(*builder.error);
  }
  return std::move(builder.root);
}

std::string line_and_column(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto column = 1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return fmt::format("line {}, column {}", line, column);
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace her2
