// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_stage.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "her2/care/stage.h"
#include "her2/care/tnm_text.h"
#include "her2/message/fhir_resource.h"
#include "her2/report/status_model.h"

namespace her2 {
namespace {

// SNOMED CT, from mCODE 4.0.0: the definition of the profile and its example patient.
constexpr std::string_view kClinicalGroup = "399537006", kPathologicGroup = "399588009", kGroup = "399390009",
                           kGroupIIB = "1222769001";

struct BasisWords {
  StageBasis basis;
  const char *name, *t, *n;
  std::string_view code, display, category;
};
constexpr std::array<BasisWords, 3> kBases{{
    {StageBasis::clinical, "stage_clinical", "ct", "cn", kClinicalGroup, "Clinical TNM stage grouping", "exam"},
    {StageBasis::pathological, "stage_pathological", "pt", "pn", kPathologicGroup, "Pathologic TNM stage grouping",
     "laboratory"},
    {StageBasis::after_treatment, "stage_yp", "ypt", "ypn", kGroup, "", "laboratory"},
}};
constexpr std::array<std::string_view, 4> kMeasuresOfT{"size_mm", "size_clinical_mm", "t4_features", "inflammatory"};

class StageWriter {
 public:
  StageWriter(FhirObservations& out, const Specimen& specimen, const Dictionary& dictionary, bool is_final)
      : out_(out), specimen_(specimen), dictionary_(dictionary), kind_{true, is_final, nullptr} {
    for (const auto& [id, fact] : specimen.facts) {
      facts_[id] = fact.value;
    }
  }

  void write(const BasisWords& words) {
    const TnmSet tnm = tnm_of(dictionary_, facts_, words.basis);
    members_.clear();
    category(words.t, tnm.t, tnm, true);
    category(words.n, tnm.n, tnm, false);
    if (const auto m = dictionary_.find("m_category"); m && specimen_.facts.contains(*m)) {
      members_.push_back(fmt::format("{}/m_category", specimen_.id));
    }
    const CareResult result = stage_result(dictionary_, facts_, words.basis);
    const bool known = result.state == CareState::answered && result.groups.size() == 1;
    if (known && std::find(kStageNames.begin(), kStageNames.end(), result.groups.front()) != kStageNames.end()) {
      group(words, result);
    }
  }

 private:
  // A recorded category is a member as it stands; one that follows from measurements is written first.
  void category(const char* name, TnmMask mask, const TnmSet& tnm, bool is_t) {
    const auto id = dictionary_.find(name);
    if (!id || mask == 0) {
      return;
    }
    std::string resource = fmt::format("{}/{}", specimen_.id, name);
    if (!specimen_.facts.contains(*id)) {
      if (!std::has_single_bit(mask)) {
        return;
      }
      const Value value = Value::of_choices(mask);
      const Marker* marker = out_.marker_of(*id, value);
      out_.open_fact(specimen_, *id, marker, kind_);
      out_.value(*id, value, marker);
      out_.json().array("derivedFrom");
      for (const auto& input : tnm.inputs) {
        const bool measures_t = std::find(kMeasuresOfT.begin(), kMeasuresOfT.end(), input.fact) != kMeasuresOfT.end();
        const bool is_category = input.fact == "m_category" || input.fact == "ct" || input.fact == "cn" ||
                                 input.fact == "pt" || input.fact == "pn" || input.fact == "ypt" || input.fact == "ypn";
        if (!is_category && measures_t == is_t) {
          out_.refer("Observation", fmt::format("{}/{}", specimen_.id, input.fact));
        }
      }
      out_.json().end();
      out_.close_observation(specimen_);
      resource += "/computed";
    }
    members_.push_back(std::move(resource));
  }

