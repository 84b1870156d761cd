// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_read.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/exchange/json_tree.h"
#include "her2/message/fhir_resource.h"
#include "her2/message/fhir_stage.h"
#include "her2/message/fhir_value.h"
#include "her2/message/fhir_words.h"
#include "her2/message/fhir_xml.h"
#include "her2/report/status_model.h"

namespace her2 {
namespace {

constexpr JsonLimits kLimits{.bytes = std::size_t{64} << 20, .values = 2'000'000, .depth = 64};

class BundleReader {
 public:
  BundleReader(const Dictionary& dictionary, const CodeBook& book, std::string file)
      : dictionary_(dictionary), book_(book), file_(std::move(file)) {}

  Result<Case> read(const Json& root, std::string_view text) {
    collect(root);
    Case out;
    out.id = "fhir-" + sha256_hex(text).substr(0, 12);
    if (auto ok = read_patient(out); !ok) {
      return tl::unexpected(ok.error());
    }
    read_tumour(out);
    for (const auto& resource : resources_) {
      if (resource.type == "Specimen") {
        out.specimens.push_back(specimen(resource));
      }
    }
    for (const auto& resource : resources_) {
      if (resource.type == "Observation") {
        if (auto ok = read_observation(resource, out); !ok) {
          return tl::unexpected(located(ok.error(), file_, resource.pointer));
        }
      }
    }
    std::erase_if(out.specimens, [&](const Specimen& s) { return s.facts.empty() && s.notes.empty() && !ours_; });
    if (out.specimens.empty()) {
      return fail(fmt::format("holds no Observation with a code that is known here ({} resources were looked at); "
                              "docs/exchange.md lists the codes",
                              resources_.size()),
                  {}, file_);
    }
    return out;
  }

 private:
  void collect(const Json& root) {
    if (json_text_at(root, "resourceType") != "Bundle") {
      add(root, "", "");
      return;
    }
    const auto& entries = json_items_at(root, "entry");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (const auto* resource = entries[i].find("resource")) {
        add(*resource, fmt::format("/entry/{}/resource", i), json_text_at(entries[i], "fullUrl"));
      }
    }
  }

  void add(const Json& json, const std::string& pointer, const std::string& url) {
    if (json.kind != Json::Kind::object) {
      return;
    }
    resources_.push_back(
        {&json, pointer.empty() ? "/" : pointer, url, json_text_at(json, "resourceType"), json_text_at(json, "id")});
    const auto& contained = json_items_at(json, "contained");
    for (std::size_t i = 0; i < contained.size(); ++i) {
      resources_.push_back({&contained[i],
                            fmt::format("{}/contained/{}", pointer, i),
                            {},
                            json_text_at(contained[i], "resourceType"),
                            json_text_at(contained[i], "id")});
    }
  }

  Result<void> read_patient(Case& out) {
    int patients = 0;
    for (const auto& resource : resources_) {
      if (resource.type != "Patient") {
        continue;
      }
      if (++patients > 1) {
        return fail("holds more than one Patient; a case is one patient's tumour, so split the bundle",
                    resource.pointer, file_);
      }
      for (const auto& identifier : json_items_at(*resource.json, "identifier")) {
        if (json_text_at(identifier, "system") == kCaseSystem) {
          out.id = json_text_at(identifier, "value");
          ours_ = true;
        }
      }
    }
    return {};
  }

  void read_tumour(Case& out) const {
    for (const auto& resource : resources_) {
      const auto* code = resource.type == "Condition" ? resource.json->find("code") : nullptr;
      if (code == nullptr) {
        continue;
      }
      for (const auto& coding : json_items_at(*code, "coding")) {
        if (json_text_at(coding, "system") == kTumourSystem) {
          out.tumour = json_text_at(coding, "code");
        }
      }
    }
  }

  [[nodiscard]] static Specimen specimen(const FhirResource& resource) {
    Specimen out;
    out.id = resource.id;
    for (const auto& identifier : json_items_at(*resource.json, "identifier")) {
      if (json_text_at(identifier, "system") == kSpecimenSystem) {
        out.id = json_text_at(identifier, "value");
      }
    }
    if (out.id.empty()) {
      out.id = resource.full_url;
    }
    for (const auto& [key, system, field] :
         {std::tuple{"type", kKindSystem, &Specimen::kind}, std::tuple{"condition", kSiteSystem, &Specimen::site}}) {
      const auto* value = resource.json->find(key);
      const Json* concept_json =
          value != nullptr && value->kind == Json::Kind::array && !value->items.empty() ? value->items.data() : value;
      if (concept_json == nullptr) {
        continue;
      }
      for (const auto& coding : json_items_at(*concept_json, "coding")) {
        if (json_text_at(coding, "system") == system) {
          out.*field = json_text_at(coding, "code");
        }
      }
    }
    if (const auto* collection = resource.json->find("collection")) {
      out.date = json_text_at(*collection, "collectedDateTime").substr(0, 10);
    }
    for (const auto& note : json_items_at(*resource.json, "note")) {
      if (json_text_at(note, "text") != kResearchUse) {
        out.notes.push_back(json_text_at(note, "text"));
      }
    }
    if (out.date.size() != 10) {
      out.date.clear();  // a year or a month is no date of collection
    }
    return out;
  }

