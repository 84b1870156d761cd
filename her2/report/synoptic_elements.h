// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/report/status_model.h"
#include "her2/report/synoptic.h"

// From a status to the values of the elements.
namespace her2 {

struct SynopticValue {
  std::string words, code;
};

// A specimen's status as the elements ask for it.
class SynopticSource {
 public:
  explicit SynopticSource(const SpecimenStatus& specimen) : specimen_(specimen) {}

  // What is concluded or recorded under this name: an answer that was decided, else the fact; empty when neither.
  [[nodiscard]] std::string raw(std::string_view fact) const;
  [[nodiscard]] SynopticValue value(std::string_view fact) const;  // the same in words; open answers in words too
  [[nodiscard]] bool has(std::string_view fact) const { return !value(fact).words.empty(); }
  [[nodiscard]] double number(std::string_view fact) const;  // NaN: not one exact number

  [[nodiscard]] SynopticValue specimen() const;
  [[nodiscard]] SynopticValue tests() const;
  [[nodiscard]] SynopticValue ihc() const;
  [[nodiscard]] SynopticValue ihc_pattern() const;
  [[nodiscard]] SynopticValue ish() const;
  [[nodiscard]] SynopticValue mean(std::string_view recorded, std::string_view total) const;
  [[nodiscard]] SynopticValue ratio() const;
  [[nodiscard]] SynopticValue handling() const;

 private:
  const SpecimenStatus& specimen_;
};

// One element of a template. `of` is a fact's name, or "@" and one of the methods above.
struct SynopticRow {
  const char* group;
  const char* id;
  const char* label;
  SynopticTier tier;
  const char* of;
  const char* only_if = "";    // conditional: the fact that asks for it ...
  const char* is_one_of = "";  // ... having one of these values, by "|"; empty: any
};

const std::vector<SynopticRow>& breast_elements();
const std::vector<SynopticRow>& gastric_elements();

}  // namespace her2
