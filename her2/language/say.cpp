// SPDX-License-Identifier: Apache-2.0
#include "her2/language/say.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace her2 {
namespace {

thread_local Speaking* now_speaking = nullptr;

const Sentence& form_of(const Wording& wording, const Locale& locale, std::initializer_list<SayArg> args) {
  const auto deciding =
      std::find_if(args.begin(), args.end(), [&](const SayArg& arg) { return arg.name == wording.by; });
  if (!wording.by.empty() && deciding != args.end() && deciding->value.number) {
    for (const auto& [category, rule] : locale.plurals) {
      const auto form = wording.forms.find(category);
      if (form != wording.forms.end() && rule.holds_for(*deciding->value.number)) {
        return form->second;
      }
    }
  }
  return wording.forms.find("other")->second;
}

std::string filled(const Wording& wording, const Locale& locale, Escape escape, std::initializer_list<SayArg> args) {
  std::string out;
  for (const Sentence::Part& part : form_of(wording, locale, args).parts()) {
    const auto found =
        part.place ? std::find_if(args.begin(), args.end(), [&](const SayArg& arg) { return arg.name == part.text; })
                   : args.end();
    if (found != args.end()) {
      out += found->value.text;
    } else {
      const std::string text = part.place ? fmt::format("{{{}}}", part.text) : part.text;
      out += escape == nullptr ? text : escape(text);
    }
  }
  return out;
}

std::string put(std::string_view pattern, std::string_view place, std::string_view text) {
  std::string out(pattern);
  if (const auto at = out.find(place); at != std::string::npos) {
    out.replace(at, place.size(), text);
  }
  return out;
}

}  // namespace

Speaking::Speaking(const Messages& messages) : messages_(messages), before_(now_speaking) { now_speaking = this; }

Speaking::~Speaking() { now_speaking = before_; }

Speaking* Speaking::now() { return now_speaking; }

const Locale& spoken_locale() {
  return now_speaking == nullptr ? english_messages().locale() : now_speaking->messages().locale();
}

namespace {

// Whether the name of a value ("value.ihc_score.3+") has a word that a translation would change.
bool has_word(std::string_view key) {
  const std::string_view name = key.substr(key.rfind('.') + 1);
  return std::adjacent_find(name.begin(), name.end(), [](unsigned char a, unsigned char b) {
           return std::isalpha(a) != 0 && std::isalpha(b) != 0;
         }) != name.end();
}

std::optional<std::string> looked_up(std::string_view key, Escape escape, std::initializer_list<SayArg> args) {
  const Messages& english = english_messages();
  if (now_speaking != nullptr && &now_speaking->messages() != &english) {
    if (const Wording* wording = now_speaking->messages().find(key)) {
      return filled(*wording, now_speaking->messages().locale(), escape, args);
    }
  }
  const Wording* wording = english.find(key);
  if (now_speaking != nullptr && &now_speaking->messages() != &english && (wording != nullptr || has_word(key))) {
    now_speaking->miss(key);
  }
  return wording == nullptr ? std::nullopt : std::optional(filled(*wording, english.locale(), escape, args));
}

}  // namespace

std::optional<std::string> say_if(std::string_view key, std::initializer_list<SayArg> args) {
  return looked_up(key, nullptr, args);
}

std::string say(std::string_view key, std::initializer_list<SayArg> args) { return say_as(nullptr, key, args); }

std::string say_as(Escape escape, std::string_view key, std::initializer_list<SayArg> args) {
  return looked_up(key, escape, args).value_or(fmt::format("[{}]", key));
}

std::string name_in(std::string_view group, std::string_view name) {
  std::string key(group);
  key += '.';
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || !key.ends_with('_')) {
      key += plain ? c : '_';
    }
  }
  return say_if(key).value_or(std::string(name));
}

Shown counted(std::string text, std::uint64_t number) {
  Shown out(std::move(text));
  out.number = number;
  return out;
}

std::string number_in(std::string_view digits) {
  const std::string& decimal = spoken_locale().decimal;
  return decimal == "." ? std::string(digits) : put(digits, ".", decimal);
}

std::string number_in(double value, int digits) { return number_in(fmt::format("{:.{}f}", value, digits)); }

Shown grouped(std::uint64_t number) {
  const Locale& locale = spoken_locale();
  Shown out(number);
  if (!locale.group.empty() && out.text.size() >= static_cast<std::size_t>(locale.group_from)) {
    for (std::size_t at = out.text.size(); at > 3; at -= 3) {
      out.text.insert(at - 3, locale.group);
    }
  }
  return out;
}

std::string percent_in(std::string_view digits) { return put(spoken_locale().percent, "{n}", number_in(digits)); }

std::string percent_in(double value, int digits) { return percent_in(fmt::format("{:.{}f}", value, digits)); }

std::string date_in(std::string_view date) {
  constexpr std::string_view kPattern = "dddd-dd-dd";
  bool fits = date.size() >= kPattern.size();
  for (std::size_t i = 0; fits && i < kPattern.size(); ++i) {
    fits = kPattern[i] == '-' ? date[i] == '-' : date[i] >= '0' && date[i] <= '9';
  }
  if (!fits) {
    return std::string(date);
  }
  std::string day =
      put(put(put(spoken_locale().date, "{y}", date.substr(0, 4)), "{m}", date.substr(5, 2)), "{d}", date.substr(8, 2));
  return day.append(date.substr(kPattern.size()));
}

std::string untranslated_words() {
  if (now_speaking == nullptr || now_speaking->missing().empty()) {
    return {};
  }
  const std::size_t texts = now_speaking->missing().size();
  return say("report.untranslated", {{"texts", texts}, {"language", spoken_locale().language}});
}

}  // namespace her2
