// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/ish_counts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/exchange/small_table.h"
#include "her2/ish/counting.h"

namespace her2 {
namespace {

// Columns, in the order of kNames.
constexpr std::size_t kHer2 = 0, kCep17 = 1, kNucleus = 2, kArea = 3, kField = 4, kReader = 5, kVerdict = 6,
                      kHer2Doubtful = 7, kCep17Doubtful = 8, kX = 9, kY = 10, kColumns = 11;
constexpr std::array<ColumnNames, kColumns> kNames{{
    {"her2", {"her2signals", "her2count", "erbb2", "erbb2signals", "her2neu"}},
    {"cep17", {"cep17signals", "cep17count", "cen17", "cen17signals", "chr17"}},
    {"nucleus", {"cell", "nucleusid", "cellid", "id", "no"}},
    {"area", {"region", "tumourarea", "tumorarea"}},
    {"field", {"image", "picture", "slide"}},
    {"reader", {"observer", "counter", "countedby"}},
    {"verdict", {"counted", "accepted"}},
    {"her2_doubtful", {"doubtfulher2"}},
    {"cep17_doubtful", {"doubtfulcep17"}},
    {"x_um", {"xum"}},
    {"y_um", {"yum"}},
}};
constexpr std::uint32_t kMicrometre = 1'000'000;  // pm: a person's table has pixels of 1 um

struct ReadCount {
  std::uint16_t value = 0;
  bool at_least = false;
};

// "12", ">20", ">= 20", "20+".
Result<ReadCount> read_count(std::string_view text) {
  ReadCount out;
  std::string_view digits = text;
  bool above = false;
  if (digits.starts_with('>')) {
    out.at_least = true;
    digits.remove_prefix(1);
    above = !digits.starts_with('=');
    digits = trimmed(above ? digits : digits.substr(1));
  } else if (digits.size() > 1 && digits.ends_with('+')) {
    out.at_least = true;
    digits.remove_suffix(1);
  }
  if (text.empty()) {
    return fail("is empty; write 0 where no signal was seen, or leave the nucleus out");
  }
  const auto number = Decimal::parse(digits);
  if (!number) {
    return fail(fmt::format("{} is no count; a whole number of signals is expected", in_quotes(text)));
  }
  const Rational value = number->rational();
  if (value < 0) {
    return fail(fmt::format("{} is negative; a count is a whole number from 0 to {}", in_quotes(text), kMostSignals));
  }
  if (!is_integer(value)) {
    return fail(
        fmt::format("{} is a fraction; whole signals of each nucleus are expected (means per nucleus go to "
                    "'her2 status' as copies and ratio)",
                    in_quotes(text)));
  }
  if (value > kMostSignals) {
    return fail(
        fmt::format("{} is more than {} signals; a total instead of one nucleus?", in_quotes(text), kMostSignals));
  }
  out.value = static_cast<std::uint16_t>(std::min(value.convert_to<int>() + (above ? 1 : 0), int{kMostSignals}));
  return out;
}

// Micrometres as 1/32 of pixels of 1 um.
Result<std::int32_t> read_place(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kFarthest = 10'000'000;
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= kFarthest)) {
    return fail(fmt::format("{} is no place in micrometres", in_quotes(text)));
  }
  return static_cast<std::int32_t>(std::floor(value * kSubpixels + 0.5));
}

Result<NucleusVerdict> read_verdict(std::string_view text) {
  const std::string word = lowered(text);
  if (word.empty() || word == "yes" || word == "1" || word == "true") {
    return NucleusVerdict::accepted;
  }
  if (word == "no" || word == "0" || word == "false") {
    return NucleusVerdict::person;
  }
  if (const auto verdict = nucleus_verdict(word)) {
    return *verdict;
  }
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kNucleusVerdicts; ++i) {
    known.emplace_back(name_of(static_cast<NucleusVerdict>(i)));
  }
  return fail(fmt::format("{} is no verdict; expected {}", in_quotes(text), listed(known)));
}

class CountsReader {
 public:
  CountsReader(const SmallTable& table, std::string name) : table_(table), name_(std::move(name)) {}

