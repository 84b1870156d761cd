// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/care/care_facts.h"

namespace her2 {

// A short text for people who are not doctors: one [[message]] of texts/patient.LANGUAGE.toml (docs/options.md).
struct PatientMessage {
  enum class Numbers : std::uint8_t { either, with, without };

  std::string id, section, text;  // {fact} in the text stands for the value of that fact or number
  std::optional<Condition> when;
  bool list = false;
  Numbers numbers = Numbers::either;  // shown only with, or only without, figures on survival
  std::vector<std::string> cite;
};

struct PatientTexts {
  std::string language, title;
  std::vector<std::string> contents;            // sections in order
  std::map<std::string, std::string> headings;  // one a section
  std::map<std::string, std::string> sources;
  std::vector<PatientMessage> messages;
  std::string hash;
};

// Fails with the message and what is wrong: unknown keys, sections, facts, sources, placeholders.
Result<PatientTexts> load_patient_texts(const std::string& content, const Dictionary& dictionary);

// A page as a person reads it.
struct PatientSection {
  std::string heading;
  std::vector<std::string> paragraphs, items;  // items: a list behind the paragraphs
};
struct PatientPage {
  std::string title, language, case_id;
  std::vector<PatientSection> sections;                      // none is empty
  std::vector<std::pair<std::string, std::string>> sources;  // of what is shown
};

// Figures that messages may show: "alive_10" -> "87". A message with a placeholder that nothing fills is left out.
using PatientFigures = std::map<std::string, std::string, std::less<>>;

// The messages whose condition is met. Facts that are not known exactly are missing here: nothing is said of them.
PatientPage patient_page(const PatientTexts& texts, const Dictionary& dictionary, const CareFacts& facts,
                         bool with_numbers, const PatientFigures& figures);

}  // namespace her2