  void group(const BasisWords& words, const CareResult& result) {
    JsonWriter& json = out_.json();
    out_.open_observation(fmt::format("{}/{}", specimen_.id, words.name), fmt::format("{}tnm-stage-group", kMcode),
                          kind_, words.category);
    json.object("code");
    json.array("coding");
    out_.coding(kSnomed, words.code, words.display);
    json.end();
    json.text("text", result.title);
    json.end();
    out_.subject_and_date(specimen_);
    out_.staged_by(true);
    json.object("valueCodeableConcept");
    json.array("coding");
    if (result.groups.front() == "IIB") {  // the only group whose code our sources print
      out_.coding(kSnomed, kGroupIIB);
    }
    out_.coding(kValueSystem, result.groups.front());
    json.end();
    json.text("text", result.groups.front());
    json.end();
    json.array("hasMember");
    for (const auto& member : members_) {
      out_.refer("Observation", member);
    }
    json.end();
    json.array("note");
    for (const auto& text : result.assumes) {
      out_.note(text);
    }
    for (const auto& text : result.sources) {
      out_.note(text);
    }
    out_.note(kResearchUse);
    json.end();
    out_.close_observation(specimen_);
  }

  FhirObservations& out_;
  const Specimen& specimen_;
  const Dictionary& dictionary_;
  FhirObservationKind kind_;
  FactValues facts_;
  std::vector<std::string> members_;
};

template <typename See>
void each_coding(const Json* coded, See see) {
  const auto* codings = coded == nullptr ? nullptr : coded->find("coding");
  if (codings != nullptr && codings->kind == Json::Kind::array) {
    for (const auto& coding : codings->items) {
      see(json_text_at(coding, "system"), json_text_at(coding, "code"), json_text_at(coding, "display"));
    }
  }
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != ',' && c != ';') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::exchange(word, {}));
    }
  }
  return out;
}

std::optional<FactValues> category_words(const std::string& text, const FactType& type, const Dictionary& dictionary) {
  const char letter = type.name == "m_category" ? 'M' : type.name.back() == 't' ? 'T' : 'N';
  for (const auto& word : words_of(text)) {
    const auto tnm = parse_tnm(word);
    if (tnm && tnm->categories.size() == 1 && tnm->categories.front().letter == letter) {
      return tnm_facts(dictionary, *tnm, type.name.starts_with('p'));
    }
  }
  return std::nullopt;
}

std::optional<FactValues> group_words(const std::string& text, FactId id, const FactType& type) {
  const auto words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool behind = i > 0 && (words[i - 1] == "stage" || words[i - 1] == "Stage");
    const bool known = type.mask_of(words[i]) != 0;
    if (known && (behind || words.size() == 1)) {
      return FactValues{{id, Value::of_choices(type.mask_of(words[i]))}};
    }
  }
  return std::nullopt;
}

}  // namespace

void write_stages(FhirObservations& out, const Case& subject, const Specimen& specimen, const Dictionary& dictionary,
                  bool is_final) {
  if (subject.tumour != "breast") {
    return;
  }
  StageWriter writer(out, specimen, dictionary, is_final);
  for (const auto& basis : kBases) {
    writer.write(basis);
  }
}

bool is_stage_marker(const Marker* marker) { return marker != nullptr && marker->profile.starts_with("tnm-"); }

std::optional<FactValues> stage_words(const Json& value_concept, const Marker& marker, const Dictionary& dictionary) {
  const FactType& type = dictionary[marker.fact];
  std::vector<std::string> texts;
  each_coding(&value_concept, [&](const std::string& system, const std::string& code, const std::string& display) {
    texts.push_back(display);
    if (system != kSnomed) {
      texts.push_back(code);
    }
  });
  texts.push_back(json_text_at(value_concept, "text"));
  for (const auto& text : texts) {
    auto found = marker.profile == "tnm-stage-group" ? group_words(text, marker.fact, type)
                                                     : category_words(text, type, dictionary);
    if (found && !found->empty()) {
      return found;
    }
  }
  return std::nullopt;
}

int stage_group_rank(const Json& observation) {
  int rank = 1;
  each_coding(observation.find("code"), [&](const std::string&, const std::string& code, const std::string&) {
    rank = code == kPathologicGroup ? 2 : code == kClinicalGroup ? 0 : rank;
  });
  return rank;
}

std::string other_staging_method(const Json& observation) {
  std::string other;
  bool ajcc8 = false;
  each_coding(observation.find("method"), [&](const std::string&, const std::string& code, const std::string& display) {
    ajcc8 = ajcc8 || code == kAjcc8;
    other = display.empty() ? code : display;
  });
  return ajcc8 ? std::string{} : other;
}

}  // namespace her2
