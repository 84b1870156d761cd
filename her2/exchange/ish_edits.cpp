// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/evidence/text.h"
#include "her2/exchange/ish_counts.h"
#include "her2/exchange/json_tree.h"
#include "her2/exchange/small_table.h"

namespace her2 {
namespace {

constexpr std::string_view kFormat = "her2-ish-edits/1";

constexpr std::size_t kNucleus = 0, kAction = 1, kReason = 2, kHer2 = 3, kCep17 = 4, kAuthor = 5, kTime = 6, kField = 7,
                      kX = 8, kY = 9, kKeys = 10;
constexpr std::array<ColumnNames, kKeys> kNames{{{"nucleus", {"cell", "id"}},
                                                 {"action", {"edit"}},
                                                 {"reason", {"verdict"}},
                                                 {"her2", {"her2signals"}},
                                                 {"cep17", {"cep17signals", "cen17"}},
                                                 {"author", {"person", "editor"}},
                                                 {"time", {"date"}},
                                                 {"field", {"image"}},
                                                 {"x", {}},
                                                 {"y", {}}}};
using Texts = std::array<std::string, kKeys>;

Result<std::uint16_t> whole_count(const std::string& text, std::string_view name) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value > kMostSignals) {
    return fail(
        fmt::format("a recount needs {} as a whole number from 0 to {}, not {}", name, kMostSignals, in_quotes(text)));
  }
  return static_cast<std::uint16_t>(value);
}

Result<std::int32_t> place_of(const std::string& text, std::string_view name) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kFarthest = 60'000'000;
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= kFarthest)) {
    return fail(fmt::format("{} is no place in pixels: {}", name, in_quotes(text)));
  }
  return static_cast<std::int32_t>(std::floor(value * kSubpixels + 0.5));
}

std::vector<std::string> reasons() {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < kNucleusVerdicts; ++i) {
    out.emplace_back(name_of(static_cast<NucleusVerdict>(i)));
  }
  return out;
}

Result<void> read_place(const Texts& texts, IshEdit& edit) {
  edit.field = texts[kField];
  if (texts[kX].empty() && texts[kY].empty()) {
    return {};
  }
  const auto x = place_of(texts[kX], "x");
  const auto y = place_of(texts[kY], "y");
  if (!x || !y) {
    return tl::unexpected(x ? y.error() : x.error());
  }
  edit.at = SubPoint{*x, *y};
  return {};
}

Result<IshEdit> edit_of(const Texts& texts) {
  IshEdit edit;
  edit.nucleus = texts[kNucleus];
  edit.author = texts[kAuthor];
  edit.time = texts[kTime];
  if (auto placed = read_place(texts, edit); !placed) {
    return tl::unexpected(placed.error());
  }
  if (edit.nucleus.empty() && !edit.at) {
    return fail("names no nucleus and no place (field, x and y)");
  }
  const auto action = edit_action(texts[kAction]);
  if (!action) {
    return fail(
        fmt::format("the action {} is not known; expected accept, reject or recount", in_quotes(texts[kAction])));
  }
  edit.action = *action;
  if (edit.action == IshEdit::Action::reject && !texts[kReason].empty()) {
    const auto reason = nucleus_verdict(texts[kReason]);
    if (!reason || *reason == NucleusVerdict::accepted) {
      return fail(fmt::format("{} is no reason to reject a nucleus; expected {}", in_quotes(texts[kReason]),
                              listed(reasons())));
    }
    edit.reason = *reason;
  }
  if (edit.action == IshEdit::Action::recount) {
    const auto her2 = whole_count(texts[kHer2], "her2");
    const auto cep17 = whole_count(texts[kCep17], "cep17");
    if (!her2 || !cep17) {
      return tl::unexpected(her2 ? cep17.error() : her2.error());
    }
    edit.her2 = *her2;
    edit.cep17 = *cep17;
  }
  return edit;
}

Result<std::vector<IshEdit>> from_table(std::string_view text, const std::string& name) {
  auto source = open_text(memory_source(text), Encoding::utf8);
  if (!source) {
    return tl::unexpected(located(source.error(), name));
  }
  const auto table = SmallTable::read(std::move(*source), name, kNames);
  if (!table) {
    return tl::unexpected(table.error());
  }
  if (!table->has(kAction) || (!table->has(kNucleus) && !table->has(kX))) {
    return fail(
        "is no table of corrections: columns nucleus and action are needed (and reason, or her2 and cep17, author, "
        "time)",
        "line 1", name);
  }
  std::vector<IshEdit> out;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    Texts texts;
    for (std::size_t key = 0; key < kKeys; ++key) {
      texts.at(key) = table->at(row, key);
    }
    auto edit = edit_of(texts);
    if (!edit) {
      return tl::unexpected(located(edit.error(), name, table->place(row)));
    }
    edit->place = table->place(row);
    out.push_back(std::move(*edit));
  }
  return out;
}

