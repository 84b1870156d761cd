// SPDX-License-Identifier: Apache-2.0
#include "her2/report/synoptic.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/evidence/toml_text.h"
#include "her2/language/say.h"
#include "her2/report/synoptic_elements.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

SynopticValue value_of(const SynopticSource& from, std::string_view of) {
  if (of == "@specimen") {
    return from.specimen();
  }
  if (of == "@tests") {
    return from.tests();
  }
  if (of == "@ihc") {
    return from.ihc();
  }
  if (of == "@ihc_pattern") {
    return from.ihc_pattern();
  }
  if (of == "@ish") {
    return from.ish();
  }
  if (of == "@gastric_ish") {
    const SynopticValue value = from.value("ish_result");
    return value.words.empty() || value.code == "not-done"
               ? SynopticValue{say("synoptic.not_performed"), "not-performed"}
               : value;
  }
  if (of == "@copies") {
    return from.mean("copies", "her2_total");
  }
  if (of == "@cep17") {
    return from.mean("cep17_copies", "cep17_total");
  }
  if (of == "@ratio") {
    return from.ratio();
  }
  return of == "@handling" ? from.handling() : from.value(of);
}

// Whether a conditional element is asked for: the other fact is known, with one of the values.
bool asked_for(const SynopticSource& from, const SynopticRow& row) {
  if (row.tier != SynopticTier::conditional) {
    return true;
  }
  const std::string_view values = row.is_one_of;
  const std::string now = from.raw(row.only_if);
  if (values.empty()) {
    return !now.empty();
  }
  return !now.empty() && fmt::format("|{}|", values).find(fmt::format("|{}|", now)) != std::string::npos;
}

std::string key_of(const SynopticKeys& keys, const std::string& name) {
  const auto found = keys.find(name);
  return found == keys.end() ? std::string() : found->second;
}

SynopticReport report_of(const CaseStatus& status, const SpecimenStatus& specimen, const SynopticKeys& keys) {
  const bool breast = status.tumour == "breast";
  SynopticReport out{status.case_id, specimen.id, status.tumour, scheme_words(status), status.software, {}, {}, {}, {}};
  out.note = breast ? say("synoptic.note_breast") : say("synoptic.note_gastric");
  const SynopticSource from(specimen);
  for (const SynopticRow& row : breast ? breast_elements() : gastric_elements()) {
    SynopticValue value = value_of(from, row.of);
    const bool stated = !value.words.empty();
    const std::string label = name_in("element", row.label);
    const std::string title = name_in("element_group", row.group);
    if (!stated && (row.tier == SynopticTier::optional || !asked_for(from, row))) {
      continue;
    }
    if (!stated) {
      out.missing.push_back(label);
    }
    if (out.groups.empty() || out.groups.back().title != title) {
      out.groups.push_back({title, {}});
    }
    const std::string id = row.id;
    out.groups.back().elements.push_back({id, label, row.tier, std::move(value.words), value.code, key_of(keys, id),
                                          key_of(keys, id + "." + value.code)});
  }
  for (const auto& [comment, row] : specimen.comments) {
    out.comments.push_back(comment);
  }
  return out;
}

const char* name_of(SynopticTier tier) {
  static constexpr std::array<const char*, 3> kNames{"core", "conditional", "optional"};
  return kNames.at(static_cast<std::size_t>(tier));
}

bool is_element(std::string_view id) {
  const auto in = [&](const std::vector<SynopticRow>& rows) {
    return std::any_of(rows.begin(), rows.end(), [&](const SynopticRow& row) { return id == row.id; });
  };
  return in(breast_elements()) || in(gastric_elements());
}

}  // namespace

Result<SynopticKeys> parse_synoptic_keys(std::string_view toml, const std::string& file) {
  const auto root = parse_toml(toml, file);
  if (!root) {
    return tl::unexpected(root.error());
  }
  const auto* table = root->get_as<toml::table>("keys");
  if (table == nullptr || root->size() != 1) {
    return fail("a key file has one table, [keys], and nothing else", {}, file);
  }
  SynopticKeys out;
  for (const auto& [name, node] : *table) {
    const std::string id(name.str());
    const auto text = node.value<std::string>();
    const auto place = fmt::format("line {}, {}", node.source().begin.line, id);
    if (!text || text->empty() || text->size() > 200) {
      return fail("a key is a text of 1 to 200 characters", place, file);
    }
    if (!is_element(std::string_view(id).substr(0, id.find('.')))) {
      return fail("is no element of the synoptic report; 'her2 status CASE --format synoptic-json' lists them", place,
                  file);
    }
    out.emplace(id, *text);
  }
  return out;
}

Result<std::vector<SynopticReport>> synoptic_reports(const CaseStatus& status, const SynopticKeys& keys) {
  if (status.tumour != "breast" && status.tumour != "gastric") {
    return fail(fmt::format("a synoptic report is known for breast and gastric, not for '{}'", status.tumour));
  }
  if (status.specimens.empty()) {
    return fail("the case has no specimen to report");
  }
  std::vector<SynopticReport> out;
  out.reserve(status.specimens.size());
  for (const SpecimenStatus& specimen : status.specimens) {
    out.push_back(report_of(status, specimen, keys));
  }
  return out;
}

void write_synoptic(ReportPage& page, const std::vector<SynopticReport>& reports) {
  constexpr std::size_t kLabel = 34;
  for (const SynopticReport& report : reports) {
    page.banner(report.tumour == "breast" ? say("synoptic.title_breast") : say("synoptic.title_gastric"), Ink::strong,
                say("synoptic.case_and_specimen", {{"case", report.case_id}, {"specimen", report.specimen}}));
    for (const SynopticGroup& group : report.groups) {
      page.heading(group.title, 3);
      for (const SynopticElement& e : group.elements) {
        const std::string& key = e.value_key.empty() ? e.key : e.value_key;
        page.field(e.label,
                   fmt::format("{}{}", e.value.empty() ? say("synoptic.not_stated") : e.value,
                               key.empty() ? "" : fmt::format(" [{}]", key)),
                   kLabel, e.value.empty() ? Ink::warning : Ink::normal);
      }
    }
    if (!report.comments.empty()) {
      page.heading(say("synoptic.comments"), 3);
    }
    for (const std::string& comment : report.comments) {
      page.item("•", comment, 2);
    }
    page.blank();
    if (!report.missing.empty()) {
      page.item("!", say("synoptic.required", {{"elements", fmt::format("{}", fmt::join(report.missing, "; "))}}), 2,
                Ink::warning);
    }
    page.paragraph(say("synoptic.note_and_guideline", {{"note", report.note}, {"guideline", report.edition}}), 2,
                   Ink::quiet);
  }
}

std::string synoptic_json(const std::vector<SynopticReport>& reports) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  for (const SynopticReport& r : reports) {
    Json elements = Json::array();
    for (const SynopticGroup& group : r.groups) {
      for (const SynopticElement& e : group.elements) {
        elements.push_back({{"element", e.id},
                            {"group", group.title},
                            {"label", e.label},
                            {"tier", name_of(e.tier)},
                            {"value", or_null(e.value)},
                            {"code", or_null(e.code)},
                            {"key", or_null(e.key)},
                            {"value_key", or_null(e.value_key)}});
      }
    }
    list.push_back({{"case", r.case_id},
                    {"specimen", r.specimen},
                    {"tumour", r.tumour},
                    {"edition", r.edition},
                    {"elements", std::move(elements)},
                    {"comments", r.comments},
                    {"required_not_stated", r.missing},
                    {"note", r.note},
                    {"research_use", kResearchUse},
                    {"software", r.software}});
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace her2
