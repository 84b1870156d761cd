// SPDX-License-Identifier: Apache-2.0
#include "her2/message/hl7_write.h"

#include <bit>

#include <fmt/format.h>

#include "her2/core/base64.h"
#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/message/hl7_text.h"
#include "her2/message/hl7_words.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

// Without '-': "2024-03-02" -> "20240302".
std::string compact_date(std::string date) {
  std::erase(date, '-');
  return date;
}

std::string coded(std::string_view code, std::string_view text, std::string_view system) {
  return fmt::format("{}^{}^{}", hl7_escaped(code), hl7_escaped(text), system);
}

class MessageWriter {
 public:
  MessageWriter(const Case& subject, const Hl7Options& options) : case_(subject), options_(options) {}

  void header(std::string_view type) {
    const std::string id = sha256_hex(fmt::format("{} {} {}", type, case_.id, options_.time)).substr(0, 20);
    segment(fmt::format("MSH|^~\\&|her2|{}|{}|{}|{}||{}|{}|{}|2.5.1||||||UNICODE UTF-8|||{}",
                        hl7_escaped(options_.sending_facility), hl7_escaped(options_.receiving_application),
                        hl7_escaped(options_.receiving_facility), options_.time, type, id,
                        options_.production ? "P" : "T",
                        options_.naaccr ? "VOL_V_50_ORU_R01^NAACCR_CP^2.16.840.1.113883.9.8^ISO" : ""));
    if (!options_.patient) {
      segment(fmt::format("PID|1||{}^^^{}||^^^^^^S|||U", hl7_escaped(case_.id), kHl7Authority));
      return;
    }
    const auto& patient = *options_.patient;
    const char sex = patient.gender == "female"  ? 'F'
                     : patient.gender == "male"  ? 'M'
                     : patient.gender == "other" ? 'O'
                                                 : 'U';
    segment(fmt::format("PID|1||{}^^^{}~{}^^^{}{}||{}^{}||{}|{}", hl7_escaped(case_.id), kHl7Authority,
                        hl7_escaped(patient.value), hl7_escaped(patient.system), options_.naaccr ? "^MR" : "",
                        hl7_escaped(patient.family), hl7_escaped(patient.given), compact_date(patient.birth_date),
                        sex));
  }

  void group(std::size_t index, const Specimen& specimen, std::string_view control, std::string_view code) {
    const std::string filler = fmt::format("{}-{}", hl7_escaped(case_.id), index + 1);
    const bool results = control != "NW";
    segment(fmt::format("ORC|{}|{}|{}^her2{}", control, results ? "" : filler + "-ish", filler,
                        options_.naaccr && results ? facility() : ""));
    segment(fmt::format("OBR|{}|{}|{}^her2|{}|||{}|||||||||||||||{}|||{}", index + 1,
                        control == "NW" ? filler + "-ish" : "", filler, code, compact_date(specimen.date),
                        control == "NW" ? "" : options_.time, control == "NW" ? "" : result_status()));
    next_ = 1;
    part_ = options_.naaccr ? fmt::format("{}", index + 1) : "";
  }

  void note(std::string_view text) { segment(fmt::format("NTE|{}||{}", ++notes_, hl7_escaped(text))); }
  void no_notes() { notes_ = 0; }

  void result(std::string_view kind, std::string_view code, const std::string& value, std::string_view unit,
              bool computed, std::string_view author = {}) {
    segment(fmt::format("OBX|{}|{}|{}|{}|{}|{}|||||{}|||||{}|{}", next_++, kind, code, part_, value, unit,
                        computed ? result_status() : std::string("F"),
                        author.empty() ? std::string{} : "^" + hl7_escaped(author),
                        computed ? coded(kHl7Computed, "concluded by her2", kHl7Method) : std::string{}));
  }

  void specimen(std::size_t index, const Specimen& specimen) {
    const std::string kind = specimen.kind.empty() ? "" : "^" + coded(specimen.kind, specimen.kind, kHl7Kind);
    const std::string site = specimen.site.empty() ? "" : coded(specimen.site, specimen.site, kHl7Site);
    segment(fmt::format("SPM|{}|{}||TUMOR^Tumor^HL70487{}||||{}|||||||||{}", index + 1, hl7_escaped(specimen.id), kind,
                        site, compact_date(specimen.date)));
  }

