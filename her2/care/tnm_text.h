// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// T, N and M as reports write them (AJCC 8): "pT1c pN1mi(sn) cM0", "ypT0/is ypN0(i+)", "pt2 n1a (2/15) m0", "T1c-2 N0
// MX".

// One category as it was written.
struct TnmCategory {
  char letter = 'T';                  // 'T', 'N' or 'M'
  std::string prefix;                 // "", "c", "p", "yc", "yp"
  std::vector<std::string> values;    // possible values of the facts ct, cn, ... ("1c", "1mi", "0"); empty: X, unknown
  std::string written;                // "pN1mi(sn)"
  std::vector<std::string> suffixes;  // "m", "sn", "f", "i+", "i-", "mol+", "mol-", "dcis", "paget"
  bool inflammatory = false;          // T4d
  std::optional<int> positive, examined;  // "(2/15)" behind N: nodes
};

struct TnmText {
  std::vector<TnmCategory> categories;
  std::vector<std::string> remarks;  // what a person should know: "pM0 does not exist; read as M0"
};

// Fails, naming the place in the text and what was expected: words that are no category, categories that do not exist
// ("T5", "N1x"), one that stands twice with different values, recurrence (r) and autopsy (a), texts over 512 bytes.
[[nodiscard]] Result<TnmText> parse_tnm(std::string_view text);

// As facts: ct, cn (c), pt, pn (p), ypt, ypn (yp), m_category, positive_nodes, inflammatory. Categories without a
// prefix are clinical or, with `pathological`, pathological; yc is read but has no facts.
[[nodiscard]] FactValues tnm_facts(const Dictionary& dictionary, const TnmText& tnm, bool pathological);

// The facts and what the text says besides; a fact that both tell is what both allow. Fails where the text is not
// understood, or says what a recorded fact excludes. An empty text changes nothing.
[[nodiscard]] Result<FactValues> with_tnm(const Dictionary& dictionary, FactValues facts, std::string_view text);

}  // namespace her2