  Result<CountsFile> read() {
    if (auto enough = check_columns(); !enough) {
      return tl::unexpected(enough.error());
    }
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      const std::size_t before = wrong_.size();
      IshNucleus nucleus = read_row(row);
      if (wrong_.size() == before) {
        place(row, std::move(nucleus));
      }
    }
    if (error_) {
      if (wrong_.size() > 1) {
        error_->reason += further_rows();
      }
      return tl::unexpected(*error_);
    }
    if (out_.readers.empty()) {
      return fail("holds no nucleus; each row below the line of names is one", {}, name_);
    }
    out_.unused = table_.unused();
    return std::move(out_);
  }

 private:
  Result<void> check_columns() const {
    for (const std::size_t column : {kHer2, kCep17}) {
      if (!table_.has(column)) {
        const auto& names = kNames.at(column);
        return fail(
            fmt::format("has no column for {} signals ({} or {}); its columns are {}. Counts of one probe go to "
                        "'her2 status'",
                        column == kHer2 ? "HER2" : "CEP17", names.name, names.also[0],
                        table_.names().empty() ? "none" : fmt::format("{}", fmt::join(table_.names(), ", "))),
            "line 1", name_);
      }
    }
    if (table_.has(kX) != table_.has(kY)) {
      return fail("has only one of the columns x_um and y_um; a place needs both", "line 1", name_);
    }
    return {};
  }

  void wrong(std::size_t row, std::size_t column, const Error& error) {
    if (wrong_.empty() || wrong_.back() != row) {
      wrong_.push_back(row);
    }
    if (!error_) {
      error_ = Error{name_, table_.place(row, column), error.reason};
    }
  }

  template <class T>
  T value(std::size_t row, std::size_t column, const Result<T>& read) {
    if (!read) {
      wrong(row, column, read.error());
      return T{};
    }
    return *read;
  }

  SignalCount count(std::size_t row, std::size_t column, std::size_t doubtful, bool may_be_empty) {
    SignalCount out;
    if (!may_be_empty || !table_.at(row, column).empty()) {
      const ReadCount read = value(row, column, read_count(table_.at(row, column)));
      if (read.at_least) {
        const auto hundredths = static_cast<std::uint16_t>(std::min(read.value * 100, 65535));
        out.cluster = {hundredths, hundredths, 0, true};
      } else {
        out.clear = read.value;
      }
    }
    if (!table_.at(row, doubtful).empty()) {
      out.doubtful = value(row, doubtful, read_count(table_.at(row, doubtful))).value;
    }
    return out;
  }

  IshNucleus read_row(std::size_t row) {
    IshNucleus out;
    out.verdict = value(row, kVerdict, read_verdict(table_.at(row, kVerdict)));
    const bool left_out = out.verdict != NucleusVerdict::accepted;
    out.counts[0] = count(row, kHer2, kHer2Doubtful, left_out);
    out.counts[1] = count(row, kCep17, kCep17Doubtful, left_out);
    out.name = table_.at(row, kNucleus);
    if (out.name.empty()) {
      out.name = std::to_string(row + 1);
    }
    if (table_.has(kX) && !table_.at(row, kX).empty() && !table_.at(row, kY).empty()) {
      out.centroid = {value(row, kX, read_place(table_.at(row, kX))), value(row, kY, read_place(table_.at(row, kY)))};
    }
    return out;
  }

  ReaderCounts& reader(const std::string& name) {
    const auto found =
        std::find_if(out_.readers.begin(), out_.readers.end(), [&](const ReaderCounts& r) { return r.reader == name; });
    if (found != out_.readers.end()) {
      return *found;
    }
    ReaderCounts& added = out_.readers.emplace_back();
    added.reader = name;
    added.table.assay = IshAssay::counts;
    added.table.name = name_;
    added.table.software = name;
    added.table.named = table_.has(kNucleus);
    return added;
  }

  static std::uint32_t index_in(std::vector<std::string>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      names.emplace_back(name);
      return static_cast<std::uint32_t>(names.size() - 1);
    }
    return static_cast<std::uint32_t>(found - names.begin());
  }

  void place(std::size_t row, IshNucleus nucleus) {
    NucleusTable& table = reader(std::string(table_.at(row, kReader))).table;
    nucleus.area_of_tumour = index_in(table.areas, table_.at(row, kArea));
    const std::string_view field = table_.at(row, kField);
    const auto found =
        std::find_if(table.fields.begin(), table.fields.end(), [&](const IshField& f) { return f.name == field; });
    nucleus.field = static_cast<std::uint32_t>(found - table.fields.begin());
    if (found == table.fields.end()) {
      IshField added;
      added.name = field;
      added.sha256 = sha256_hex(fmt::format("{} {}", name_, field));
      added.pixel_pm = table_.has(kX) ? kMicrometre : 0;
      table.fields.push_back(std::move(added));
    }
    table.add(std::move(nucleus), {}, {});
  }

  std::string further_rows() const {
    constexpr std::size_t kMost = 5;
    std::vector<std::string> rows;
    for (std::size_t i = 1; i < std::min(wrong_.size(), kMost + 1); ++i) {
      rows.push_back(std::to_string(wrong_[i] + 1));
    }
    const std::size_t more = wrong_.size() - 1 - rows.size();
    return fmt::format("; {} further {} wrong too ({}{})", wrong_.size() - 1,
                       wrong_.size() == 2 ? "row is" : "rows are", fmt::join(rows, ", "), more > 0 ? ", ..." : "");
  }

  const SmallTable& table_;
  std::string name_;
  CountsFile out_;
  std::vector<std::size_t> wrong_;  // rows
  std::optional<Error> error_;
};

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return out + '"';
}

