// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_case.h"

#include <array>

#include <fmt/format.h>

#include "her2/run/case_status.h"

namespace her2 {
namespace {

// Schemes that score IHC of the breast from shares of cells, the current one first.
constexpr std::array<std::string_view, 5> kSchemes{"breast-2023", "breast-2018", "breast-2013", "breast-2007",
                                                   "breast-five-strata"};

void state(Specimen& specimen, const Dictionary& dictionary, std::string_view name, Value value, const Source& source) {
  if (const auto id = dictionary.find(name)) {
    Fact fact;
    fact.id = *id;
    fact.value = std::move(value);
    fact.source = source;
    specimen.facts.insert_or_assign(*id, std::move(fact));
  }
}

}  // namespace

Result<Case> ihc_case(const CellTable& table, const ClassCounts& counts, const Dictionary& dictionary) {
  if (counts.tumour == 0) {
    return fail("no tumour cell was counted, so there are no shares of tumour cells", {}, table.slide_name);
  }
  Case out;
  out.id = table.slide_name;
  Specimen specimen;
  specimen.id = table.slide_name;
  specimen.kind = "other";
  for (std::size_t c = 1; c < kMembraneClasses; ++c) {
    Source source;
    source.file = table.slide_name;
    source.place = fmt::format("{} of {} tumour cells", counts.cells[c], counts.tumour);
    source.author = table.software;
    source.profile = table.profile_name + " " + table.profile_sha256.substr(0, 12);
    state(specimen, dictionary, name_of(static_cast<MembraneClass>(c)),
          Value::of_number(Rational(100 * std::int64_t{counts.cells[c]}, std::int64_t{counts.tumour})), source);
  }
  out.specimens.push_back(std::move(specimen));
  return out;
}

Result<std::vector<CaseStatus>> ihc_editions(const Case& input, const Catalog& catalog, const std::string& edition) {
  std::vector<const Scheme*> schemes;
  if (edition.empty()) {
    for (const std::string_view id : kSchemes) {
      if (const Scheme* scheme = catalog.scheme(id, "breast")) {
        schemes.push_back(scheme);
      }
    }
  } else if (const Scheme* scheme = catalog.scheme(edition, "breast")) {
    schemes.push_back(scheme);
  } else {
    return fail(fmt::format("there is no edition '{}' for breast; see 'her2 guideline list'", edition));
  }
  std::vector<CaseStatus> out;
  for (const Scheme* scheme : schemes) {
    const auto plan = make_plan(catalog, *scheme);
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    out.push_back(case_status(*plan, input, {}));
  }
  return out;
}

}  // namespace her2
