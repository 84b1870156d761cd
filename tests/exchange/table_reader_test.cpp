// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/table_reader.h"

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "her2/exchange/scan.h"
#include "her2/exchange/split_line.h"

namespace her2 {
namespace {

struct ReadRow {
  std::uint64_t line = 0;
  std::vector<std::string> fields;
  std::string problem;
  friend bool operator==(const ReadRow&, const ReadRow&) = default;
};

struct ReadTable {
  std::vector<std::string> names;
  std::vector<ReadRow> rows;
  std::string error;
};

std::ostream& operator<<(std::ostream& out, const ReadRow& row) {
  out << row.line << ":";
  for (const auto& field : row.fields) {
    out << " [" << field << "]";
  }
  return out << " " << row.problem;
}

ReadTable read_all(Result<BlockReader> reader) {
  ReadTable out;
  if (!reader) {
    out.error = reader.error().text();
    return out;
  }
  out.names = reader->shape().names;
  RowSplitter splitter(reader->shape());
  Block block;
  for (;;) {
    const auto more = reader->next(block);
    if (!more || !*more) {
      out.error = more ? "" : more.error().text();
      return out;
    }
    if (const auto started = splitter.start(block); !started) {
      out.error = started.error().text();
      return out;
    }
    TableRow row;
    while (splitter.next(row)) {
      std::vector<std::string> fields;
      for (std::size_t i = 0; i < std::min(row.found, out.names.size()); ++i) {
        fields.emplace_back(row.fields[i]);
      }
      out.rows.push_back({row.line, fields, row_problem_text(row, out.names.size())});
    }
  }
}

ReadTable read_text(std::string_view text, TableFormat format = {}, std::size_t piece = std::string_view::npos) {
  auto source = open_text(memory_source(text, piece), format.encoding);
  if (!source) {
    ReadTable out;
    out.error = source.error().text();
    return out;
  }
  return read_all(BlockReader::open(std::move(*source), "t.csv", format));
}

using Fields = std::vector<std::string>;

TEST(TableReader, reads_csv) {
  const auto table = read_text("\xEF\xBB\xBFid,a b,\"c,d\"\r\n1,x,y\r\n\r\n2,\"p,\"\"q\"\"\r\nr\",\r\n3,,last");
  EXPECT_EQ(table.error, "");
  EXPECT_EQ(table.names, (Fields{"id", "a b", "c,d"}));
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0], (ReadRow{2, {"1", "x", "y"}, ""}));
  EXPECT_EQ(table.rows[1], (ReadRow{4, {"2", "p,\"q\"\r\nr", ""}, ""}));
  EXPECT_EQ(table.rows[2], (ReadRow{6, {"3", "", "last"}, ""}));
}

TEST(TableReader, detects_delimiters) {
  for (const char delimiter : {'\t', ',', ';', '|'}) {
    const std::string d(1, delimiter);
    const auto table = read_text("id" + d + "x\n1" + d + "2\n");
    EXPECT_EQ(table.names, (Fields{"id", "x"})) << delimiter;
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(table.rows[0].fields, (Fields{"1", "2"}));
  }
  EXPECT_EQ(read_text("sep=;\nid;a,b,c\n1;2\n").names, (Fields{"id", "a,b,c"}));
  EXPECT_EQ(read_text("id\n7\n").rows.at(0).fields, (Fields{"7"}));
  // Quotes in a TSV are characters, in a CSV only at the start of a field.
  EXPECT_EQ(read_text("id\tsize\n\"1\t5\"\n").rows.at(0).fields, (Fields{"\"1", "5\""}));
  EXPECT_EQ(read_text("id,size\n1,5\" wide\n").rows.at(0).fields, (Fields{"1", "5\" wide"}));
}

