// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/calendar.h"
#include "her2/exchange/case_json.h"
#include "her2/exchange/json_tree.h"
#include "her2/exchange/tnm_spelling.h"

namespace her2 {
namespace {

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestText = 65536;

const std::array<std::string, 7> kKinds = {"core",   "excision",  "metastasis", "cytology",
                                           "biopsy", "resection", "other"};
const std::array<std::string, 5> kSites = {"primary", "recurrence", "metastasis", "node", "other"};
const std::vector<std::string> kCaseKeys = {"schema",    "$schema", "id",        "tumour",
                                            "specimens", "facts",   "ensembles", "notes"};
const std::vector<std::string> kSpecimenKeys = {"id", "kind", "site", "date", "facts", "ensembles", "notes"};
const std::vector<std::string> kFactKeys = {"value", "author", "source", "profile", "derived_from"};
const std::vector<std::string> kSourceKeys = {"file", "place", "text"};
const std::vector<std::string> kEnsembleKeys = {"facts", "replicates", "conditional_on"};

// Walks the tree; the first thing that is wrong is kept, and reading goes on without effect.
class CaseReader {
 public:
  CaseReader(std::string_view json, const Dictionary& dictionary, const std::string& file)
      : json_(json), dictionary_(dictionary), file_(file) {}

  Result<Case> read(const Json& root) {
    Case out;
    if (!object(root, "a case", kCaseKeys)) {
      return tl::unexpected(*error_);
    }
    schema(root);
    out.id = text(root, "id", kLongestId, true);
    if (root.find("tumour") != nullptr) {
      out.tumour = text(root, "tumour", kLongestId, true);
    }
    if (const auto* specimens = root.find("specimens")) {
      for (const char* key : {"facts", "ensembles", "notes"}) {
        if (const auto* beside = root.find(key)) {
          wrong(*beside,
                fmt::format("\"{}\" stands beside \"specimens\"; put it into the specimen it belongs to", key));
        }
      }
      read_specimens(*specimens, out);
    } else if (root.find("facts") != nullptr || root.find("ensembles") != nullptr) {
      Specimen only;
      only.id = "1";
      read_content(root, only, "");
      out.specimens.push_back(std::move(only));
    } else {
      wrong(root, "the case has neither \"specimens\" nor \"facts\"");
    }
    if (error_) {
      return tl::unexpected(*error_);
    }
    return out;
  }

 private:
  void wrong(const Json& node, std::string reason) { wrong_at(node.offset, std::move(reason)); }
  void wrong_at(std::size_t offset, std::string reason) {
    if (!error_) {
      error_ = Error{file_, line_and_column(json_, offset), std::move(reason)};
    }
  }

  bool is(const Json& node, Json::Kind kind, std::string_view what, const char* expected) {
    if (node.kind != kind) {
      wrong(node, fmt::format("{} must be {}, not {}", what, expected, node.kind_name()));
    }
    return node.kind == kind;
  }

  bool object(const Json& node, std::string_view what, std::span<const std::string> known) {
    if (!is(node, Json::Kind::object, what, "an object")) {
      return false;
    }
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (std::find(known.begin(), known.end(), node.keys[i]) == known.end()) {
        auto near = did_you_mean(similar_names(node.keys[i], known));
        if (near.empty() && dictionary_.find(node.keys[i])) {
          near = "; it is a fact, so put it into \"facts\"";
        }
        wrong_at(node.key_offsets[i], fmt::format("unknown key {} in {}{}", in_quotes(node.keys[i]), what, near));
      }
    }
    return true;
  }

  void schema(const Json& root) {
    const auto* node = root.find("schema");
    if (node == nullptr || node->kind != Json::Kind::string || node->text != kCaseSchema) {
      wrong(node == nullptr ? root : *node,
            fmt::format("not a case file: \"schema\": \"{}\" is expected", kCaseSchema));
    }
  }