std::string count_text(const SignalCount& count) {
  return fmt::format("{}{}", count_of(count, false, ClusterReading::mean), count.cluster.at_least ? "+" : "");
}

std::string hundredths(std::uint16_t value) {
  return value == 0 ? "" : fmt::format("{}.{:02}", value / 100, value % 100);
}

}  // namespace

Result<CountsFile> parse_counts(std::unique_ptr<ByteSource> text, const std::string& name) {
  const auto table = SmallTable::read(std::move(text), name, kNames);
  if (!table) {
    return tl::unexpected(table.error());
  }
  return CountsReader(*table, name).read();
}

Result<CountsFile> read_counts(const std::string& path) {
  auto text = open_text(path, Encoding::utf8);
  if (!text) {
    return tl::unexpected(located(text.error(), path));
  }
  return parse_counts(std::move(*text), path == "-" ? "standard input" : path);
}

std::string nuclei_csv(const NucleusTable& table) {
  std::string out =
      "nucleus,field,area,x_um,y_um,size_um2,verdict,her2,cep17,her2_doubtful,cep17_doubtful,her2_integrated,her2_"
      "greedy,"
      "her2_spread,cep17_integrated,cep17_greedy,cep17_spread,confidence_percent,editor\n";
  for (std::size_t i = 0; i < table.nuclei.size(); ++i) {
    const IshNucleus& n = table.nuclei[i];
    const IshField& field = table.fields[n.field];
    std::string x;
    std::string y;
    if (field.pixel_pm > 0) {  // 1/32 pixel to um, three decimals
      const auto um = [&](std::int32_t at) { return 1e-6 / kSubpixels * at * field.pixel_pm; };
      x = fmt::format("{:.3f}", um(n.centroid.x));
      y = fmt::format("{:.3f}", um(n.centroid.y));
    }
    const std::string area = n.area_of_tumour < table.areas.size() ? table.areas[n.area_of_tumour] : "";
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{}", csv_text(table.id(i)), csv_text(field.name), csv_text(area),
                       x, y, n.size == 0 ? "" : fmt::format("{}.{:02}", n.size / 100, n.size % 100), name_of(n.verdict),
                       count_text(n.counts[0]), count_text(n.counts[1]), n.counts[0].doubtful, n.counts[1].doubtful);
    for (const SignalCount& count : n.counts) {
      out += fmt::format(",{},{},{}", hundredths(count.cluster.integrated), hundredths(count.cluster.greedy),
                         hundredths(count.cluster.spread));
    }
    out += fmt::format(",{},{}\n", n.confidence, csv_text(n.editor));
  }
  return out;
}

}  // namespace her2
