// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/evidence/reconcile.h"

namespace her2 {

// The readings of recorded facts while reconcile() works on them. Inside of reconcile*.cpp.
class ReadingSet {
 public:
  ReadingSet(const Dictionary& dictionary, const FactValues& recorded);

  [[nodiscard]] const Dictionary& dictionary() const { return dictionary_; }
  [[nodiscard]] const FactValues& recorded() const { return recorded_; }

  // What was recorded; nullptr: nothing, or missing.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] std::optional<Rational> number(std::string_view name) const;  // known exactly
  [[nodiscard]] std::string written(std::string_view name) const;
  [[nodiscard]] const std::string& label(std::string_view name) const;
  [[nodiscard]] std::vector<FactId> ids(std::initializer_list<std::string_view> names) const;
  [[nodiscard]] std::vector<FactId> recorded_ids(std::initializer_list<std::string_view> names) const;

  void set_everywhere(std::string_view name, const Value& value);
  void drop_everywhere(std::string_view name);
  void point_out(Discrepancy discrepancy) { out_.discrepancies.push_back(std::move(discrepancy)); }

  // Replaces each reading by one for every alternative.
  struct Alternative {
    std::string assumes;
    std::vector<std::string_view> without;
    std::vector<std::pair<std::string_view, Value>> with;
  };
  void split(const std::vector<Alternative>& alternatives);

  [[nodiscard]] Reconciled take() { return std::move(out_); }

 private:
  const Dictionary& dictionary_;
  const FactValues& recorded_;
  Reconciled out_;
};

// Counts, means and ratio against each other, and against the laboratory's own ISH status.
void reconcile_counts(ReadingSet& readings);

}  // namespace her2