  Specimen& specimen_of(const FhirResource& observation, Case& out) {
    const std::string reference = fhir_reference_at(*observation.json, "specimen");
    std::string id = "1";
    for (const auto& resource : resources_) {
      if (resource.type == "Specimen" && resource.is_named(reference)) {
        id = specimen(resource).id;
      }
    }
    const auto at = std::find_if(out.specimens.begin(), out.specimens.end(), [&](const auto& s) { return s.id == id; });
    if (at != out.specimens.end()) {
      return *at;
    }
    out.specimens.emplace_back().id = id;
    return out.specimens.back();
  }

  Result<void> read_observation(const FhirResource& resource, Case& out) {
    if (has_tag(*resource.json, kComputedTag)) {
      return {};
    }
    if (auto ok = read_coded(resource, *resource.json, resource.pointer, out); !ok) {
      return ok;
    }
    const auto& components = json_items_at(*resource.json, "component");
    for (std::size_t i = 0; i < components.size(); ++i) {
      if (auto ok = read_coded(resource, components[i], fmt::format("{}/component/{}", resource.pointer, i), out);
          !ok) {
        return ok;
      }
    }
    return {};
  }

  static bool has_tag(const Json& resource, std::string_view code) {
    const auto* meta = resource.find("meta");
    if (meta == nullptr) {
      return false;
    }
    const auto& tags = json_items_at(*meta, "tag");
    return std::any_of(tags.begin(), tags.end(), [&](const Json& tag) {
      return json_text_at(tag, "system") == kRoleSystem && json_text_at(tag, "code") == code;
    });
  }

  // The fact that one of the codings names; ours first, which is exact.
  [[nodiscard]] std::optional<FactId> fact_of(const Json& coded) const {
    const auto* code = coded.find("code");
    std::optional<FactId> found;
    if (code != nullptr && code->kind == Json::Kind::object) {
      for (const auto& coding : json_items_at(*code, "coding")) {
        const std::string system = json_text_at(coding, "system");
        const auto id = book_.fact(system, json_text_at(coding, "code"));
        found = id && (!found || system == kFactSystem) ? id : found;
      }
    }
    return found;
  }

  Result<void> read_coded(const FhirResource& resource, const Json& coded, const std::string& pointer, Case& out) {
    const auto id = fact_of(coded);
    if (!id) {
      return {};
    }
    Specimen& specimen = specimen_of(resource, out);
    const auto& type = dictionary_[*id];
    const std::string status = json_text_at(*resource.json, "status");
    if (status == "entered-in-error" || status == "cancelled") {
      specimen.notes.push_back(
          fmt::format("{} ({}) is left out: its status is {}.", resource.name(), type.label, status));
      return {};
    }
    const Marker* marker = book_.marker(*id);
    auto read = fhir_value(coded, type, marker, book_);
    if (is_stage_marker(marker) && !(read && named_by_us(coded))) {
      return read_stage(resource, coded, *marker, read, pointer, specimen);
    }
    if (!read) {
      return tl::unexpected(located(read.error(), file_, pointer));
    }
    if (status == "preliminary" || status == "registered") {
      specimen.notes.push_back(fmt::format("{} ({}) is {}, not final.", resource.name(), type.label, status));
    }
    Fact fact{*id, read->value, {file_, pointer, read->text, performer(*resource.json), {}}, {}};
    return keep(specimen, std::move(fact), resource);
  }

  // Ours has every value as a code; what others write has codes that we do not know, beside words that we do.
  static bool named_by_us(const Json& coded) {
    const auto* code = coded.find("code");
    const auto& codings = code == nullptr ? json_items_at(coded, "code") : json_items_at(*code, "coding");
    return std::any_of(codings.begin(), codings.end(),
                       [](const Json& coding) { return json_text_at(coding, "system") == kFactSystem; });
  }

