// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "her2/evidence/case.h"
#include "her2/evidence/value.h"
#include "her2/exchange/json_tree.h"
#include "her2/message/code_book.h"
#include "her2/message/fhir_observation.h"

// T, N, M and anatomic stage groups (AJCC 8, her2/care/stage.h) as mCODE 4.0.0's staging Observations, both ways.
namespace her2 {

// Writes, for a specimen of the breast with facts to stage by, what follows from them and is one category or one group:
// T and N that follow from measurements, and the group before treatment (clinical), at surgery (pathologic) and after
// treatment, with the categories as members. All are marked as computed, since a reader works them out again. What is
// open, refused or a complete response (which is no stage group) is not written.
void write_stages(FhirObservations& out, const Case& subject, const Specimen& specimen, const Dictionary& dictionary,
                  bool is_final);

// Whether a marker is of a staging profile.
[[nodiscard]] bool is_stage_marker(const Marker* marker);

// What the words of a concept say of T, N, M or a stage group, where its codes are not known: each coding's display
// (its code too when the system is not SNOMED CT), then the text. For a category, parse_tnm's forms ("American Joint
// Committee on Cancer pT1c (qualifier value)", "ypN1mi"); facts may be others than the code's own (ypt for pt;
// inflammatory too). For a group, the word behind "stage", or the whole. nullopt: they say nothing.
[[nodiscard]] std::optional<FactValues> stage_words(const Json& value_concept, const Marker& marker,
                                                    const Dictionary& dictionary);

// How much a recorded stage group counts against another of the same specimen: pathologic 2, not said 1, clinical 0.
[[nodiscard]] int stage_group_rank(const Json& observation);

// The staging method that is named and is not AJCC 8, else "".
[[nodiscard]] std::string other_staging_method(const Json& observation);

}  // namespace her2
