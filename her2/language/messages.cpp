// SPDX-License-Identifier: Apache-2.0
#include "her2/language/messages.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "her2/core/embedded.h"
#include "her2/evidence/toml_text.h"

namespace her2 {
namespace {

// CLDR's categories; "other" needs no rule.
constexpr std::array<std::string_view, 6> kCategories{"zero", "one", "two", "few", "many", "other"};

bool is_category(std::string_view name) {
  return std::find(kCategories.begin(), kCategories.end(), name) != kCategories.end();
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string in_braces(const std::vector<std::string>& names) {
  return names.empty() ? "no placeholder" : fmt::format("{{{}}}", fmt::join(names, "}, {"));
}

}  // namespace

Result<Sentence> Sentence::parse(std::string_view text) {
  Sentence out;
  while (!text.empty()) {
    const auto open = text.find_first_of("{}");
    if (open > 0) {
      out.parts_.push_back({std::string(text.substr(0, open)), false});
    }
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = text[open] == '{' ? text.find('}', open) : std::string_view::npos;
    const auto name = close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
    if (!is_name(name)) {
      return fail("a placeholder is a name in braces, such as {cells}, of a-z, 0-9 and _; no brace may stand alone");
    }
    out.parts_.push_back({std::string(name), true});
    text.remove_prefix(close + 1);
  }
  return out;
}

std::vector<std::string> Sentence::places() const {
  std::set<std::string> names;
  for (const Part& part : parts_) {
    if (part.place) {
      names.insert(part.text);
    }
  }
  return {names.begin(), names.end()};
}

// Reads the files of one catalogue; the first fault stays.
class MessagesReader {
 public:
  explicit MessagesReader(const Messages* english) : english_(english) {}

  Result<void> add(const std::string& file, std::string_view text) {
    file_ = file;
    const auto table = parse_toml(text, file);
    if (!table) {
      return tl::unexpected(table.error());
    }
    for (const auto& [key, node] : *table) {
      const std::string_view name = key.str();
      auto read = name == "language" ? language(node)
                  : name == "locale" ? locale(node)
                  : name == "open"   ? open(node)
                                     : group(std::string(name), node);
      if (!read) {
        return read;
      }
    }
    return {};
  }

