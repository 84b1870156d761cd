// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Code systems of our own in FHIR, beside those of code_book.h: what makes a bundle that we wrote read back whole.
namespace her2 {

inline constexpr std::string_view kCaseSystem = "urn:x-her2:case";          // Patient.identifier: the case's pseudonym
inline constexpr std::string_view kSpecimenSystem = "urn:x-her2:specimen";  // Specimen.identifier
inline constexpr std::string_view kKindSystem = "urn:x-her2:specimen-kind";
inline constexpr std::string_view kSiteSystem = "urn:x-her2:specimen-site";
inline constexpr std::string_view kTumourSystem = "urn:x-her2:tumour";
inline constexpr std::string_view kRoleSystem = "urn:x-her2:role";  // meta.tag
inline constexpr std::string_view kComputedTag = "computed";  // concluded or derived from other facts: not read back

}  // namespace her2
