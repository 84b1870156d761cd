// SPDX-License-Identifier: Apache-2.0
// Writes a synthetic registry as CSV, every row equally wide, the same bytes for the same arguments:
//   registry_generator ROWS [SEED] > registry.csv
// Shares are of the size that cohorts report; nothing is taken from any real table.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kWidth = 64;  // bytes a row, line break included; the id takes what is left

// SplitMix64: small, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
  }
  // 0 .. count-1
  unsigned below(unsigned count) { return static_cast<unsigned>((next() >> 32) * count >> 32); }
  bool in_thousand(unsigned share) { return below(1000) < share; }

 private:
  std::uint64_t state_;
};

struct Row {
  std::string ihc_score, cells, her2_total, cep17_total, er_percent, pgr_percent, ki67_percent;
};

// Signals of one kind over all cells, around `tenths` / 10 a cell.
unsigned signals(Random& random, unsigned cells, unsigned low_tenths, unsigned high_tenths) {
  return cells * (low_tenths + random.below(high_tenths - low_tenths + 1)) / 10;
}

void count_signals(Random& random, Row& row, bool amplified) {
  constexpr std::array<unsigned, 4> kCells = {20, 20, 40, 60};
  const unsigned cells = kCells[random.below(4)];
  const unsigned cep17 = signals(random, cells, 15, random.in_thousand(80) ? 45 : 23);
  const unsigned her2 =
      amplified ? signals(random, cells, 55, 220) : signals(random, cells, 15, random.in_thousand(100) ? 62 : 34);
  row.cells = std::to_string(cells);
  row.her2_total = std::to_string(her2);
  row.cep17_total = std::to_string(cep17);
}

std::string receptor(Random& random, unsigned positive_in_thousand) {
  if (!random.in_thousand(positive_in_thousand)) {
    return "0";
  }
  const unsigned steps = random.below(21);
  return std::to_string(steps == 0 ? 1 + random.below(9) : 5 * steps);
}

// A share of what real tables hold: bounds, ranges, words for "nothing here".
void disturb(Random& random, Row& row) {
  constexpr std::array<std::string_view, 5> kNothing = {"", "NA", "unk", "not done", "?"};
  switch (random.below(6)) {
    case 0: row.ihc_score = "0-1+"; break;
    case 1: row.ihc_score = kNothing[random.below(5)]; break;
    case 2: row.er_percent = ">=90"; break;
    case 3: row.er_percent = kNothing[random.below(5)]; break;
    case 4: row.pgr_percent = "60-69%"; break;
    default: row.ki67_percent = "<" + std::to_string(5 + random.below(20)); break;
  }
}

Row draw(Random& random) {
  Row row;
  const unsigned score = random.below(1000);
  row.ihc_score = score < 250 ? "0" : score < 600 ? "1+" : score < 820 ? "2+" : score < 960 ? "3+" : "";
  const bool equivocal = row.ihc_score == "2+";
  const bool strong = row.ihc_score == "3+";
  if (random.in_thousand(equivocal ? 950 : row.ihc_score.empty() ? 600 : 100)) {
    count_signals(random, row, random.in_thousand(equivocal ? 200 : strong ? 930 : 20));
  }
  row.er_percent = receptor(random, 780);
  row.pgr_percent = receptor(random, 670);
  const unsigned ki67 = random.below(400) * random.below(1000) / 1000 + 10;
  row.ki67_percent = std::to_string(ki67 / 10) + (random.below(4) == 0 ? "." + std::to_string(ki67 % 10) : "");
  if (random.in_thousand(20)) {
    disturb(random, row);
  }
  return row;
}

bool number(const char* text, std::uint64_t& out) {
  const char* end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, out);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t rows = 0;
  std::uint64_t seed = 1;
  if (argc < 2 || argc > 3 || !number(argv[1], rows) || (argc == 3 && !number(argv[2], seed))) {
    std::fputs("usage: registry_generator ROWS [SEED] > registry.csv\n", stderr);
    return 2;
  }
  Random random(seed);
  std::string out = "id,ihc_score,cells,her2_total,cep17_total,er_percent,pgr_percent,ki67_percent\n";
  for (std::uint64_t i = 1; i <= rows; ++i) {
    const Row row = draw(random);
    std::string facts;
    for (const auto* field : {&row.ihc_score, &row.cells, &row.her2_total, &row.cep17_total, &row.er_percent,
                              &row.pgr_percent, &row.ki67_percent}) {
      facts += ',' + *field;
    }
    const std::string id = std::to_string(i);
    out += 'R';
    out.append(kWidth - 2 - facts.size() - id.size(), '0');
    out += id + facts + '\n';
    if (out.size() > (1U << 20) || i == rows) {
      if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) {
        std::perror("registry_generator");
        return 1;
      }
      out.clear();
    }
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
