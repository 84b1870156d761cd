// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"

namespace her2 {

inline constexpr std::string_view kLoinc = "http://loinc.org";
inline constexpr std::string_view kSnomed = "http://snomed.info/sct";
inline constexpr std::string_view kUcum = "http://unitsofmeasure.org";
// Our own: every fact and every value of the dictionary has a code by its name, so that nothing is lost where LOINC has
// no code ("0+", the counts behind a ratio).
inline constexpr std::string_view kFactSystem = "urn:x-her2:fact";
inline constexpr std::string_view kValueSystem = "urn:x-her2:value";

struct Coding {
  std::string system, code, display;  // display may be empty
};

// How one fact is coded.
struct Marker {
  FactId fact = 0;
  Coding breast, elsewhere;            // elsewhere: tumours other than breast; the same when there is no other code
  std::vector<std::string> read_also;  // further codes of the same system that mean this fact
  std::string profile;                 // of mCODE 4.0.0, when not the tumour marker test: "tnm-stage-group"
  std::string unit;                    // UCUM; empty for choices
  std::string answers;                 // name of the list of answers; empty for numbers
  std::vector<std::string> cite;       // keys of CodeBook::sources
};

// Codes of standard terminologies for facts and their values: codes/markers.toml. Immutable after loading.
class CodeBook {
 public:
  // Fails with file, line, key: unknown keys, facts, values, answer lists, sources; a code that means two facts.
  static Result<CodeBook> parse(std::string_view toml, const Dictionary& dictionary, const std::string& file);

  [[nodiscard]] const Marker* marker(FactId fact) const;
  // The fact that a code means: those of LOINC and SNOMED CT through the book, ours by name.
  [[nodiscard]] std::optional<FactId> fact(std::string_view system, std::string_view code) const;
  // The standard code for value `index` of the marker's fact, if there is one.
  [[nodiscard]] std::optional<Coding> answer(const Marker& marker, unsigned index) const;
  // The value of `type` that a code means; nullopt: not known.
  [[nodiscard]] std::optional<unsigned> value(const Marker* marker, const FactType& type, std::string_view system,
                                              std::string_view code) const;
  [[nodiscard]] const std::map<std::string, std::string>& sources() const { return sources_; }

 private:
  struct Answers {
    std::map<std::string, Coding> written;                          // value -> code
    std::map<std::string, std::string, std::less<>> loinc, snomed;  // code -> value
  };
  friend class CodeBookReader;

  const Dictionary* dictionary_ = nullptr;
  std::map<FactId, Marker> markers_;
  std::map<std::string, FactId, std::less<>> by_loinc_, by_snomed_;
  std::map<std::string, Answers> answers_;
  std::map<std::string, std::string> sources_;
};

}  // namespace her2
