// SPDX-License-Identifier: Apache-2.0
#include "her2/message/hl7_read.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/evidence/text.h"
#include "her2/message/hl7_text.h"
#include "her2/message/hl7_words.h"

namespace her2 {
namespace {

std::string_view system_of(std::string_view name) {
  if (name == "LN") {
    return kLoinc;
  }
  if (name == "SCT" || name == "SNM" || name == "SNOMED") {
    return kSnomed;
  }
  return name == kHl7Fact ? kFactSystem : name == kHl7Value ? kValueSystem : name;
}

// "20240302" or longer -> "2024-03-02"; else "".
std::string date_of(const std::string& text) {
  const bool digits =
      text.size() >= 8 && std::all_of(text.begin(), text.begin() + 8, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)) : std::string{};
}

class MessageReader {
 public:
  MessageReader(const Dictionary& dictionary, const CodeBook& book, std::string file)
      : dictionary_(dictionary), book_(book), file_(std::move(file)) {}

  Result<Case> read(const Hl7Message& message, std::string_view text) {
    const std::string type = message.segments.front().text(9);
    if (type != "ORU") {
      return fail(fmt::format("is a message of type {}; results come as ORU^R01", in_quotes(type)), "segment 1, MSH-9",
                  file_);
    }
    case_.id = "hl7-" + sha256_hex(text).substr(0, 12);
    for (std::size_t i = 0; i < message.segments.size(); ++i) {
      const auto& segment = message.segments[i];
      if (segment.name() == "PID" && segment.text(3, 4) == kHl7Authority) {
        case_.id = segment.text(3);
      } else if (segment.name() == "OBR") {
        begin_group(message, i);
      } else if (segment.name() == "NTE" && notes_open_) {
        current().notes.push_back(segment.text(3));
      } else if (segment.name() == "OBX") {
        notes_open_ = false;
        if (auto ok = read_result(segment); !ok) {
          return tl::unexpected(located(ok.error(), file_, segment.place()));
        }
      }
    }
    if (known_ == 0) {
      return fail(
          fmt::format("holds no OBX with a code that is known here ({} were looked at); docs/exchange.md lists the "
                      "codes",
                      seen_),
          {}, file_);
    }
    return std::move(case_);
  }

 private:
  // The specimen of an OBR group stands behind its results, in SPM.
  void begin_group(const Hl7Message& message, std::size_t obr) {
    group_ = "1";
    const Hl7Segment* spm = nullptr;
    for (std::size_t i = obr + 1; i < message.segments.size() && message.segments[i].name() != "OBR" && spm == nullptr;
         ++i) {
      spm = message.segments[i].name() == "SPM" ? &message.segments[i] : nullptr;
    }
    notes_open_ = true;
    if (spm == nullptr) {
      return;
    }
    const std::string id = spm->text(2);
    group_ = id.empty() ? fmt::format("{}", spm->text(1)) : id;
    Specimen& specimen = current();
    specimen.kind = spm->text(4, 6) == kHl7Kind ? spm->text(4, 4) : specimen.kind;
    specimen.site = spm->text(8, 3) == kHl7Site ? spm->text(8, 1) : specimen.site;
    specimen.date = date_of(spm->text(17));
  }

  Specimen& current() {
    const auto at =
        std::find_if(case_.specimens.begin(), case_.specimens.end(), [&](const auto& s) { return s.id == group_; });
    if (at != case_.specimens.end()) {
      return *at;
    }
    case_.specimens.emplace_back().id = group_;
    return case_.specimens.back();
  }

  Result<void> read_result(const Hl7Segment& obx) {
    ++seen_;
    if (obx.text(17, 1) == kHl7Computed && obx.text(17, 3) == kHl7Method) {
      return {};
    }
    if (obx.text(3, 3) == kHl7Fact && obx.text(3) == kHl7Tumour) {
      case_.tumour = obx.text(5);
      ++known_;
      return {};
    }
    std::optional<FactId> id;
    for (const std::size_t c : {std::size_t{1}, std::size_t{4}}) {
      const std::string named = obx.text(3, c + 2);  // lives as long as the view of it
      const auto system = system_of(named);
      const auto found = system == kSnomed ? std::nullopt : book_.fact(system, obx.text(3, c));  // staging: FHIR only
      id = found && (!id || system == kFactSystem) ? found : id;
    }
    if (!id) {
      return {};
    }
    ++known_;
    const auto& type = dictionary_[*id];
    const std::string status = obx.text(11);
    Specimen& specimen = current();
    if (status.size() == 1 && std::string_view("DWXIS").find(status) != std::string_view::npos) {
      specimen.notes.push_back(fmt::format("{} is left out: its status (OBX-11) is {}.", type.label, status));
      return {};
    }
    const auto value = read_value(obx, type);
    if (!value) {
      return tl::unexpected(value.error());
    }
    if (status == "P" || status == "R") {
      specimen.notes.push_back(fmt::format("{} is preliminary (OBX-11 is {}).", type.label, status));
    }
    Fact fact{*id, *value, {file_, obx.place(), std::string(obx.raw(5)), obx.text(16, 2), {}}, {}};
    const auto before = specimen.facts.find(*id);
    if (before != specimen.facts.end() && !(before->second.value == fact.value)) {
      if (status != "C" && status != "A") {
        return fail(fmt::format("says {} of {}, but {} says {}; a correction is marked by C in OBX-11",
                                in_quotes(value_text(type, fact.value)), type.label, before->second.source.place,
                                in_quotes(value_text(type, before->second.value))));
      }
      specimen.notes.push_back(fmt::format("{}: {} was corrected to {}.", type.label,
                                           value_text(type, before->second.value), value_text(type, fact.value)));
    }
    specimen.facts[*id] = std::move(fact);
    return {};
  }

