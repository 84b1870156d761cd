// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Coding systems of our own in HL7 v2 messages ("99" begins local ones).
namespace her2 {

inline constexpr std::string_view kHl7Fact = "99HER2F";       // OBX-3: a fact of the dictionary by name
inline constexpr std::string_view kHl7Value = "99HER2V";      // OBX-5: a value by name
inline constexpr std::string_view kHl7Kind = "99HER2K";       // SPM-4: kind of specimen
inline constexpr std::string_view kHl7Site = "99HER2S";       // SPM-8: its site
inline constexpr std::string_view kHl7Method = "99HER2M";     // OBX-17: "computed"
inline constexpr std::string_view kHl7Authority = "HER2";     // PID-3.4: the case's pseudonym
inline constexpr std::string_view kHl7Computed = "computed";  // concluded or derived: not read back
inline constexpr std::string_view kHl7Tumour = "tumour";      // OBX-3 in kHl7Fact, though no fact: the case's tumour

}  // namespace her2