  // A text of an object; "" when absent and not required.
  std::string text(const Json& parent, std::string_view key, std::size_t longest, bool required = false) {
    const auto* node = parent.find(key);
    if (node == nullptr) {
      if (required) {
        wrong(parent, fmt::format("\"{}\" is missing", key));
      }
      return {};
    }
    if (!is(*node, Json::Kind::string, fmt::format("\"{}\"", key), "a text in quotes")) {
      return {};
    }
    if (required && trimmed(node->text).empty()) {
      wrong(*node, fmt::format("\"{}\" is empty", key));
    }
    if (node->text.size() > longest) {
      wrong(*node, fmt::format("\"{}\" is longer than {} bytes", key, longest));
    }
    const bool one_line = longest == kLongestId;
    if (one_line && std::any_of(node->text.begin(), node->text.end(),
                                [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
      wrong(*node, fmt::format("\"{}\" holds control characters", key));
    }
    return node->text;
  }

  std::string word(const Json& parent, std::string_view key, std::span<const std::string> allowed) {
    auto value = text(parent, key, kLongestId);
    if (!value.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      wrong(*parent.find(key), fmt::format("\"{}\" is {}; expected {}", key, in_quotes(value), listed(allowed)));
    }
    return value;
  }

  void read_specimens(const Json& list, Case& out) {
    if (!is(list, Json::Kind::array, "\"specimens\"", "a list")) {
      return;
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < list.items.size() && !error_; ++i) {
      const Json& node = list.items[i];
      if (!object(node, "a specimen", kSpecimenKeys)) {
        return;
      }
      Specimen specimen;
      specimen.id = text(node, "id", kLongestId, true);
      if (!ids.insert(specimen.id).second) {
        wrong(*node.find("id"), fmt::format("two specimens have the id {}", in_quotes(specimen.id)));
      }
      specimen.kind = word(node, "kind", kKinds);
      specimen.site = word(node, "site", kSites);
      specimen.date = text(node, "date", kLongestId);
      if (!specimen.date.empty() && !is_date(specimen.date)) {
        wrong(*node.find("date"), fmt::format("{} is not a date of the form YYYY-MM-DD", in_quotes(specimen.date)));
      }
      read_content(node, specimen, fmt::format("/specimens/{}", i));
      out.specimens.push_back(std::move(specimen));
    }
  }

  // What a specimen and the short form of a case have in common.
  void read_content(const Json& node, Specimen& specimen, const std::string& pointer) {
    if (const auto* facts = node.find("facts");
        facts != nullptr && is(*facts, Json::Kind::object, "\"facts\"", "an object")) {
      for (std::size_t i = 0; i < facts->keys.size() && !error_; ++i) {
        read_fact(facts->keys[i], facts->key_offsets[i], facts->items[i], specimen, pointer);
      }
    }
    if (const auto* list = node.find("ensembles");
        list != nullptr && is(*list, Json::Kind::array, "\"ensembles\"", "a list")) {
      for (std::size_t i = 0; i < list->items.size() && !error_; ++i) {
        read_ensemble(list->items[i], specimen);
      }
    }
    if (const auto* notes = node.find("notes");
        notes != nullptr && is(*notes, Json::Kind::array, "\"notes\"", "a list")) {
      for (const auto& note : notes->items) {
        if (is(note, Json::Kind::string, "a note", "a text in quotes")) {
          specimen.notes.push_back(note.text);
        }
      }
    }
  }

  std::optional<FactId> fact_id(const std::string& name, std::size_t offset) {
    const auto id = dictionary_.find(name);
    if (!id) {
      wrong_at(offset, fmt::format("unknown fact {}{}", in_quotes(name), did_you_mean(dictionary_.similar(name))));
    }
    return id;
  }

  void read_fact(const std::string& name, std::size_t name_offset, const Json& node, Specimen& specimen,
                 const std::string& pointer) {
    const auto id = fact_id(name, name_offset);
    if (!id) {
      return;
    }
    Fact fact;
    fact.id = *id;
    const Json* value = &node;
    bool stated = false;  // whether the file itself says where the value comes from
    if (node.kind == Json::Kind::object && object(node, fmt::format("fact {}", name), kFactKeys)) {
      value = node.find("value");
      if (value == nullptr) {
        wrong(node, fmt::format("fact {} has no \"value\"", name));
        return;
      }
      stated = read_source(node, fact);
    }
    fact.value = read_value(name, dictionary_[*id], *value);
    if (!stated) {
      fact.source.file = file_;
      fact.source.place = fmt::format("{}/facts/{}", pointer, name);
      fact.source.text = value->text;
    }
    specimen.facts[*id] = std::move(fact);
  }

  bool read_source(const Json& node, Fact& fact) {
    fact.source.author = text(node, "author", kLongestText);
    fact.source.profile = text(node, "profile", kLongestText);
    if (const auto* from = node.find("derived_from");
        from != nullptr && is(*from, Json::Kind::array, "\"derived_from\"", "a list")) {
      for (const auto& name : from->items) {
        if (is(name, Json::Kind::string, "a name in \"derived_from\"", "a text in quotes") &&
            fact_id(name.text, name.offset)) {
          fact.derived_from.push_back(name.text);
        }
      }
    }
    const auto* source = node.find("source");
    if (source == nullptr || !object(*source, "a source", kSourceKeys)) {
      return false;
    }
    fact.source.file = text(*source, "file", kLongestText);
    fact.source.place = text(*source, "place", kLongestText);
    fact.source.text = text(*source, "text", kLongestText);
    return true;
  }

  Value read_value(const std::string& name, const FactType& type, const Json& node) {
    std::string written = node.text;
    switch (node.kind) {
      case Json::Kind::null: return Value::missing();
      case Json::Kind::boolean: written = node.text == "true" ? "yes" : "no"; break;
      case Json::Kind::array: return read_set(name, type, node);
      case Json::Kind::object:
        wrong(node, fmt::format("the value of {} cannot be an object", name));
        return Value::missing();
      case Json::Kind::number:
      case Json::Kind::string: break;
    }
    auto value = parse_value(type, written);
    if (const auto category = value ? std::nullopt : tnm_value(name, written)) {
      if (auto meant = parse_value(type, *category)) {
        value = std::move(meant);
      }
    }
    if (!value) {
      wrong(node, fmt::format("{}: {}", name, value.error().reason));
      return Value::missing();
    }
    return std::move(*value);
  }

  // ["2+", "3+"]: any of these.
  Value read_set(const std::string& name, const FactType& type, const Json& node) {
    std::uint64_t mask = 0;
    for (const auto& item : node.items) {
      const auto value = read_value(name, type, item);
      if (item.kind == Json::Kind::array || value.state != Value::State::choice) {
        wrong(item, fmt::format("{}: a list may hold only values of a choice", name));
      }
      mask |= value.choices;
    }
    if (mask == 0) {
      wrong(node, fmt::format("{}: the list leaves no value", name));
      return Value::missing();
    }
    return Value::of_choices(mask);
  }

  void read_ensemble(const Json& node, Specimen& specimen) {
    if (!object(node, "an ensemble", kEnsembleKeys)) {
      return;
    }
    Ensemble ensemble;
    ensemble.conditional_on = text(node, "conditional_on", kLongestText);
    const auto* names = node.find("facts");
    const auto* rows = node.find("replicates");
    if (names == nullptr || rows == nullptr || names->kind != Json::Kind::array || rows->kind != Json::Kind::array ||
        names->items.empty() || rows->items.empty()) {
      wrong(node, "an ensemble needs \"facts\" (a list of names) and \"replicates\" (a list of lists of values)");
      return;
    }
    for (const auto& name : names->items) {
      if (!is(name, Json::Kind::string, "a name in \"facts\"", "a text in quotes")) {
        return;
      }
      const auto id = fact_id(name.text, name.offset);
      if (!id) {
        return;
      }
      if (is_replicated(specimen, *id) ||
          std::find(ensemble.ids.begin(), ensemble.ids.end(), *id) != ensemble.ids.end()) {
        wrong(name, fmt::format("{} stands in the ensembles of the specimen twice", name.text));
      }
      ensemble.ids.push_back(*id);
    }
    for (const auto& row : rows->items) {
      if (error_) {
        return;
      }
      ensemble.rows.push_back(read_replicate(row, ensemble));
    }
    specimen.ensembles.push_back(std::move(ensemble));
  }

  static bool is_replicated(const Specimen& specimen, FactId id) {
    return std::any_of(specimen.ensembles.begin(), specimen.ensembles.end(), [&](const Ensemble& ensemble) {
      return std::find(ensemble.ids.begin(), ensemble.ids.end(), id) != ensemble.ids.end();
    });
  }

  std::vector<Decimal> read_replicate(const Json& row, const Ensemble& ensemble) {
    std::vector<Decimal> out;
    if (row.kind != Json::Kind::array || row.items.size() != ensemble.ids.size()) {
      wrong(row, fmt::format("a replicate must be a list of {} values, one for each fact", ensemble.ids.size()));
      return out;
    }
    for (std::size_t i = 0; i < row.items.size(); ++i) {
      const auto& item = row.items[i];
      const auto& type = dictionary_[ensemble.ids[i]];
      const auto value = read_value(type.name, type, item);
      if (type.kind == FactKind::choice && value.state == Value::State::choice && value.is_exact()) {
        out.push_back({__builtin_ctzll(value.choices), 0});  // as case.h has it: the position of the value
        continue;
      }
      if (type.kind == FactKind::choice || !value.written) {
        wrong(item, fmt::format("{}: a replicate must be {}", type.name,
                                type.kind == FactKind::choice ? "one value of the choice" : "a decimal number"));
        return out;
      }
      out.push_back(*value.written);
    }
    return out;
  }

  std::string_view json_;
  const Dictionary& dictionary_;
  const std::string& file_;
  std::optional<Error> error_;
};

}  // namespace

Result<Case> parse_case(std::string_view json, const Dictionary& dictionary, const std::string& file) {
  const auto root = parse_json(json);
  if (!root) {
    return tl::unexpected(located(root.error(), file));
  }
  if (json.starts_with("\xEF\xBB\xBF")) {
    json.remove_prefix(3);
  }
  return CaseReader(json, dictionary, file).read(*root);
}

}  // namespace her2
