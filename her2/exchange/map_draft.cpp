// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/map_draft.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/map_toml.h"
#include "her2/exchange/row_mapper.h"

namespace her2 {
namespace {

constexpr std::size_t kMostRows = 5'000, kMostBytes = std::size_t{8} << 20U;
constexpr std::size_t kMostOdd = 6, kLongestOdd = 60;
constexpr std::uint64_t kLeastShares = 3;  // numbers between 0 and 1 before they are taken for shares

// Some rows of a table, to be read again and again.
struct Sample {
  TableShape shape;
  std::vector<Block> blocks;
  std::size_t rows = 0;

  // Calls use(row) for each row that has as many fields as there are names.
  template <class Use>
  Result<void> each(const Use& use) const {
    RowSplitter splitter(shape);
    std::size_t done = 0;
    for (const Block& block : blocks) {
      if (auto started = splitter.start(block); !started) {
        return started;
      }
      TableRow row;
      while (done < kMostRows && splitter.next(row)) {
        ++done;
        if (row.problem == TableRow::Problem::none) {
          use(row);
        }
      }
    }
    return {};
  }
};

Result<Sample> sample_of(BlockReader& reader) {
  Sample out;
  out.shape = reader.shape();
  std::size_t bytes = 0;
  while (bytes < kMostBytes) {
    Block block;
    const auto more = reader.next(block);
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (!*more) {
      break;
    }
    bytes += block.text.size();
    out.blocks.push_back(std::move(block));
  }
  const auto counted = out.each([&](const TableRow& /*row*/) { ++out.rows; });
  if (!counted) {
    return tl::unexpected(counted.error());
  }
  return out;
}

bool stands_in(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Facts that a column of this name may give, best first.
std::vector<FactId> candidates(const std::string& column, const ColumnNamesBook& book, const Dictionary& dictionary) {
  const std::string name = normal_column_name(column);
  std::vector<FactId> out;
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    if (normal_column_name(dictionary[fact].name) == name) {
      out.push_back(fact);
    }
  }
  for (const auto& [fact, names] : book.facts) {
    if (stands_in(names, name) && std::find(out.begin(), out.end(), fact) == out.end()) {
      out.push_back(fact);
    }
  }
  return out;
}

class Drafter {
 public:
  Drafter(const Sample& sample, const ColumnNamesBook& book, const Vocabulary& vocabulary, const Dictionary& dictionary)
      : sample_(sample), book_(book), vocabulary_(vocabulary), dictionary_(dictionary) {}

  Result<MapDraft> run() {
    out_.rows = sample_.rows;
    out_.delimiter = sample_.shape.delimiter;
    out_.comment = sample_.shape.comment;
    find_id();
    std::set<std::string> names;
    for (const std::string& column : sample_.shape.names) {
      if (column == out_.id || column.empty() || !names.insert(column).second) {
        continue;
      }
      if (auto done = look_at(column); !done) {
        return tl::unexpected(done.error());
      }
    }
    return std::move(out_);
  }

 private:
  void find_id() {
    const auto& names = sample_.shape.names;
    for (const std::string& known : book_.id) {
      const auto found =
          std::find_if(names.begin(), names.end(), [&](const auto& n) { return normal_column_name(n) == known; });
      if (found != names.end()) {
        out_.id = *found;
        return;
      }
    }
    std::vector<std::set<std::string, std::less<>>> seen(names.size());
    std::vector<bool> differ(names.size(), sample_.rows > 1);
    for (std::size_t i = 0; i < names.size(); ++i) {
      differ[i] = differ[i] && candidates(names[i], book_, dictionary_).empty();
    }
    const auto done = sample_.each([&](const TableRow& row) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (differ[i]) {
          differ[i] = !trimmed(row.fields[i]).empty() && seen[i].emplace(row.fields[i]).second;
        }
      }
    });
    const auto first = std::find(differ.begin(), differ.end(), true);
    if (done && first != differ.end()) {
      out_.id = names[static_cast<std::size_t>(first - differ.begin())];
      out_.id_by_values = true;
    }
  }

