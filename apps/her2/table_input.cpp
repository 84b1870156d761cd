// SPDX-License-Identifier: Apache-2.0
#include "table_input.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "her2/core/embedded.h"
#include "her2/core/output_file.h"

namespace her2::app {
namespace {

std::string built_in_maps() {
  std::vector<std::string> names;
  for (const auto path : embedded_names("maps")) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (name != "vocabulary" && name != "column-names") {
      names.push_back(name);
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<ColumnMap> load_map(const std::string& name, const Dictionary& dictionary) {
  const std::string wanted = name.empty() ? "plain" : name;
  const std::string path = fmt::format("maps/{}.toml", wanted);
  if (const auto built_in = embedded_file(path)) {
    return ColumnMap::parse(*built_in, path, dictionary);
  }
  if (!std::filesystem::exists(wanted)) {
    return fail(fmt::format("--map {}: there is no such file, and the maps built in are {}", wanted, built_in_maps()));
  }
  const auto text = read_file(wanted);
  return text ? ColumnMap::parse(*text, wanted, dictionary) : Result<ColumnMap>(tl::unexpected(text.error()));
}

RowFormat row_format(const std::string& name) {
  return name == "csv" ? RowFormat::csv : name == "jsonl" ? RowFormat::jsonl : RowFormat::tsv;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const bool plain = path != "-" && !path.ends_with(".gz");
  const auto size = plain ? std::filesystem::file_size(path, error) : 0;
  return error ? 0 : size;
}

Result<BlockReader> table_reader(const std::string& path, std::unique_ptr<ByteSource> piped,
                                 const TableFormat& format) {
  if (!piped) {
    return BlockReader::open(path, format);
  }
  auto text = open_text(std::move(piped), format.encoding);
  if (!text) {
    return tl::unexpected(located(text.error(), "standard input"));
  }
  return BlockReader::open(std::move(*text), "standard input", format);
}

Result<Vocabulary> load_vocabulary(const Dictionary& dictionary) {
  return Vocabulary::parse(embedded_file("maps/vocabulary.toml").value_or(""), "maps/vocabulary.toml", dictionary);
}

void print_counts(const std::string& label, const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  constexpr std::size_t kMost = 8;
  std::uint64_t rest = 0;
  std::string line;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i >= kMost) {
      rest += sorted[i].second;
      continue;
    }
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", sorted[i].first, sorted[i].second);
  }
  fmt::print(stderr, "  {:<22} {}{}\n", label, line, rest > 0 ? fmt::format(", others {}", rest) : "");
}

void TableProgress::show(std::uint64_t rows, std::uint64_t bytes, std::uint64_t size) {
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_ = now;
  shown_ = true;
  const std::chrono::duration<double> seconds = now - begin_;
  std::string bar;
  if (size > 0) {
    const auto filled = static_cast<std::size_t>(std::min<std::uint64_t>(bytes * 24 / size, 24));
    bar = fmt::format("[{}{}] {:3d} %  ", std::string(filled, '#'), std::string(24 - filled, '.'),
                      std::min<std::uint64_t>(100, bytes * 100 / size));
  }
  fmt::print(stderr, "\r{}{:.1f} M rows, {:.0f} MB/s ", bar, static_cast<double>(rows) / 1e6,
             static_cast<double>(bytes) / 1e6 / std::max(seconds.count(), 1e-3));
  std::fflush(stderr);
}

void TableProgress::clear() const {
  if (shown_) {
    fmt::print(stderr, "\r{:70}\r", "");
  }
}

double TableProgress::seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

}  // namespace her2::app
