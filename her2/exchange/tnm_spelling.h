// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace her2 {

// A single T, N or M category as reports write it, as the value of the fact `name` (ct, cn, pt, pn, ypt, ypn,
// m_category): "pT1c" of pt is "1c", "N1mi(sn)" of pn "1mi", "ypN0 (i+)" of ypn "0", "cM0" of m_category "0", "TX"
// "unknown", "T4d" "4". nullopt for other facts, for another prefix than the fact's own (cT2 is no pt) and for what has
// another form; the value itself is not checked. For whole TNM texts see care/tnm_text.h.
std::optional<std::string> tnm_value(std::string_view name, std::string_view text);

}  // namespace her2