  Result<Messages> take() {
    if (!named_) {
      return fail("has no language; write language = \"xx\", its BCP 47 code, at the top", "", file_);
    }
    for (const auto& [key, wording] : out_.wordings_) {
      if (wording.by.empty()) {
        continue;
      }
      for (const auto& [category, rule] : out_.locale_.plurals) {
        if (!wording.forms.contains(category)) {
          return fail(fmt::format("has no form \"{}\", for which [locale.plural] has a rule", category), key, file_);
        }
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(const toml::node& node, std::string_view key, std::string reason) const {
    return fail(std::move(reason), fmt::format("line {}, {}", node.source().begin.line, key), file_);
  }

  Result<void> language(const toml::node& node) {
    const auto text = node.value<std::string>().value_or("");
    const bool fits = text.size() >= 2 && text.size() <= 35 && std::all_of(text.begin(), text.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!fits) {
      return wrong(node, "language", "is not a language's code; write its BCP 47 code, such as \"de\" or \"pt-BR\"");
    }
    out_.locale_.language = text;
    named_ = true;
    return {};
  }

  Result<void> open(const toml::node& node) {
    const toml::array* names = node.as_array();
    if (names == nullptr || english_ != nullptr) {
      return wrong(node, "open", "belongs to the built-in catalogue only; leave it out");
    }
    for (const auto& name : *names) {
      out_.open_.push_back(name.value<std::string>().value_or(""));
    }
    return {};
  }

  Result<void> locale(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return wrong(node, "locale", "is no table; write [locale] with decimal, group, group_from, percent, date");
    }
    Locale& to = out_.locale_;
    for (const auto& [key, value] : *table) {
      const std::string name = fmt::format("locale.{}", key.str());
      if (key.str() == "plural") {
        if (auto read = plurals(value); !read) {
          return read;
        }
        continue;
      }
      if (key.str() == "group_from") {
        const auto digits = value.value<int>().value_or(0);
        if (digits < 4 || digits > 20) {
          return wrong(value, name, "is the fewest digits that are grouped: write a number from 4 to 20");
        }
        to.group_from = digits;
        continue;
      }
      const auto text = value.value<std::string>();
      std::string* const place = key.str() == "decimal"   ? &to.decimal
                                 : key.str() == "group"   ? &to.group
                                 : key.str() == "percent" ? &to.percent
                                 : key.str() == "date"    ? &to.date
                                                          : nullptr;
      if (place == nullptr || !text) {
        return wrong(value, name, "is none of decimal, group, group_from, percent, date and [locale.plural]");
      }
      const auto has = [&](std::string_view sign) { return text->find(sign) != std::string::npos; };
      const bool fits = place == &to.percent ? has("{n}")
                        : place == &to.date  ? has("{y}") && has("{m}") && has("{d}")
                                             : text->size() <= 4 && (place != &to.decimal || !text->empty());
      if (!fits) {
        return wrong(value, name,
                     place == &to.percent ? "needs {n} where the number stands, such as \"{n} %\""
                     : place == &to.date  ? "needs {y}, {m} and {d}, such as \"{d}.{m}.{y}\""
                                          : "is a sign of at most 4 bytes, such as \",\"");
      }
      *place = *text;
    }
    return {};
  }

  Result<void> plurals(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return wrong(node, "locale.plural", "is no table; write [locale.plural] with one = \"i = 1 and v = 0\"");
    }
    for (const auto category : kCategories) {  // in CLDR's order
      const toml::node* value = table->get(category);
      if (value == nullptr) {
        continue;
      }
      auto rule = PluralRule::parse(value->value<std::string>().value_or(""));
      if (!rule || category == "other") {
        return wrong(*value, fmt::format("locale.plural.{}", category),
                     rule ? "needs no rule: it is what no other rule holds for" : rule.error().reason);
      }
      out_.locale_.plurals.emplace_back(category, std::move(*rule));
    }
    for (const auto& [key, value] : *table) {
      if (!is_category(key.str())) {
        return wrong(value, fmt::format("locale.plural.{}", key.str()), "is none of zero, one, two, few and many");
      }
    }
    return {};
  }

  // A table of keys, a sentence, or a table of plural forms. Groups nest three deep at most: guideline.ID.ROW.comment.
  Result<void> group(const std::string& key, const toml::node& node, int depth = 0) {
    const toml::table* table = node.as_table();
    if (table != nullptr && table->contains("of") && table->contains("say")) {
      return said_over(key, *table);
    }
    if (table != nullptr && !table->contains("by")) {
      if (depth > 2) {
        return wrong(node, key, "is nested too deep; a key is a group and a name, such as [status] look_at");
      }
      for (const auto& [name, value] : *table) {
        if (auto read = group(fmt::format("{}.{}", key, name.str()), value, depth + 1); !read) {
          return read;
        }
      }
      return {};
    }
    Wording wording;
    if (table != nullptr) {
      for (const auto& [name, value] : *table) {
        if (name.str() == "by") {
          wording.by = value.value<std::string>().value_or("");
        } else if (!is_category(name.str())) {
          return wrong(value, key,
                       fmt::format("has a form \"{}\"; expected zero, one, two, few, many or other", name.str()));
        } else if (auto read = form(std::string(name.str()), key, value, wording); !read) {
          return read;
        }
      }
      if (wording.by.empty() || !wording.forms.contains("other")) {
        return wrong(node, key, "needs by = \"...\", the placeholder whose number decides, and the form \"other\"");
      }
    } else if (auto read = form("other", key, node, wording); !read) {
      return read;
    }
    if (auto fits = compare(key, node, wording); !fits) {
      return fits;
    }
    if (!out_.wordings_.emplace(key, std::move(wording)).second) {
      return wrong(node, key, "stands twice");
    }
    return {};
  }

  // A text of the data with the English that it translates: { of = "...", say = "..." } (data_text.h).
  Result<void> said_over(const std::string& key, const toml::table& table) {
    const auto of = table["of"].value<std::string>();
    if (!of || table.size() != 2 || english_ == nullptr || !english_->is_open(key)) {
      return wrong(table, key, "is { of = \"...\", say = \"...\" } with a text each, and for texts of the data only");
    }
    Wording wording;
    wording.of = *of;
    if (auto read = form("other", key, *table.get("say"), wording); !read) {
      return read;
    }
    if (auto fits = compare(key, table, wording); !fits) {
      return fits;
    }
    if (!out_.wordings_.emplace(key, std::move(wording)).second) {
      return wrong(table, key, "stands twice");
    }
    return {};
  }

  Result<void> form(const std::string& name, const std::string& key, const toml::node& node, Wording& to) const {
    const auto text = node.value<std::string>();
    if (!node.is_string() || !text) {
      return wrong(node, key, "is no text; write a sentence in quotes");
    }
    auto sentence = Sentence::parse(*text);
    if (!sentence) {
      return wrong(node, key, sentence.error().reason);
    }
    to.forms.emplace(name, std::move(*sentence));
    return {};
  }

  // Each form with the placeholders of the English "other"; a form but "other" may leave out the number itself.
  [[nodiscard]] Result<void> compare(const std::string& key, const toml::node& node, const Wording& wording) const {
    const Wording* theirs = english_ == nullptr ? nullptr : english_->find(key);
    if (english_ != nullptr && theirs == nullptr && !english_->is_open(key)) {
      return wrong(node, key, "is no key of the English catalogue; compare it with `her2 messages`");
    }
    const Wording& model = theirs == nullptr ? wording : *theirs;
    const auto expected = model.forms.at("other").places();
    if (!wording.by.empty() && std::find(expected.begin(), expected.end(), wording.by) == expected.end()) {
      return wrong(
          node, key,
          fmt::format("by = \"{}\" names no placeholder; the sentence has {}", wording.by, in_braces(expected)));
    }
    for (const auto& [category, sentence] : wording.forms) {
      auto has = sentence.places();
      if (category != "other" && std::find(has.begin(), has.end(), wording.by) == has.end()) {
        has.insert(std::lower_bound(has.begin(), has.end(), wording.by), wording.by);
      }
      if (has != expected) {
        return wrong(node, key, fmt::format("has {} where {} was expected", in_braces(has), in_braces(expected)));
      }
    }
    return {};
  }

  const Messages* english_;
  Messages out_;
  std::string file_;
  bool named_ = false;
};

Result<Messages> Messages::read(const std::vector<std::pair<std::string, std::string_view>>& files,
                                const Messages* english) {
  MessagesReader reader(english);
  for (const auto& [file, text] : files) {
    if (auto added = reader.add(file, text); !added) {
      return tl::unexpected(added.error());
    }
  }
  return reader.take();
}

const Wording* Messages::find(std::string_view key) const {
  const auto found = wordings_.find(key);
  return found == wordings_.end() ? nullptr : &found->second;
}

bool Messages::is_open(std::string_view key) const {
  return std::find(open_.begin(), open_.end(), key.substr(0, key.find('.'))) != open_.end();
}

const Messages& english_messages() {
  static const Messages kEnglish = [] {
    std::vector<std::pair<std::string, std::string_view>> files;
    for (const auto name : embedded_names("messages/en")) {
      files.emplace_back(name, embedded_file(name).value_or(""));
    }
    return Messages::read(files, nullptr).value_or(Messages());  // tests/language reads each file for itself
  }();
  return kEnglish;
}

std::vector<std::string> languages_built_in() {
  std::set<std::string> out;
  for (const auto name : embedded_names("messages")) {
    const auto rest = name.substr(std::string_view("messages/").size());
    out.emplace(rest.substr(0, rest.find('/')));
  }
  return {out.begin(), out.end()};
}

}  // namespace her2
