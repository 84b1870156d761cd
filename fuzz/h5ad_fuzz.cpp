// SPDX-License-Identifier: Apache-2.0
// A cell table. What is read must be whole: outlines belong to cells, and it can be scored and written again. Read as a
// stream, every cell comes once or there is an error.
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/dictionary.h"
#include "her2/cellfile/cell_stream.h"
#include "her2/cellfile/h5ad.h"
#include "her2/ihc/score.h"

namespace {

void stream(const std::string& path) {
  using namespace her2;
  const auto cells = CellStream::open(path);
  if (!cells) {
    fuzz::require(!cells.error().reason.empty());
    return;
  }
  std::size_t seen = 0;
  std::size_t points = 0;
  const auto done = cells->each(true, [&](const StreamedCell& cell) -> Result<void> {
    fuzz::require(cell.row == seen++ && cell.klass < cells->classes.size());
    for (const auto ring : {cell.nucleus, cell.boundary}) {
      for (const SubPoint point : ring) {
        points += point == SubPoint{} ? 0U : 1U;  // touches every point
      }
    }
    return {};
  });
  fuzz::require(done ? seen == cells->size() : !done.error().reason.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const int file = ::memfd_create("table", MFD_CLOEXEC);
  fuzz::require(file >= 0 && ::write(file, data, size) == static_cast<ssize_t>(size));
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  CellTable controls;
  const auto table = read_h5ad(path, &controls);
  stream(path);
  ::close(file);
  if (!table) {
    fuzz::require(!table.error().reason.empty());
    return 0;
  }
  for (const CellTable* one : {&*table, static_cast<const CellTable*>(&controls)}) {
    fuzz::require(one->outlines.size() == one->cells.size());
    for (std::size_t i = 0; i < one->cells.size(); ++i) {
      const CellOutline outline = one->outlines.read(i);
      fuzz::require(outline.of_nucleus <= outline.points.size());
      fuzz::require(one->cells[i].region < static_cast<int>(one->regions.size()));
    }
    Profile profile;
    profile.t_mem = 100;
    fuzz::require(score_cells(*one, {}, profile).has_value());
  }
  return 0;
}
