// SPDX-License-Identifier: Apache-2.0
// A table of counts. What is read must be written so that it reads back as the same counts, and must be countable.
#include "fuzz/dictionary.h"
#include "her2/exchange/ish_counts.h"
#include "her2/ish/score.h"

namespace {

using namespace her2;

Result<CountsFile> read(std::string_view text) {
  auto source = open_text(memory_source(text), Encoding::utf8);
  if (!source) {
    return tl::unexpected(located(source.error(), "c.csv"));
  }
  return parse_counts(std::move(*source), "c.csv");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = read(fuzz::text_of(data, size));
  if (!file) {
    fuzz::require(!file.error().reason.empty() && file.error().file == "c.csv");
    return 0;
  }
  for (const ReaderCounts& reader : file->readers) {
    const NucleusTable& table = reader.table;
    const auto again = read(nuclei_csv(table));
    fuzz::require(again.has_value() && again->readers.size() == 1);
    fuzz::require(counted(again->readers[0].table) == counted(table));
    if (table.nuclei.size() < 200) {
      const IshScore score = score_ish(table);
      double sum = 0;
      for (std::size_t g = 0; score.groups && g < kIshGroups; ++g) {
        sum += (*score.groups)[g];
      }
      fuzz::require(!score.groups || (sum > 0.999 && sum < 1.001));
    }
  }
  return 0;
}
