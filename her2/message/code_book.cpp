// SPDX-License-Identifier: Apache-2.0
#include "her2/message/code_book.h"

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/map_toml.h"

namespace her2 {

// Fills a book from TOML; the first thing that is wrong is kept by MapToml.
class CodeBookReader {
 public:
  CodeBookReader(const Dictionary& dictionary, const std::string& file)
      : dictionary_(dictionary), toml_(dictionary, file) {
    book_.dictionary_ = &dictionary;
  }

  Result<CodeBook> read(std::string_view text) {
    const auto root = toml_.parse(text);
    if (!root) {
      return tl::unexpected(root.error());
    }
    toml_.only(*root, "a code book", {"sources", "answers", "marker"});
    if (const auto* sources = toml_.table(*root, "sources")) {
      for (const auto& [key, node] : *sources) {
        book_.sources_[std::string(key.str())] = toml_.text(*sources, key.str());
      }
    }
    if (const auto* lists = toml_.table(*root, "answers")) {
      for (const auto& [key, node] : *lists) {
        if (const auto* list = toml_.table(*lists, key.str())) {
          answers(std::string(key.str()), *list);
        }
      }
    }
    const auto* markers = root->get_as<toml::array>("marker");
    for (std::size_t i = 0; markers != nullptr && i < markers->size(); ++i) {
      if (const auto* marker = (*markers)[i].as_table()) {
        this->marker(*marker);
      }
    }
    if (toml_.error()) {
      return tl::unexpected(*toml_.error());
    }
    return std::move(book_);
  }

 private:
  void answers(const std::string& name, const toml::table& list) {
    toml_.only(list, "a list of answers", {"cite", "loinc", "snomed", "lossy", "read_also"});
    auto& out = book_.answers_[name];
    cited(list);
    const auto lossy = strings(list, "lossy");
    for (const auto& [key, system] : {std::pair{"loinc", kLoinc}, std::pair{"snomed", kSnomed}}) {
      if (const auto* codes = toml_.table(list, key)) {
        for (const auto& [value, node] : *codes) {
          const std::string code = toml_.text(*codes, value.str());
          out.written[std::string(value.str())] = {std::string(system), code, {}};
          if (std::find(lossy.begin(), lossy.end(), value.str()) == lossy.end()) {
            (system == kLoinc ? out.loinc : out.snomed)[code] = std::string(value.str());
          }
        }
      }
    }
    if (const auto* also = toml_.table(list, "read_also")) {
      for (const auto& [code, node] : *also) {
        const bool loinc = code.str().starts_with("LA");
        (loinc ? out.loinc : out.snomed)[std::string(code.str())] = toml_.text(*also, code.str());
      }
    }
  }

  void marker(const toml::table& table) {
    toml_.only(table, "a marker",
               {"fact", "loinc", "snomed", "display", "elsewhere", "read_also", "profile", "unit", "answers", "cite"});
    const auto id = toml_.fact(table, toml_.text(table, "fact"));
    if (!id) {
      return;
    }
    Marker out;
    out.fact = *id;
    const bool snomed = table.contains("snomed");
    out.breast = {std::string(snomed ? kSnomed : kLoinc), toml_.text(table, snomed ? "snomed" : "loinc"),
                  toml_.text(table, "display")};
    if (snomed && (table.contains("loinc") || table.contains("elsewhere"))) {
      toml_.wrong(table, "snomed", "stands beside a code of LOINC; a marker has one of them");
    }
    out.profile = toml_.text(table, "profile");
    out.elsewhere = out.breast;
    if (const auto* elsewhere = toml_.table(table, "elsewhere")) {
      toml_.only(*elsewhere, "elsewhere", {"loinc", "display"});
      out.elsewhere = {std::string(kLoinc), toml_.text(*elsewhere, "loinc"), toml_.text(*elsewhere, "display")};
    }
    out.read_also = strings(table, "read_also");
    out.unit = toml_.text(table, "unit");
    out.answers = toml_.text(table, "answers");
    out.cite = cited(table);
    const auto list = book_.answers_.find(out.answers);
    if (out.answers.empty() == (dictionary_[*id].kind == FactKind::choice) ||
        (!out.answers.empty() && list == book_.answers_.end())) {
      toml_.wrong(table, "answers", "must name a list of answers for a choice, and be absent for a number");
    }
    auto codes = out.read_also;
    codes.insert(codes.end(), {out.breast.code, out.elsewhere.code});
    for (const auto& code : codes) {
      const auto [at, fresh] = (snomed ? book_.by_snomed_ : book_.by_loinc_).emplace(code, *id);
      if (code.empty() || (!fresh && at->second != *id)) {
        toml_.wrong(table, snomed ? "snomed" : "loinc",
                    fmt::format("{} is empty or means another fact already", in_quotes(code)));
      }
    }
    if (!book_.markers_.emplace(*id, std::move(out)).second) {
      toml_.wrong(table, "fact", "stands here a second time");
    }
  }

  std::vector<std::string> cited(const toml::table& table) {
    auto keys = strings(table, "cite");
    for (const auto& key : keys) {
      if (!book_.sources_.contains(key)) {
        toml_.wrong(table, "cite", fmt::format("{} is not among [sources]", in_quotes(key)));
      }
    }
    if (keys.empty()) {
      toml_.wrong(table, "cite", "must name at least one source");
    }
    return keys;
  }

  std::vector<std::string> strings(const toml::table& table, std::string_view key) {
    std::vector<std::string> out;
    const auto* array = table.get_as<toml::array>(key);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (const auto* text = (*array)[i].as_string()) {
        out.push_back(text->get());
      } else {
        toml_.wrong((*array)[i], key, "must be a list of texts in quotes");
      }
    }
    return out;
  }

  const Dictionary& dictionary_;
  MapToml toml_;
  CodeBook book_;
};

Result<CodeBook> CodeBook::parse(std::string_view toml, const Dictionary& dictionary, const std::string& file) {
  return CodeBookReader(dictionary, file).read(toml);
}

const Marker* CodeBook::marker(FactId fact) const {
  const auto at = markers_.find(fact);
  return at == markers_.end() ? nullptr : &at->second;
}

std::optional<FactId> CodeBook::fact(std::string_view system, std::string_view code) const {
  if (system == kFactSystem) {
    return dictionary_->find(code);
  }
  if (system != kLoinc && system != kSnomed) {
    return std::nullopt;
  }
  const auto& codes = system == kLoinc ? by_loinc_ : by_snomed_;
  const auto at = codes.find(code);
  return at == codes.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Coding> CodeBook::answer(const Marker& marker, unsigned index) const {
  const auto list = answers_.find(marker.answers);
  if (list == answers_.end()) {
    return std::nullopt;
  }
  const auto at = list->second.written.find((*dictionary_)[marker.fact].values[index]);
  return at == list->second.written.end() ? std::nullopt : std::optional(at->second);
}

std::optional<unsigned> CodeBook::value(const Marker* marker, const FactType& type, std::string_view system,
                                        std::string_view code) const {
  if (system == kValueSystem) {
    return type.index_of(code);
  }
  const auto list = marker == nullptr ? answers_.end() : answers_.find(marker->answers);
  if (list == answers_.end() || (system != kLoinc && system != kSnomed)) {
    return std::nullopt;
  }
  const auto& codes = system == kLoinc ? list->second.loinc : list->second.snomed;
  const auto at = codes.find(code);
  return at == codes.end() ? std::nullopt : type.index_of(at->second);
}

}  // namespace her2