  Result<void> read_stage(const FhirResource& resource, const Json& coded, const Marker& marker,
                          const Result<FhirValue>& read, const std::string& pointer, Specimen& specimen) {
    const std::string& label = dictionary_[marker.fact].label;
    const auto* value = coded.find("valueCodeableConcept");
    auto facts = value != nullptr ? stage_words(*value, marker, dictionary_) : std::nullopt;
    if (!facts && read && read->value.state == Value::State::choice) {
      facts = FactValues{{marker.fact, read->value}};
    }
    if (!facts) {
      specimen.notes.push_back(
          fmt::format("{} ({}) is left out: its value is no code or text that is known here.", resource.name(), label));
      return {};
    }
    if (const std::string other = other_staging_method(*resource.json); !other.empty()) {
      specimen.notes.push_back(fmt::format("{} ({}) was staged by {}.", resource.name(), label, in_quotes(other)));
    }
    if (marker.profile == "tnm-stage-group" && !group_counts(*resource.json, specimen, facts->begin()->second)) {
      return {};
    }
    for (const auto& [id, fact] : *facts) {
      auto kept = keep(
          specimen, {id, fact, {file_, pointer, value_text(dictionary_[id], fact), performer(*resource.json), {}}, {}},
          resource);
      if (!kept) {
        return kept;
      }
    }
    return {};
  }

  // A pathologic stage group counts before a clinical one, whichever is later. Takes out one that counts less.
  bool group_counts(const Json& observation, Specimen& specimen, const Value& value) {
    const int rank = stage_group_rank(observation);
    const auto id = *dictionary_.find("recorded_stage");
    const auto before = specimen.facts.find(id);
    if (before == specimen.facts.end()) {
      group_ranks_[specimen.id] = rank;
      return true;
    }
    const int other = group_ranks_[specimen.id];
    const Value earlier = before->second.value;
    if (rank > other) {
      specimen.facts.erase(before);
      group_ranks_[specimen.id] = rank;
    }
    if (rank != other && !(earlier == value)) {
      specimen.notes.push_back(
          fmt::format("stage group: {} counts before {}, as the pathologic does before the clinical.",
                      value_text(dictionary_[id], rank > other ? value : earlier),
                      value_text(dictionary_[id], rank > other ? earlier : value)));
    }
    return rank >= other;
  }

  static std::string performer(const Json& observation) {
    const auto& performers = json_items_at(observation, "performer");
    if (performers.empty()) {
      return {};
    }
    const std::string display = json_text_at(performers.front(), "display");
    return display.empty() ? json_text_at(performers.front(), "reference") : display;
  }

  Result<void> keep(Specimen& specimen, Fact fact, const FhirResource& resource) {
    const std::string when = json_text_at(*resource.json, "effectiveDateTime");
    const auto key = std::pair(specimen.id, fact.id);
    const auto before = specimen.facts.find(fact.id);
    if (before != specimen.facts.end() && !(before->second.value == fact.value)) {
      const std::string other = times_[key];
      const auto& type = dictionary_[fact.id];
      if (when == other) {
        return fail(fmt::format("says {} of {}, but {} says {} and neither is later; take one out",
                                in_quotes(value_text(type, fact.value)), type.label, before->second.source.place,
                                in_quotes(value_text(type, before->second.value))),
                    fact.source.place, file_);
      }
      const bool later = when > other;
      specimen.notes.push_back(fmt::format("{}: {} of {} counts, {} of {} does not.", type.label,
                                           value_text(type, later ? fact.value : before->second.value),
                                           later ? when : other,
                                           value_text(type, later ? before->second.value : fact.value),
                                           (later ? other : when).empty() ? "no date" : (later ? other : when)));
      if (!later) {
        return {};
      }
    }
    times_[key] = when;
    specimen.facts[fact.id] = std::move(fact);
    return {};
  }

  const Dictionary& dictionary_;
  const CodeBook& book_;
  std::string file_;
  std::vector<FhirResource> resources_;
  bool ours_ = false;  // the bundle was written by us: a specimen without facts stays
  std::map<std::pair<std::string, FactId>, std::string> times_;
  std::map<std::string, int> group_ranks_;  // of the stage group that counts, by specimen
};

}  // namespace

bool looks_like_fhir(std::string_view text) {
  const auto head = text.substr(0, std::size_t{64} << 10);
  const auto first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (looks_like_xml(head)) {
    return true;
  }
  return first != std::string_view::npos && head[first] == '{' &&
         head.find("\"resourceType\"") != std::string_view::npos;
}

Result<Case> parse_fhir(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                        const std::string& file) {
  const auto root = looks_like_xml(text) ? parse_fhir_xml(text, kLimits) : parse_json(text, kLimits);
  if (!root) {
    return tl::unexpected(located(root.error(), file));
  }
  if (root->kind != Json::Kind::object || json_text_at(*root, "resourceType").empty()) {
    return fail("is no FHIR resource: there is no \"resourceType\" at the top level", {}, file);
  }
  return BundleReader(dictionary, book, file).read(*root, text);
}

}  // namespace her2