Result<Texts> texts_of(const Json& record, std::string_view text) {
  if (record.kind != Json::Kind::object) {
    return fail("an edit must be an object", line_and_column(text, record.offset));
  }
  Texts out;
  for (std::size_t i = 0; i < record.keys.size(); ++i) {
    std::size_t key = 0;
    while (key < kKeys && kNames.at(key).name != record.keys[i]) {
      ++key;
    }
    const Json& value = record.items[i];
    if (key == kKeys) {
      return fail(fmt::format("an edit has no key {}", in_quotes(record.keys[i])),
                  line_and_column(text, record.key_offsets[i]));
    }
    if (value.kind != Json::Kind::string && value.kind != Json::Kind::number && value.kind != Json::Kind::null) {
      return fail(fmt::format("{} must be a text or a number", in_quotes(record.keys[i])),
                  line_and_column(text, value.offset));
    }
    out.at(key) = value.text;
  }
  return out;
}

Result<std::vector<IshEdit>> from_json(std::string_view text, const std::string& name) {
  const auto root = parse_json(text);
  if (!root) {
    return tl::unexpected(located(root.error(), name));
  }
  const Json* format = root->find("format");
  const Json* edits = root->find("edits");
  if (format == nullptr || format->text != kFormat || edits == nullptr || edits->kind != Json::Kind::array) {
    return fail(fmt::format("is no file of corrections: \"format\": \"{}\" and a list \"edits\" are expected", kFormat),
                {}, name);
  }
  std::vector<IshEdit> out;
  for (std::size_t i = 0; i < edits->items.size(); ++i) {
    const auto texts = texts_of(edits->items[i], text);
    if (!texts) {
      return tl::unexpected(located(texts.error(), name));
    }
    auto edit = edit_of(*texts);
    const std::string place = fmt::format("edit {}", i + 1);
    if (!edit) {
      return tl::unexpected(located(edit.error(), name, place));
    }
    edit->place = place;
    out.push_back(std::move(*edit));
  }
  return out;
}

// 1/32 pixel as a number that reads back the same.
std::string pixels(std::int32_t at) { return fmt::format("{:.5f}", at * (1.0 / kSubpixels)); }

}  // namespace

Result<std::vector<IshEdit>> parse_ish_edits(std::string_view text, const std::string& name) {
  const std::string_view begin = trimmed(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
  auto edits = begin.starts_with('{') ? from_json(text, name) : from_table(text, name);
  if (edits) {
    for (IshEdit& edit : *edits) {
      edit.place = name + ": " + edit.place;
    }
  }
  return edits;
}

Result<std::vector<IshEdit>> read_ish_edits(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{64} << 20U;
  const auto text = read_file(path, kMost);
  if (!text) {
    return tl::unexpected(text.error());
  }
  return parse_ish_edits(*text, path == "-" ? "standard input" : path);
}

std::string ish_edits_json(const std::vector<IshEdit>& edits) {
  std::string out = fmt::format("{{\n \"format\": \"{}\",\n \"edits\": [", kFormat);
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const IshEdit& e = edits[i];
    out += fmt::format("{}\n  {{\"nucleus\": {}, \"action\": \"{}\"", i == 0 ? "" : ",", json_string(e.nucleus),
                       name_of(e.action));
    if (e.action == IshEdit::Action::reject) {
      out += fmt::format(", \"reason\": \"{}\"", name_of(e.reason));
    }
    if (e.action == IshEdit::Action::recount) {
      out += fmt::format(", \"her2\": {}, \"cep17\": {}", e.her2, e.cep17);
    }
    if (!e.field.empty()) {
      out += fmt::format(", \"field\": {}", json_string(e.field));
    }
    if (e.at) {
      out += fmt::format(", \"x\": {}, \"y\": {}", pixels(e.at->x), pixels(e.at->y));
    }
    out += fmt::format(", \"author\": {}, \"time\": {}}}", json_string(e.author), json_string(e.time));
  }
  return out + (edits.empty() ? "]\n}\n" : "\n ]\n}\n");
}

}  // namespace her2