  [[nodiscard]] std::string result_status() const { return options_.signed_by.empty() ? "P" : "F"; }
  [[nodiscard]] std::string text() && { return std::move(out_); }

 private:
  // ORC-4 to ORC-24: who ordered, as Volume V wants to know it.
  [[nodiscard]] std::string facility() const {
    constexpr std::size_t kFromOrc3 = 18;
    return fmt::format("{}{}|{}|{}|{}", std::string(kFromOrc3, '|'), hl7_escaped(options_.sending_facility),
                       hl7_escaped(options_.facility_address), hl7_escaped(options_.facility_phone),
                       hl7_escaped(options_.provider_address));
  }

  void segment(std::string line) {
    line.erase(line.find_last_not_of('|') + 1);
    out_ += line + "\r";
  }

  const Case& case_;
  const Hl7Options& options_;
  std::string out_, part_;  // part_: OBX-4
  int next_ = 1, notes_ = 0;
};

// Staging facts go by our own codes only.
const Marker* hl7_marker(const CodeBook& book, FactId fact) {
  const Marker* marker = book.marker(fact);
  return marker != nullptr && marker->breast.system == kLoinc ? marker : nullptr;
}

std::string code_of(const Case& subject, const FactType& type, const Marker* marker) {
  std::string ours = coded(type.name, type.label, kHl7Fact);
  if (marker == nullptr) {
    return ours;
  }
  const Coding& standard = subject.tumour == "breast" ? marker->breast : marker->elsewhere;
  return fmt::format("{}^{}", coded(standard.code, standard.display.empty() ? type.label : standard.display, "LN"),
                     ours);
}

// OBX-2, OBX-5 and OBX-6 of a value.
struct Hl7Value {
  std::string kind, value, unit;
};

Hl7Value hl7_value(const FactType& type, const Value& value, const Marker* marker, const CodeBook& book) {
  const std::string unit = marker != nullptr && !marker->unit.empty() ? marker->unit : type.unit;
  const std::string units =
      unit == "%" || unit == "1" || unit == "{ratio}" ? coded(unit, unit, "UCUM") : hl7_escaped(unit);
  if (value.state == Value::State::choice && std::has_single_bit(value.choices)) {
    const auto index = static_cast<unsigned>(std::countr_zero(value.choices));
    const std::string ours = coded(type.values[index], type.values[index], kHl7Value);
    const auto answer = marker == nullptr ? std::nullopt : book.answer(*marker, index);
    const bool loinc = answer && answer->system == kLoinc;
    return {"CWE",
            answer ? fmt::format("{}^{}", coded(answer->code, type.values[index], loinc ? "LN" : "SCT"), ours) : ours,
            ""};
  }
  if (value.state == Value::State::number && value.written) {
    return {"NM", value.written->text(), units};
  }
  if (value.state == Value::State::number && !value.exact_number() && value.low.has_value() != value.high.has_value()) {
    const Bound& bound = value.low ? *value.low : *value.high;
    const std::string digits = exact_text(bound.at);
    if (Decimal::parse(digits)) {
      return {"SN", fmt::format("{}{}^{}", value.low ? ">" : "<", bound.open ? "" : "=", digits), units};
    }
  }
  return {"ST", hl7_escaped(value_text(type, value)), ""};
}

bool wants_ish(const SpecimenStatus& specimen) {
  for (const auto& answer : specimen.answers) {
    if (answer.fact == "her2_status" && answer.state == AnswerState::decided && !answer.values.empty()) {
      const auto& value = answer.values.front().value;
      return value == "equivocal" || value == "need-dual";
    }
  }
  return false;
}

// "core, primary, collected 2026-03-02": the narrative's section on the specimen.
std::string specimen_line(const Specimen& specimen) {
  std::string out = specimen.kind.empty() ? "tissue" : specimen.kind;
  out += specimen.site.empty() ? "" : ", " + specimen.site;
  return out + (specimen.date.empty() ? "" : ", collected " + specimen.date);
}

