// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "her2/language/messages.h"

// Sentences by their key, in the language that the calling thread speaks (English unless a Speaking is in scope).
// Every key in code stands in messages/en with the same placeholders: tests/system/messages.py reads the sources.
namespace her2 {

// Makes the calling thread speak `messages` until it goes out of scope; scopes nest. A thread started within speaks
// English. `messages` must outlive it.
class Speaking {
 public:
  explicit Speaking(const Messages& messages);
  ~Speaking();
  Speaking(const Speaking&) = delete;
  Speaking& operator=(const Speaking&) = delete;

  // The innermost of the calling thread; nullptr: English.
  static Speaking* now();

  // Keys that were said in English because the catalogue has none of them.
  [[nodiscard]] const std::set<std::string, std::less<>>& missing() const { return missing_; }

  [[nodiscard]] const Messages& messages() const { return messages_; }
  void miss(std::string_view key) { missing_.emplace(key); }

 private:
  const Messages& messages_;
  Speaking* before_;
  std::set<std::string, std::less<>> missing_;
};

const Locale& spoken_locale();

// What stands at a placeholder: a text as it is, or a number. A floating-point number is written by number_in().
struct Shown {
  std::string text;
  std::optional<std::uint64_t> number = {};  // a whole number, by which a plural form is chosen

  Shown(std::string value) : text(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Shown(std::string_view value) : text(value) {}        // NOLINT(google-explicit-constructor)
  Shown(const char* value) : text(value) {}             // NOLINT(google-explicit-constructor)
  Shown(double) = delete;
  Shown(bool) = delete;
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Shown(T value)  // NOLINT(google-explicit-constructor)
      : text(std::to_string(value)),
        number(value < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(value))) {}
};

// A text that stands for `number` things: names in a row.
Shown counted(std::string text, std::uint64_t number);

struct SayArg {
  std::string_view name;
  Shown value;
};

// The sentence with its placeholders filled. A key that no catalogue has stands as it is, in brackets.
std::string say(std::string_view key, std::initializer_list<SayArg> args = {});

// The same for keys of open groups, whose names come from data ("value.her2_status.recount"); nullopt where neither
// catalogue has it.
std::optional<std::string> say_if(std::string_view key, std::initializer_list<SayArg> args = {});

// The same where the sentence's own words are escaped, and the values are handed in escaped, or are markup themselves.
using Escape = std::string (*)(std::string_view);
std::string say_as(Escape escape, std::string_view key, std::initializer_list<SayArg> args = {});

// A name that models hold in English ("weak, incomplete", "out of focus") as the report says it: the key is its group
// and the name with "_" for what is no letter or digit. The name itself where no catalogue has it.
std::string name_in(std::string_view group, std::string_view name);

// "12.34" with `digits` behind the decimal sign of the language.
std::string number_in(double value, int digits);
// The digits of a number that is text already ("12.5", "≥ 4.0"): its point becomes the decimal sign.
std::string number_in(std::string_view digits);
// "12,345": whole, grouped as the language does.
Shown grouped(std::uint64_t number);
// "71.2 %".
std::string percent_in(double value, int digits);
std::string percent_in(std::string_view digits);
// "2026-11-23" in the order of the language; a text that is no such date as it is, and so is what stands behind a date.
std::string date_in(std::string_view date);

// "12 texts of this report have no translation into xx and stand in English."; empty when all have one.
std::string untranslated_words();

}  // namespace her2