  Result<Value> read_value(const Hl7Segment& obx, const FactType& type) const {
    if (obx.repetitions(5) > 1) {
      return fail(fmt::format("{} has {} values (OBX-5 repeats); one is read", type.label, obx.repetitions(5)));
    }
    const std::string kind = obx.text(2);
    if (obx.raw(5).empty() || obx.raw(5) == "\"\"") {
      return Value::unknown();
    }
    if (kind == "CWE" || kind == "CE" || kind == "CNE") {
      return coded(obx, type);
    }
    const std::string unit = obx.text(6);
    const bool plain = unit.empty() || unit == "1" || unit.starts_with('{');
    if (kind == "NM" || kind == "SN") {
      if (type.unit.empty() ? !plain : !plain && unit != type.unit) {
        return fail(fmt::format("{} is given in {}, not in {}", type.label, in_quotes(unit),
                                type.unit.empty() ? "a plain number" : type.unit));
      }
    }
    if (kind == "SN") {
      return structured(obx, type);
    }
    if (kind == "NM" || kind == "ST" || kind == "TX" || kind == "FT") {
      return parse_value(type, obx.text(5));
    }
    return fail(fmt::format("OBX-2 of {} is {}; read are CWE, CE, NM, SN, ST, TX", type.label, in_quotes(kind)));
  }

  Result<Value> coded(const Hl7Segment& obx, const FactType& type) const {
    const auto* marker = book_.marker(type_id(type));
    std::optional<unsigned> index;
    for (const std::size_t c : {std::size_t{1}, std::size_t{4}}) {
      const std::string named = obx.text(5, c + 2);
      const auto system = system_of(named);
      const auto found = book_.value(marker, type, system, obx.text(5, c));
      index = found && (!index || system == kValueSystem) ? found : index;
    }
    if (index) {
      return Value::of_choice(*index);
    }
    for (const std::size_t c : {std::size_t{2}, std::size_t{9}, std::size_t{1}}) {
      if (const std::string text = obx.text(5, c); !text.empty()) {
        if (auto value = parse_value(type, text)) {
          return value;
        }
      }
    }
    return fail(fmt::format("{} is no known value of {}", in_quotes(obx.raw(5)), type.label));
  }

  [[nodiscard]] FactId type_id(const FactType& type) const { return *dictionary_.find(type.name); }

  // SN: comparator ^ number ^ separator ^ number.
  static Result<Value> structured(const Hl7Segment& obx, const FactType& type) {
    const std::string comparator = obx.text(5, 1);
    const std::string first = obx.text(5, 2);
    const std::string separator = obx.text(5, 3);
    const std::string second = obx.text(5, 4);
    if (separator.empty()) {
      return parse_value(type, comparator + first);
    }
    if ((separator == ":" || separator == "/") && comparator.empty()) {
      return parse_value(type, second == "1" ? first : first + "/" + second);
    }
    if (separator == "-" && comparator.empty()) {
      return parse_value(type, first + "-" + second);
    }
    return fail(fmt::format("the structured number {} of {} cannot be read", in_quotes(obx.raw(5)), type.label));
  }

  const Dictionary& dictionary_;
  const CodeBook& book_;
  std::string file_, group_ = "1";
  Case case_;
  bool notes_open_ = false;
  std::size_t seen_ = 0, known_ = 0;
};

}  // namespace

bool looks_like_hl7(std::string_view text) {
  const auto first = text.find_first_not_of("\x0B\r\n \xEF\xBB\xBF");
  return first != std::string_view::npos && text.substr(first).starts_with("MSH") && text.size() > first + 8;
}

Result<Case> parse_hl7(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                       const std::string& file) {
  const auto message = parse_hl7_text(text, file);
  if (!message) {
    return tl::unexpected(message.error());
  }
  return MessageReader(dictionary, book, file).read(*message, text);
}

}  // namespace her2
