// SPDX-License-Identifier: Apache-2.0
#include "her2/language/data_text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "her2/language/say.h"

namespace her2 {
namespace {

bool has_word(std::string_view text) {
  return std::adjacent_find(text.begin(), text.end(), [](unsigned char a, unsigned char b) {
           return std::isalpha(a) != 0 && std::isalpha(b) != 0;
         }) != text.end();
}

// Lines of a file are broken where its author broke them, and not so in a catalogue: blanks count as one.
bool same_words(std::string_view a, std::string_view b) {
  const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  const auto next = [&](std::string_view& text) {
    const std::size_t begin = std::min(
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), blank) - text.begin()), text.size());
    text.remove_prefix(begin);
    const auto size = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), blank) - text.begin());
    const std::string_view word = text.substr(0, size);
    text.remove_prefix(size);
    return word;
  };
  while (true) {
    const std::string_view one = next(a), other = next(b);
    if (one != other) {
      return false;
    }
    if (one.empty()) {
      return true;
    }
  }
}

std::string as_it_stands(const Sentence& sentence) {
  std::string out;
  for (const Sentence::Part& part : sentence.parts()) {
    out += part.place ? fmt::format("{{{}}}", part.text) : part.text;
  }
  return out;
}

}  // namespace

bool is_of(const Wording& wording, std::string_view english) {
  return wording.of.empty() || same_words(wording.of, english);
}

bool speaks_english() {
  const Speaking* speaking = Speaking::now();
  return speaking == nullptr || &speaking->messages() == &english_messages();
}

std::string data_text(std::string_view key, std::string_view other, std::string_view english) {
  if (english.empty() || speaks_english()) {
    return std::string(english);
  }
  Speaking* const speaking = Speaking::now();
  for (const std::string_view one : {key, other}) {
    const Wording* wording = one.empty() ? nullptr : speaking->messages().find(one);
    if (wording != nullptr && is_of(*wording, english)) {
      return as_it_stands(wording->forms.find("other")->second);
    }
  }
  if (has_word(english)) {
    speaking->miss(key);
  }
  return std::string(english);
}

std::string data_text(std::string_view key, std::string_view english) { return data_text(key, {}, english); }

std::string value_name(std::string_view choice, std::string_view value) {
  constexpr std::string_view kOr = " | ";
  if (speaks_english()) {
    return std::string(value);
  }
  std::string out;
  while (true) {
    const auto end = std::min(value.find(kOr), value.size());
    out += data_text(fmt::format("value.{}.{}", choice, value.substr(0, end)), value.substr(0, end));
    if (end == value.size()) {
      return out;
    }
    out += kOr;
    value.remove_prefix(end + kOr.size());
  }
}

std::string value_name(const FactType& type, std::string_view value) {
  return type.kind == FactKind::choice ? value_name(type.name, value) : std::string(value);
}

std::string fact_label(const FactType& type) { return data_text(fmt::format("fact.{}.label", type.name), type.label); }

std::string fact_meaning(const FactType& type) {
  return data_text(fmt::format("fact.{}.meaning", type.name), type.meaning);
}

}  // namespace her2