TEST(TableReader, header_and_comments) {
  TableFormat format;
  format.comment = "#";
  format.lines_before = 1;
  format.lines_after = 2;
  const auto table =
      read_text("#one\nTitle of the sheet\n\n#two \"a\nid,x\nalt,alt\n#1,1\n1,2\n# \"not, \"a, row\n3,4\n", format);
  EXPECT_EQ(table.error, "");
  EXPECT_EQ(table.names, (Fields{"id", "x"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0], (ReadRow{8, {"1", "2"}, ""}));
  EXPECT_EQ(table.rows[1], (ReadRow{10, {"3", "4"}, ""}));
  EXPECT_EQ(read_text("\"id\",\"two\nlines\"\n1,2\n").names, (Fields{"id", "two\nlines"}));
  EXPECT_TRUE(read_text("id,x\n").rows.empty());
  EXPECT_TRUE(read_text("id,x").rows.empty());
}

TEST(TableReader, ragged_rows_are_refused_one_by_one) {
  const auto table = read_text("id,x\n1\n2,3\n4,5,6\n\"7\"b,8\n9,0\n");
  ASSERT_EQ(table.rows.size(), 5U);
  EXPECT_EQ(table.rows[0].problem, "the row has 1 fields where the line of names has 2");
  EXPECT_EQ(table.rows[1].problem, "");
  EXPECT_EQ(table.rows[2].problem, "the row has 3 fields where the line of names has 2");
  EXPECT_EQ(table.rows[3].problem, "there is text behind a closing quote");
  EXPECT_EQ(table.rows[4].fields, (Fields{"9", "0"}));
}

struct Bad {
  std::string text;
  std::string error;
};

TEST(TableReader, refuses_files_in_one_sentence) {
  using namespace std::string_literals;
  const std::vector<Bad> cases = {
      {"", "t.csv: is empty"},
      {"\n\n", "ends before the line of column names"},
      {"id,x\n1,2\n\"3,4\n5,6\n", "t.csv: line 3: a quote that opens in this line is never closed"},
      {"id,\"x\n1,2\n", "line 1: a quote that opens in the line of column names"},
      {"id,x\r1,2\r", "line 1: lines end with CR alone"},
      {"id,x\n1,\xE9t\xE9\n", "line 2, byte 3: byte 0xE9 is not UTF-8"},
      {"id,\xE9\n1,2\n", "line 1: byte 0xE9 is not UTF-8"},
      {"id,x\n1,2\n3,\0\n"s, "line 3, byte 3: holds a NUL byte"},
      {"i\0d,x\n1,2\n"s, "line 1: holds NUL bytes"},
      {"\xFF\xFEi\0d\0,\0x\0\n\0"s, "UTF-16"},
      {"i\0d\0,\0x\0\n\0001\0,\0002\0\n\0"s, "UTF-16"},
      {"PK\x03\x04...", "Excel workbook (.xlsx)"},
      {"\xD0\xCF\x11\xE0....", "old Excel workbook"},
      {"PAR1", "Parquet"},
      {"\x1F\x8B\x08\0"s, "truncated gzip"},
      {"\x1F\x8B\x09\0aaaaaaaaaaaaaaa"s, "damaged gzip"},
  };
  for (const auto& entry : cases) {
    for (const std::size_t piece : {std::string_view::npos, std::size_t{1}}) {
      const auto table = read_text(entry.text, {}, piece);
      EXPECT_NE(table.error.find(entry.error), std::string::npos) << entry.error << "\ngot: " << table.error;
    }
  }
  EXPECT_NE(read_all(BlockReader::open("/no/such/file", {})).error.find("cannot be opened"), std::string::npos);
  EXPECT_NE(read_all(BlockReader::open("/tmp", {})).error.find("is a folder"), std::string::npos);
}

TEST(TableReader, decodes_when_told) {
  TableFormat format;
  format.encoding = Encoding::latin1;
  EXPECT_EQ(read_text("id,x\n1,\xE9\x80\n", format).rows.at(0).fields[1], "\xC3\xA9\xE2\x82\xAC");
  format.encoding = Encoding::utf16;
  using namespace std::string_literals;
  for (const auto& text :
       {"\xFF\xFEi\0d\0\n\0=\xD8,\xDC\n\0"s, "\xFE\xFF\0i\0d\0\n\xD8=\xDC,\0\n"s, "i\0d\0\n\0=\xD8,\xDC"s}) {
    const auto table = read_text(text, format, 3);
    ASSERT_EQ(table.rows.size(), 1U) << table.error;
    EXPECT_EQ(table.rows[0].fields[0], "\xF0\x9F\x90\xAC");
  }
  EXPECT_NE(read_text("i\0d\0\n\0=\xD8"s, format).error.find("truncated UTF-16"), std::string::npos);
  EXPECT_NE(read_text("i\0d\0\n\0,\xDC\n\0"s, format).error.find("surrogate"), std::string::npos);
  EXPECT_NE(read_text("i\0d\0\n"s, format).error.find("truncated UTF-16"), std::string::npos);
}

std::string gzipped(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(text);
  std::string out(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(TableReader, undoes_gzip) {
  std::string text = "id,x\n";
  for (int i = 0; i < 20000; ++i) {
    text += std::to_string(i) + ",value " + std::to_string(i * 7919 % 1000) + "\n";
  }
  const auto plain = read_text(text);
  const auto packed = gzipped(text.substr(0, 1000)) + gzipped(text.substr(1000));  // two members
  const auto unpacked = read_text(packed);
  EXPECT_EQ(unpacked.error, "");
  EXPECT_EQ(unpacked.rows, plain.rows);
  for (const std::size_t cut : {packed.size() - 1, packed.size() - 8, packed.size() / 2}) {
    EXPECT_NE(read_text(packed.substr(0, cut)).error.find("truncated gzip"), std::string::npos) << cut;
  }
  auto damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x55);
  EXPECT_NE(read_text(damaged).error.find("gzip"), std::string::npos);
}

// A source that never ends: the reader must give up by itself.
class Endless final : public ByteSource {
 public:
  explicit Endless(char c) : c_(c) {}
  Result<std::size_t> read(char* out, std::size_t room) override {
    std::fill(out, out + room, c_);
    if (given_ == 0 && room > 8) {
      std::string_view("id,x\n1,\"").copy(out, c_ == 'q' ? 8 : 7);
    }
    given_ += room;
    EXPECT_LT(given_, 64U << 20) << "reads on and on";
    return room;
  }
  std::size_t given_ = 0;
  char c_;
};

TEST(TableReader, endless_line_is_refused_in_bounded_memory) {
  auto table = read_all(BlockReader::open(std::make_unique<Endless>('x'), "pipe", {}));
  EXPECT_NE(table.error.find("pipe: line 2: longer than 16777216 bytes"), std::string::npos) << table.error;
  table = read_all(BlockReader::open(std::make_unique<Endless>('q'), "pipe", {}));
  EXPECT_NE(table.error.find("pipe: line 2: a quote that opens"), std::string::npos) << table.error;
}

// A table with everything in it, from a seed.
std::string messy_table(unsigned seed, bool quotes, const char* line_end) {
  std::mt19937 random(seed);
  const auto pick = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  std::string text = "id,a,b,c";
  text += line_end;
  for (unsigned row = 0, rows = pick(60); row < rows; ++row) {
    if (pick(12) == 0) {
      text += line_end;
    }
    const unsigned fields = pick(10) == 0 ? 1 + pick(7) : 4;
    for (unsigned i = 0; i < fields; ++i) {
      text += i > 0 ? "," : "";
      const unsigned length = pick(20) == 0 ? pick(300) : pick(9);
      if (quotes && pick(3) == 0) {
        text += '"';
        for (unsigned k = 0; k < length; ++k) {
          text += pick(6) == 0
                      ? std::string("\"\"")
                      : (pick(5) == 0 ? std::string(line_end) : std::string(1, static_cast<char>("ab, 01"[pick(6)])));
        }
        text += pick(40) == 0 ? "\"z" : "\"";
      } else {
        text += i == 0 ? "r" : "";
        for (unsigned k = 0; k < length; ++k) {
          text += "ab \"01.-"[k == 0 && i > 0 ? pick(2) : pick(8)];
        }
      }
    }
    text += row + 1 == rows && pick(2) == 0 ? "" : line_end;
  }
  return text;
}

// Rows by the plain twin: line breaks outside quotes, then split_line.
std::vector<ReadRow> rows_by_twin(std::string_view text, bool quotes, std::size_t columns) {
  std::vector<ReadRow> out;
  std::uint64_t line = 1;
  bool first = true;
  while (!text.empty()) {
    std::size_t end = 0;
    std::uint64_t lines = 1;
    bool in_quotes = false;
    char before = ',';  // '"' only behind a quote that closed
    for (; end < text.size() && (in_quotes || text[end] != '\n'); ++end) {
      const bool quote = quotes && text[end] == '"';
      const bool was = in_quotes;
      in_quotes = quote ? !was && (before == ',' || before == '"') : was;
      before = quote ? (was ? '"' : ' ') : (text[end] == ',' ? ',' : ' ');
      lines += text[end] == '\n' ? 1U : 0U;
    }
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.ends_with('\r')) {
      row.remove_suffix(1);
    }
    if (!row.empty() && !first) {
      bool after = false;
      auto fields = split_line(row, ',', quotes, &after);
      std::string problem;
      if (after) {
        problem = "there is text behind a closing quote";
      } else if (fields.size() != columns) {
        problem = "the row has " + std::to_string(fields.size()) + " fields where the line of names has " +
                  std::to_string(columns);
      }
      fields.resize(std::min(fields.size(), columns));
      if (after) {
        fields.clear();
      }
      out.push_back({line, fields, problem});
    }
    first = false;
    line += lines;
  }
  return out;
}

// Property: any block size, any piece size and the plain twin give the same rows.
TEST(TableReader, same_rows_whatever_the_blocks) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    const bool quotes = seed % 2 == 0;
    const auto text = messy_table(seed, quotes, seed % 3 == 0 ? "\r\n" : "\n");
    TableFormat format;
    format.quotes = quotes ? Quotes::rfc4180 : Quotes::literal;
    const auto whole = read_text(text, format);
    ASSERT_EQ(whole.error, "") << text;
    auto expected = rows_by_twin(text, quotes, 4);
    auto comparable = whole.rows;
    for (auto& row : comparable) {
      if (row.problem.find("quote") != std::string::npos) {
        row.fields.clear();  // what follows a closing quote is not part of the contract
      }
    }
    ASSERT_EQ(comparable, expected) << text;
    for (const std::size_t block : {1U, 2U, 3U, 7U, 63U, 64U, 65U, 200U, 1000U}) {
      format.block = block;
      const auto again = read_text(text, format, seed % 5 + 1);
      ASSERT_EQ(again.error, "");
      ASSERT_EQ(again.rows, whole.rows) << "block " << block << "\n" << text;
    }
  }
}

TEST(Scan, simd_is_its_scalar_twin) {
  std::mt19937 random(3);
  std::vector<char> text(4096 + kScanWidth);
  for (auto& c : text) {
    c = static_cast<char>("\n,\"ax\xFF\x80"[random() % 7]);
  }
  for (std::size_t at = 0; at < 4096; ++at) {
    for (const char wanted : {'\n', ',', '"', '\xFF', '\0'}) {
      ASSERT_EQ(match_simd(&text[at], wanted), match_scalar(&text[at], wanted));
    }
  }
}

}  // namespace
}  // namespace her2
