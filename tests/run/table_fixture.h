// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <unistd.h>

#include "fixture.h"
#include "her2/exchange/column_map.h"
#include "her2/run/cohort.h"

namespace her2::test {

// The same numbers on every machine: std::mt19937_64 is defined exactly, the distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int roll(int low, int high) { return low + static_cast<int>(engine_() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(int percent) { return roll(1, 100) <= percent; }
  template <class Items>
  const auto& of(const Items& items) {
    return items[static_cast<std::size_t>(roll(0, static_cast<int>(std::size(items)) - 1))];
  }
  template <class Items>
  void shuffle(Items& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(roll(0, static_cast<int>(i) - 1))]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

// A folder that goes with the object.
class TempFolder {
 public:
  TempFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("her2-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline const Vocabulary& real_vocabulary() {
  static const Vocabulary vocabulary = *Vocabulary::parse(embedded_file("maps/vocabulary.toml").value_or(""),
                                                          "vocabulary.toml", real_catalog().dictionary);
  return vocabulary;
}

inline ColumnMap real_map(const std::string& name) {
  const std::string file = "maps/" + name + ".toml";
  return *ColumnMap::parse(embedded_file(file).value_or(""), file, real_catalog().dictionary);
}

struct CohortRun {
  Result<CohortSummary> summary;
  std::string out;  // what was written, whole or not
};

inline CohortRun run_cohort(const std::string& path, const ColumnMap& map, const CohortOptions& options) {
  const TempFolder folder;
  auto out = OutputFile::open(folder / "out");
  EXPECT_TRUE(out);
  auto summary = decide_cohort(path, map, real_vocabulary(), options, *out);
  EXPECT_TRUE(out->commit());
  return {std::move(summary), text_of_file(folder / "out")};
}

inline CohortOptions by_edition(const std::string& edition) {
  CohortOptions options;
  options.plans = {&real_plan(edition)};
  return options;
}

inline CohortRun run_text(const std::string& table, const CohortOptions& options, std::size_t block = 1U << 20) {
  const TempFolder folder;
  ColumnMap map = real_map("plain");
  map.format.block = block;
  return run_cohort(folder.write("table.csv", table), map, options);
}

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// A table that was written as TSV: one map a row, by column name.
inline std::vector<std::map<std::string, std::string>> rows_of_tsv(const std::string& text) {
  std::vector<std::map<std::string, std::string>> out;
  std::vector<std::string> names;
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(line, '\t');
    if (names.empty()) {
      names = fields;
    } else if (!line.empty()) {
      EXPECT_EQ(fields.size(), names.size()) << line;
      auto& row = out.emplace_back();
      for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) {
        row[names[i]] = fields[i];
      }
    }
  }
  return out;
}

}  // namespace her2::test
