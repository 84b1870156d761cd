// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "her2/evidence/case.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"
#include "her2/report/status_model.h"

// Pictures of the HER2 tests. Floating point is for drawing only; nothing is decided here.
namespace her2 {

// Where the dual-probe counts lie: from totals and cells, else from ratio and copies. Empty when one of the two axes is
// not known at all, or CEP17 is 0.
std::optional<IshPoint> ish_point(const Dictionary& dictionary, const FactValues& facts);

// Adds at most 300 replicates of an ensemble of counts, evenly taken.
void add_cloud(IshPoint& point, const Dictionary& dictionary, const Ensemble& ensemble);

// The bar of all invasive tumour cells, when all shares of the grid are known exactly; else empty.
std::vector<CellShare> cell_shares(const Dictionary& dictionary, const FactValues& facts);

// Self-contained <svg> with title and description for those who cannot see it. `id` makes its ids unique in a page.
// Colours are classes of html_page.h, so that they follow light, dark and print.
// `groups`: the edition has the ISH groups 1 to 5; their areas are drawn.
std::string ish_svg(const IshPoint& point, bool groups, const std::string& id);
std::string ihc_svg(const std::vector<CellShare>& shares, const std::string& id);

// The parts of the bar as a list with their patterns and percentages.
std::string ihc_legend(const std::vector<CellShare>& shares, const std::string& id);

// What the pictures show, in one sentence.
std::string ish_words(const IshPoint& point);
std::string ihc_words(const std::vector<CellShare>& shares);

}  // namespace her2