  Result<void> look_at(const std::string& column) {
    std::optional<DraftedColumn> best;
    for (const FactId fact : candidates(column, book_, dictionary_)) {
      const bool number = dictionary_[fact].kind != FactKind::choice;
      for (const bool comma : {false, true}) {
        if (comma && !number) {
          continue;
        }
        auto read = read_as(column, fact, comma);
        if (!read) {
          return tl::unexpected(read.error());
        }
        if (2 * read->understood >= read->filled && (!best || better(*read, *best))) {
          best = std::move(*read);
        }
      }
    }
    if (!best) {
      out_.unused.push_back(column);
      return {};
    }
    const auto same = std::find_if(out_.columns.begin(), out_.columns.end(),
                                   [&](const DraftedColumn& other) { return other.fact == best->fact; });
    if (same == out_.columns.end()) {
      out_.columns.push_back(std::move(*best));
    } else if (same->understood < best->understood) {
      out_.unused.push_back(same->column);
      *same = std::move(*best);
    } else {
      out_.unused.push_back(column);
    }
    return {};
  }

  static bool better(const DraftedColumn& a, const DraftedColumn& b) {
    return a.understood * std::max<std::uint64_t>(b.filled, 1) > b.understood * std::max<std::uint64_t>(a.filled, 1);
  }

  // What the column says when it is bound to the fact: by the same reading as when the map is used.
  Result<DraftedColumn> read_as(const std::string& column, FactId fact, bool comma) {
    ColumnMap map;
    map.name = "draft";
    const auto& names = sample_.shape.names;
    const auto other = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n != column; });
    map.subject.id = {out_.id.empty() && other != names.end() ? *other : out_.id};
    ColumnRule rule;
    rule.column = column;
    rule.fact = fact;
    rule.decimal_comma = comma;
    map.columns.push_back(std::move(rule));
    const auto bound = BoundMap::bind(map, vocabulary_, dictionary_, sample_.shape);
    if (!bound) {
      return tl::unexpected(bound.error());
    }
    DraftedColumn out;
    out.column = column;
    out.fact = fact;
    out.decimal_comma = comma;
    std::map<std::string, std::uint64_t> odd;
    std::uint64_t between = 0;
    std::uint64_t above = 0;
    const std::size_t index = static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin());
    const auto slot = static_cast<std::size_t>(std::find(bound->facts().begin(), bound->facts().end(), fact) -
                                               bound->facts().begin());
    MappedRow mapped;
    const auto done = sample_.each([&](const TableRow& row) {
      bound->map_row(row, mapped);
      const std::string_view text = trimmed(row.fields[index]);
      const bool refused = std::any_of(mapped.refusals.begin(), mapped.refusals.end(),
                                       [&](const RowRemark& remark) { return remark.column == column; });
      const RowValue& value = mapped.values[slot];
      if (refused) {
        ++out.filled;
        ++odd[std::string(text.substr(0, kLongestOdd))];
      } else if (value.kind != RowValue::Kind::missing && value.kind != RowValue::Kind::unknown) {
        ++out.filled;
        ++out.understood;
        if (value.kind == RowValue::Kind::decimal) {
          const Rational number = value.number.rational();
          between += number > Rational(0) && number < Rational(1) ? 1U : 0U;
          above += number > Rational(1) ? 1U : 0U;
        }
        note_positive(fact, value, text, out);
      }
    });
    if (!done) {
      return tl::unexpected(done.error());
    }
    out.share = dictionary_[fact].unit == "%" && above == 0 && between >= kLeastShares;
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [text, count] : odd) {
      order.emplace_back(count, text);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; i < std::min(order.size(), kMostOdd); ++i) {
      out.odd.push_back(order[i].second);
    }
    return out;
  }

  // Older reports call low positive tumours (1 to 10 %) positive as well.
  void note_positive(FactId fact, const RowValue& value, std::string_view text, DraftedColumn& out) const {
    const FactType& type = dictionary_[fact];
    if (type.name != "er_status" || value.kind != RowValue::Kind::choice || value.choices != type.mask_of("positive") ||
        out.only_positive.size() >= kMostOdd) {
      return;
    }
    const bool known = std::any_of(out.only_positive.begin(), out.only_positive.end(),
                                   [&](const std::string& one) { return lowered(one) == lowered(text); });
    if (!known) {
      out.only_positive.emplace_back(text);
    }
  }

  const Sample& sample_;
  const ColumnNamesBook& book_;
  const Vocabulary& vocabulary_;
  const Dictionary& dictionary_;
  MapDraft out_;
};

