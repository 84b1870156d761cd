// SPDX-License-Identifier: Apache-2.0
// Reads option files: docs/options.md.
#include "her2/care/option.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/core/sha256.h"
#include "her2/evidence/toml_text.h"
#include "her2/guideline/toml_reader.h"

namespace her2 {
namespace {

constexpr std::string_view kFolder = "options/";
// The order in which kinds of treatment are talked about; other files follow by name.
constexpr std::array<std::string_view, 11> kOrder = {"surgery",       "radiation", "chemotherapy", "endocrine",
                                                     "targeted",      "her2",      "adc",          "parp",
                                                     "immunotherapy", "bone",      "tests"};

class OptionReader {
 public:
  OptionReader(const toml::table& source, const Dictionary& dictionary, const OptionFile& file)
      : reader_(source, "option"), source_(source), dictionary_(dictionary), file_(file) {}

  Result<Option> read() {
    reader_.only({"id", "name", "kind", "setting", "for", "sense", "indication", "criteria", "trial_entry", "trials",
                  "results", "labels", "regimen", "contraindications", "cautions", "notes", "cite", "unconfirmed"});
    out_.id = reader_.text("id", true);
    reader_.rename(fmt::format("option {}", out_.id));
    out_.name = reader_.text("name", true);
    out_.kind = reader_.text("kind", true);
    out_.setting = reader_.text("setting", true);
    out_.intended_for = reader_.text("for", true);
    out_.indication = reader_.text("indication", true);
    out_.regimen = reader_.text("regimen", false);
    out_.results = reader_.texts("results", false);
    out_.unconfirmed = reader_.flag("unconfirmed");
    read_sense();
    out_.criteria = criteria("criteria");
    if (out_.criteria.empty()) {
      reader_.wrong("has no criteria");
    }
    out_.trial_entry = criteria("trial_entry");
    read_trials();
    read_labels();
    read_remarks("contraindications", Remark::Kind::contraindication);
    read_remarks("cautions", Remark::Kind::caution);
    read_remarks("notes", Remark::Kind::note);
    out_.cite = reader_.texts("cite", true);
    for (const auto& key : out_.cite) {
      if (!file_.sources.contains(key)) {
        reader_.wrong(fmt::format("cites '{}', which [sources] does not explain", key));
      }
    }
    if (!reader_.ok()) {
      return tl::unexpected(*reader_.error());
    }
    return std::move(out_);
  }

 private:
  void read_sense() {
    const std::string sense = reader_.text("sense", false);
    for (const auto known :
         {OptionSense::option, OptionSense::test, OptionSense::omission, OptionSense::not_indicated}) {
      if (sense == name_of(known)) {
        out_.sense = known;
        return;
      }
    }
    if (!sense.empty()) {
      reader_.wrong(fmt::format("sense '{}' is none of option, test, omission, not-indicated", sense));
    }
  }

  std::optional<Condition> condition(TomlReader& reader, const std::string& text, std::string_view key) {
    auto parsed = parse_condition(text, dictionary_, {});
    if (!parsed) {
      reader.wrong(fmt::format("{}, {}: {} in: {}", key, parsed.error().place, parsed.error().reason, text));
      return std::nullopt;
    }
    if (has_quotient(*parsed)) {
      reader.wrong(fmt::format("{} compares a quotient; an option compares plain facts, in: {}", key, text));
    }
    return std::move(*parsed);
  }

  static bool has_quotient(const Condition& condition) {
    return condition.op == Condition::Op::quotient ||
           std::any_of(condition.parts.begin(), condition.parts.end(), has_quotient);
  }

  // Calls `text` for each entry that is a text and `table` for each that is a table; anything else is wrong.
  template <class Text, class Table>
  void entries(std::string_view key, Text text, Table table) {
    const auto* node = source_.get(key);
    if (node == nullptr || !reader_.ok()) {
      return;
    }
    const auto* list = node->as_array();
    if (list == nullptr) {
      reader_.wrong(fmt::format("{} must be a list", key), node);
      return;
    }
    for (const auto& entry : *list) {
      if (const auto* string = entry.as_string()) {
        text(string->get());
      } else if (const auto* inner = entry.as_table()) {
        TomlReader reader(*inner, fmt::format("{}, {}", reader_.where(), key));
        table(reader);
        if (!reader.ok()) {
          reader_.take_error(reader);
        }
      } else {
        reader_.wrong(fmt::format("each entry of {} must be a text or a table", key), &entry);
      }
    }
  }

