// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "her2/evidence/dictionary.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/row_mapper.h"
#include "her2/exchange/vocabulary.h"
#include "tests/places.h"

namespace her2::test {

inline std::string source_file(const std::string& path) {
  std::ifstream in(source_folder() + "/" + path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline const Dictionary& dictionary() {
  static const Dictionary read = [] {
    auto parsed = Dictionary::parse(source_file("guidelines/facts.toml"), "facts.toml");
    if (!parsed) {
      ADD_FAILURE() << parsed.error().text();
    }
    return std::move(*parsed);
  }();
  return read;
}

inline const Vocabulary& vocabulary() {
  static const Vocabulary read = [] {
    auto parsed = Vocabulary::parse(source_file("maps/vocabulary.toml"), "vocabulary.toml", dictionary());
    if (!parsed) {
      ADD_FAILURE() << parsed.error().text();
    }
    return std::move(*parsed);
  }();
  return read;
}

inline ColumnMap preset(const std::string& name) {
  auto parsed = ColumnMap::parse(source_file("maps/" + name + ".toml"), "maps/" + name + ".toml", dictionary());
  if (!parsed) {
    ADD_FAILURE() << parsed.error().text();
  }
  return std::move(*parsed);
}

// A table with its map, row by row.
class Mapped {
 public:
  Mapped(Result<BlockReader> reader, const ColumnMap& map) {
    if (!reader) {
      error = reader.error().text();
      return;
    }
    reader_ = std::make_unique<BlockReader>(std::move(*reader));
    auto bound = BoundMap::bind(map, vocabulary(), dictionary(), reader_->shape());
    if (!bound) {
      error = bound.error().text();
      return;
    }
    bound_ = std::make_unique<BoundMap>(std::move(*bound));
    splitter_ = std::make_unique<RowSplitter>(reader_->shape());
  }

  static Mapped of_text(std::string_view text, const ColumnMap& map) {
    auto source = open_text(memory_source(text), map.format.encoding);
    if (!source) {
      return Mapped(tl::unexpected(source.error()), map);
    }
    return Mapped(BlockReader::open(std::move(*source), "t.csv", map.format), map);
  }

  bool next() {
    if (!error.empty()) {
      return false;
    }
    TableRow table_row;
    while (!started_ || !splitter_->next(table_row)) {
      const auto more = reader_->next(block_);
      if (!more || !*more) {
        error = more ? "" : more.error().text();
        return false;
      }
      if (const auto begun = splitter_->start(block_); !begun) {
        error = begun.error().text();
        return false;
      }
      started_ = true;
    }
    bound_->map_row(table_row, row);
    return true;
  }

  // The fact as text, "" when the table cannot tell it.
  [[nodiscard]] std::string fact(std::string_view name) const {
    const auto id = dictionary().find(name);
    for (const auto& small : row.values) {
      if (id && small.fact == *id) {
        return value_text(dictionary()[*id], BoundMap::value(row, small));
      }
    }
    return {};
  }

  [[nodiscard]] const BoundMap& bound() const { return *bound_; }

  MappedRow row;
  std::string error;

 private:
  std::unique_ptr<BlockReader> reader_;
  std::unique_ptr<BoundMap> bound_;
  std::unique_ptr<RowSplitter> splitter_;
  Block block_;
  bool started_ = false;
};

}  // namespace her2::test