std::vector<std::string> names_at(MapToml& toml, const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  const toml::node& node = *table.get(key);
  const auto* list = node.as_array();
  if (list == nullptr) {
    toml.wrong(node, key, "must be a list of names in quotes");
    return out;
  }
  for (const auto& item : *list) {
    const auto name = item.value<std::string>();
    if (!name || normal_column_name(*name) != *name || name->empty()) {
      toml.wrong(item, key, "must be a list of names of small letters, digits and single blanks");
      return out;
    }
    out.push_back(*name);
  }
  return out;
}

}  // namespace

std::string normal_column_name(std::string_view name) {
  std::string out;
  const auto word = [&](std::string_view text) {
    out += out.empty() || out.back() == ' ' ? "" : " ";
    out += text;
    out.push_back(' ');
  };
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      out.push_back(c);
    } else if (c >= 'A' && c <= 'Z') {
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (c == '%') {
      word("percent");
    } else if (c == '+') {
      word("plus");
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  while (!out.empty() && out.back() == ' ') {
    out.pop_back();
  }
  return out;
}

Result<ColumnNamesBook> ColumnNamesBook::parse(std::string_view toml, const std::string& file,
                                               const Dictionary& dictionary) {
  MapToml reader(dictionary, file);
  const auto table = reader.parse(toml);
  if (!table) {
    return tl::unexpected(table.error());
  }
  ColumnNamesBook out;
  reader.only(*table, "the names of columns", {"id", "facts"});
  if (table->contains("id")) {
    out.id = names_at(reader, *table, "id");
  }
  if (const auto* facts = reader.table(*table, "facts")) {
    std::vector<std::pair<toml::source_index, const toml::key*>> order;
    for (const auto& [key, node] : *facts) {
      order.emplace_back(key.source().begin.line, &key);
    }
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [line, key] : order) {
      if (const auto fact = reader.fact(*facts->get(key->str()), key->str())) {
        out.facts.emplace_back(*fact, names_at(reader, *facts, key->str()));
      }
    }
  }
  if (reader.error()) {
    return tl::unexpected(*reader.error());
  }
  return out;
}

Result<MapDraft> draft_map(const std::string& path, const TableFormat& format, const ColumnNamesBook& book,
                           const Vocabulary& vocabulary, const Dictionary& dictionary) {
  auto reader = BlockReader::open(path, format);
  const bool commented = reader && format.comment.empty() && path != "-" && reader->shape().names[0].starts_with('#');
  if (commented) {
    TableFormat without = format;
    without.comment = "#";
    reader = BlockReader::open(path, without);
  }
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  return draft_map(*reader, book, vocabulary, dictionary);
}

Result<MapDraft> draft_map(BlockReader& reader, const ColumnNamesBook& book, const Vocabulary& vocabulary,
                           const Dictionary& dictionary) {
  const auto sample = sample_of(reader);
  if (!sample) {
    return tl::unexpected(sample.error());
  }
  return Drafter(*sample, book, vocabulary, dictionary).run();
}

}  // namespace her2
