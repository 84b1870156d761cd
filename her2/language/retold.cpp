// SPDX-License-Identifier: Apache-2.0
#include "her2/language/retold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::string_view kGroup = "kept.";
constexpr std::string_view kBetween = "; ";
constexpr std::size_t kMostPlaces = 16;
constexpr std::size_t kMostPieces = 4;  // of one sentence
constexpr int kMostSteps = 10'000;

using Parts = std::vector<Sentence::Part>;
using Found = std::vector<std::pair<std::string_view, std::string_view>>;  // placeholder, what stands there

// Whether `text` is the sentence from part `at` on; what stands at a placeholder is as short as can be, but something.
// `steps` bounds the search: a text that was made to take long fits nothing.
bool fits(const Parts& parts, std::size_t at, std::string_view text, Found& found, int& steps) {
  if (--steps < 0) {
    return false;
  }
  if (at == parts.size()) {
    return text.empty();
  }
  if (!parts[at].place) {
    return text.starts_with(parts[at].text) && fits(parts, at + 1, text.substr(parts[at].text.size()), found, steps);
  }
  if (at + 1 == parts.size()) {
    found.emplace_back(parts[at].text, text);
    return !text.empty() && text.find(kBetween) == std::string_view::npos;
  }
  const std::string& then = parts[at + 1].text;
  const auto most = text.find(kBetween);  // a placeholder holds no part of the next sentence
  for (auto end = text.find(then, 1); end != std::string_view::npos && end <= most; end = text.find(then, end + 1)) {
    const std::size_t before = found.size();
    found.emplace_back(parts[at].text, text.substr(0, end));
    if (fits(parts, at + 1, text.substr(end), found, steps)) {
      return true;
    }
    found.resize(before);
  }
  return false;
}

Shown shown(std::string_view value) {
  std::uint64_t whole = 0;
  const char* const end = value.data() + value.size();
  if (const auto read = std::from_chars(value.data(), end, whole); read.ec == std::errc{} && read.ptr == end) {
    return counted(std::string(value), whole);
  }
  const bool number =
      std::all_of(value.begin(), value.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
  return number ? number_in(value) : std::string(value);
}

// The sentence by its key; empty: none fits. The one with most words of its own counts.
std::string told(std::string_view sentence) {
  const auto& all = english_messages().all();
  std::string_view key;
  Found values;
  std::size_t most = 0;
  for (auto at = all.lower_bound(kGroup); at != all.end() && at->first.starts_with(kGroup); ++at) {
    const Parts& parts = at->second.forms.find("other")->second.parts();
    std::size_t own = 0, places = 0;
    for (const auto& part : parts) {
      own += part.place ? 0 : part.text.size();
      places += part.place ? 1 : 0;
    }
    Found found;
    int steps = kMostSteps;
    if (own > most && places <= kMostPlaces && fits(parts, 0, sentence, found, steps)) {
      most = own;
      key = at->first;
      values = std::move(found);
    }
  }
  if (key.empty()) {
    return {};
  }
  std::vector<SayArg> args;
  for (const auto& [name, value] : values) {
    args.push_back({name, shown(value)});
  }
  args.resize(kMostPlaces, SayArg{{}, std::string()});
  const auto& a = args;
  return say_if(key,
                {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15]})
      .value_or("");
}

}  // namespace

std::string retold(std::string_view sentence) {
  if (&spoken_locale() == &english_messages().locale() || sentence.empty()) {
    return std::string(sentence);
  }
  std::string out;
  while (true) {
    // The longest row of pieces that is one sentence: some have a "; " of their own.
    std::vector<std::size_t> ends;
    for (std::size_t from = 0; ends.size() < kMostPieces && from != std::string_view::npos;) {
      const auto end = sentence.find(kBetween, from);
      ends.push_back(std::min(end, sentence.size()));
      from = end == std::string_view::npos ? end : end + kBetween.size();
    }
    std::size_t end = ends.front();
    std::string said;
    for (std::size_t count = ends.size(); said.empty() && count-- > 0;) {
      said = told(sentence.substr(0, ends[count]));
      end = said.empty() ? end : ends[count];
    }
    out += said.empty() ? std::string(sentence.substr(0, end)) : said;
    if (end == sentence.size()) {
      return out;
    }
    out += kBetween;
    sentence.remove_prefix(end + kBetween.size());
  }
}

}  // namespace her2
