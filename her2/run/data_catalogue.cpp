// SPDX-License-Identifier: Apache-2.0
#include "her2/run/data_catalogue.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "her2/core/embedded.h"
#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/guideline_words.h"
#include "her2/run/agreement.h"
#include "her2/run/agreement_rules.h"
#include "her2/run/cohort_rates.h"

namespace her2 {
namespace {

constexpr std::string_view kValues = "value.", kGuideline = "guideline.";

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (blank) {
      out += out.ends_with(' ') || out.size() == 1 ? "" : " ";
    } else {
      out += c == '"' || c == '\\' ? "\\" : "";
      out += c;
    }
  }
  if (out.ends_with(' ')) {
    out.pop_back();
  }
  return out + '"';
}

std::string key_part(std::string_view part) {
  const bool bare = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(part) : toml_string(part);
}

// The parts of a key; what stands behind the name of a fact is its value, with any dots.
std::vector<std::string_view> parts_of(std::string_view key) {
  const std::size_t most = key.starts_with(kValues) ? 3 : key.size();
  std::vector<std::string_view> out;
  while (out.size() + 1 < most && key.find('.') != std::string_view::npos) {
    out.push_back(key.substr(0, key.find('.')));
    key.remove_prefix(out.back().size() + 1);
  }
  out.push_back(key);
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> texts_of_data(const Catalog& catalog,
                                                               const std::vector<OptionFile>& options) {
  DataTexts out = data_texts(catalog.dictionary);
  const auto take = [&](DataTexts texts) { std::move(texts.begin(), texts.end(), std::back_inserter(out)); };
  for (const Scheme& scheme : catalog.schemes) {
    take(data_texts(scheme));
  }
  std::map<std::string, std::string> told;
  for (const Guideline& guideline : catalog.guidelines) {
    for (auto& [key, text] : data_texts(guideline)) {
      // What was taken over is said under the id that it is from.
      const auto theirs = told.find("guideline." + guideline.based_on + key.substr(key.find('.', kGuideline.size())));
      if (guideline.based_on.empty() || theirs == told.end() || theirs->second != text) {
        told.emplace(key, text);
        out.emplace_back(std::move(key), std::move(text));
      }
    }
  }
  for (const OptionFile& file : options) {
    take(data_texts(file));
  }
  const auto add = [&](std::string key, const std::string& text) {
    if (!text.empty()) {
      out.emplace_back(std::move(key), text);
    }
  };
  const auto rates = parse_rates(embedded_file("qa/rates.toml").value_or(""), "qa/rates.toml", catalog.dictionary);
  for (const RateRule& rule : rates.value_or(std::vector<RateRule>())) {
    add(fmt::format("rate.{}.title", rule.rate.id), rule.rate.title);
    add(fmt::format("rate.{}.words", rule.rate.id), rule.rate.words);
    add(fmt::format("rate.{}.watch_note", rule.rate.id), rule.rate.watch_note);
  }
  const auto rules = parse_agreement_rules(embedded_file("qa/rules.toml").value_or(""), "qa/rules.toml");
  for (const AgreementRule& rule : rules.value_or(std::vector<AgreementRule>())) {
    add(fmt::format("rule.{}.title", rule.id), rule.title);
    add(fmt::format("rule.{}.note", rule.id), rule.note);
  }
  return out;
}

std::string data_catalogue(const std::vector<std::pair<std::string, std::string>>& texts) {
  // Values by fact, apart from its label: a table of TOML stands once.
  std::vector<std::pair<std::string, std::string>> sorted = texts;
  std::stable_partition(sorted.begin(), sorted.end(),
                        [](const auto& text) { return !text.first.starts_with(kValues); });
  std::string out = "# Texts of the data files: each with the English that it is of. docs/languages.md\n", head;
  for (const auto& [key, english] : sorted) {
    const auto parts = parts_of(key);
    std::string table;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      table += (i == 0 ? "" : ".") + key_part(parts[i]);
    }
    if (table != head) {
      out += fmt::format("\n[{}]\n", table);
      head = table;
    }
    const std::string name = key_part(parts.back());
    if (key.starts_with(kValues)) {
      const Speaking speaking(english_messages());
      out += fmt::format("{} = {}\n", name, toml_string(say_if(key).value_or(english)));
    } else {
      out += fmt::format("{} = {{ of = {}, say = {} }}\n", name, toml_string(english), toml_string(english));
    }
  }
  return out;
}

DataTranslation translated_data(const Messages& messages,
                                const std::vector<std::pair<std::string, std::string>>& texts) {
  DataTranslation out;
  for (const auto& [key, english] : texts) {
    const Wording* wording = messages.find(key);
    if (wording == nullptr) {
      continue;
    }
    if (is_of(*wording, english)) {
      ++out.said;
    } else {
      out.outdated.push_back(key);
    }
  }
  return out;
}

}  // namespace her2