void write_conclusions(MessageWriter& writer, const Case& subject, const Specimen& specimen,
                       const SpecimenStatus& status, const Dictionary& dictionary, const CodeBook& book) {
  for (const Answer* answer : answers_given(status)) {
    const auto id = dictionary.find(answer->fact);
    if (!id || answer->recorded || specimen.facts.contains(*id)) {
      continue;
    }
    const auto& type = dictionary[*id];
    const Marker* marker = hl7_marker(book, *id);
    const auto index =
        answer->state == AnswerState::decided ? type.index_of(answer->values.front().value) : std::nullopt;
    const auto value = index ? hl7_value(type, Value::of_choice(*index), marker, book)
                             : Hl7Value{"ST", hl7_escaped(answer_words(*answer)), ""};
    writer.result(value.kind, code_of(subject, type, marker), value.value, value.unit, true);
  }
}

}  // namespace

std::string hl7_results(const Case& subject, const CaseStatus& status, const Dictionary& dictionary,
                        const CodeBook& book, const Hl7Options& options) {
  MessageWriter writer(subject, options);
  writer.header("ORU^R01^ORU_R01");
  for (std::size_t i = 0; i < subject.specimens.size(); ++i) {
    const Specimen& specimen = subject.specimens[i];
    writer.group(i, specimen, "RE",
                 options.naaccr ? "11529-5^Surgical pathology study^LN" : "60568-3^Synoptic report^LN");
    writer.no_notes();
    for (const auto& text : specimen.notes) {
      writer.note(text);
    }
    if (options.naaccr) {
      writer.result("TX", "22633-2^Specimen^LN", hl7_escaped(specimen_line(specimen)), "", false);
    }
    if (i == 0) {
      const Headline head = headline(status);
      writer.result("TX", "22637-3^Final diagnosis^LN",
                    hl7_escaped(fmt::format("{}{}{}. {}\n{}", head.status, head.detail.empty() ? "" : ", ", head.detail,
                                            scheme_words(status), kResearchUse)),
                    "", true);
      writer.result("ST", coded(kHl7Tumour, "tumour", kHl7Fact), hl7_escaped(subject.tumour), "", false);
    }
    for (const auto& [id, fact] : specimen.facts) {
      const Marker* marker = hl7_marker(book, id);
      const auto value = hl7_value(dictionary[id], fact.value, marker, book);
      writer.result(value.kind, code_of(subject, dictionary[id], marker), value.value, value.unit, false,
                    fact.source.author);
    }
    if (i < status.specimens.size()) {
      write_conclusions(writer, subject, specimen, status.specimens[i], dictionary, book);
    }
    if (i == 0 && options.report) {
      const auto slash = options.report->content_type.find('/');
      writer.result("ED", "60567-5^Comprehensive pathology report^LN",
                    fmt::format("^{}^{}^Base64^{}", options.report->content_type.substr(0, slash),
                                options.report->content_type.substr(slash + 1), base64(options.report->bytes)),
                    "", true);
    }
    writer.specimen(i, specimen);
  }
  return std::move(writer).text();
}

Result<std::string> hl7_ish_order(const Case& subject, const CaseStatus& status, const Hl7Options& options) {
  MessageWriter writer(subject, options);
  writer.header("OML^O21^OML_O21");
  bool any = false;
  for (std::size_t i = 0; i < subject.specimens.size() && i < status.specimens.size(); ++i) {
    if (wants_ish(status.specimens[i])) {
      any = true;
      writer.group(i, subject.specimens[i], "NW", "74885-5^HER2 panel - Tissue by FISH^LN");
      writer.specimen(i, subject.specimens[i]);
    }
  }
  if (!any) {
    return fail(fmt::format("case {}: no specimen waits for ISH (HER2 {}), so there is nothing to order",
                            in_quotes(subject.id), status.overall.empty() ? "status open" : status.overall));
  }
  return std::move(writer).text();
}

}  // namespace her2