  std::vector<Criterion> criteria(std::string_view key) {
    std::vector<Criterion> out;
    const auto add = [&](TomlReader& reader, const std::string& text, bool unconfirmed) {
      if (auto parsed = condition(reader, text, key)) {
        out.push_back({std::move(*parsed), text, unconfirmed});
      }
    };
    entries(
        key, [&](const std::string& text) { add(reader_, text, false); },
        [&](TomlReader& reader) {
          reader.only({"when", "unconfirmed"});
          const std::string when = reader.text("when", true);
          add(reader, when, reader.flag("unconfirmed"));
        });
    return out;
  }

  void read_trials() {
    entries(
        "trials",
        [&](const std::string& text) {
          out_.trials.push_back({text, {}, false});
        },
        [&](TomlReader& reader) {
          reader.only({"name", "id", "id_unconfirmed"});
          out_.trials.push_back({reader.text("name", true), reader.text("id", false), reader.flag("id_unconfirmed")});
        });
  }

  void read_labels() {
    entries(
        "labels", [&](const std::string&) { reader_.wrong("each label must be a table"); },
        [&](TomlReader& reader) {
          reader.only({"authority", "date", "says", "unconfirmed"});
          OptionLabel label;
          label.authority = reader.text("authority", true);
          label.date = reader.text("date", false);
          label.says = reader.text("says", true);
          label.unconfirmed = reader.flag("unconfirmed");
          out_.labels.push_back(std::move(label));
        });
  }

  void read_remarks(std::string_view key, Remark::Kind kind) {
    entries(
        key,
        [&](const std::string& text) {
          Remark remark;
          remark.kind = kind;
          remark.says = text;
          out_.remarks.push_back(std::move(remark));
        },
        [&](TomlReader& reader) {
          reader.only({"says", "when", "unconfirmed"});
          Remark remark;
          remark.kind = kind;
          remark.says = reader.text("says", true);
          remark.when_text = reader.text("when", false);
          if (!remark.when_text.empty()) {
            remark.when = condition(reader, remark.when_text, "when");
          }
          remark.unconfirmed = reader.flag("unconfirmed");
          out_.remarks.push_back(std::move(remark));
        });
  }

  TomlReader reader_;
  const toml::table& source_;
  const Dictionary& dictionary_;
  const OptionFile& file_;
  Option out_;
};

std::size_t rank(const OptionFile& file) {
  const auto* const found = std::find(kOrder.begin(), kOrder.end(), file.id);
  return static_cast<std::size_t>(found - kOrder.begin());
}

}  // namespace

std::string_view name_of(OptionSense sense) {
  switch (sense) {
    case OptionSense::option: return "option";
    case OptionSense::test: return "test";
    case OptionSense::omission: return "omission";
    case OptionSense::not_indicated: return "not-indicated";
  }
  return "option";
}

std::vector<FactId> Option::facts(const Dictionary& dictionary) const {
  std::set<FactId> out;
  for (const auto& criterion : criteria) {
    const auto read = facts_read(criterion.when, dictionary);
    out.insert(read.begin(), read.end());
  }
  return {out.begin(), out.end()};
}

Result<OptionFile> load_option_file(const std::string& content, const Dictionary& dictionary) {
  const auto parsed = parse_toml(content, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  TomlReader reader(*parsed, "");
  reader.only({"id", "title", "sources", "option", "note"});
  OptionFile out;
  out.id = reader.text("id", true);
  out.title = reader.text("title", true);
  for (auto& [key, citation] : reader.pairs("sources")) {
    out.sources.emplace(key, citation);
  }
  std::set<std::string> ids;
  for (const toml::table* source : reader.tables("option")) {
    if (!reader.ok()) {
      break;
    }
    auto option = OptionReader(*source, dictionary, out).read();
    if (!option) {
      return tl::unexpected(option.error());
    }
    if (!ids.insert(option->id).second) {
      reader.wrong(fmt::format("two options are called '{}'", option->id));
    }
    out.options.push_back(std::move(*option));
  }
  if (out.options.empty()) {
    reader.wrong("has no options");
  }
  if (!reader.ok()) {
    return tl::unexpected(*reader.error());
  }
  out.hash = sha256_hex(content);
  return out;
}

Result<std::vector<OptionFile>> load_options(const GuidelineFiles& files, const Dictionary& dictionary) {
  std::vector<OptionFile> out;
  std::set<std::string> ids;
  for (const auto& [name, content] : files) {
    if (!name.starts_with(kFolder)) {
      continue;
    }
    auto file = load_option_file(content, dictionary);
    if (!file) {
      return tl::unexpected(located(file.error(), name));
    }
    if (name != fmt::format("{}{}.toml", kFolder, file->id)) {
      return fail(fmt::format("the file must be called {}.toml, after its id", file->id), {}, name);
    }
    for (const Option& option : file->options) {
      if (!ids.insert(option.id).second) {
        return fail(fmt::format("another file has an option '{}'", option.id), {}, name);
      }
    }
    out.push_back(std::move(*file));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return out;
}

}  // namespace her2
