// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_xml_write.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

namespace her2 {
namespace {

using Names = std::span<const std::string_view>;

// Members in the order of R4's definitions, of the resources that are written; value and effective stand for
// valueString, effectiveDateTime and the like. Checked against an independent converter:
// tests/system/fhir_validators.py.
constexpr std::array<std::string_view, 4> kFirst{"id", "meta", "extension", "identifier"};
constexpr std::array<std::string_view, 3> kBundle{"type", "timestamp", "entry"};
constexpr std::array<std::string_view, 3> kPatient{"name", "gender", "birthDate"};
constexpr std::array<std::string_view, 5> kCondition{"clinicalStatus", "verificationStatus", "category", "code",
                                                     "subject"};
constexpr std::array<std::string_view, 5> kSpecimen{"type", "subject", "collection", "condition", "note"};
constexpr std::array<std::string_view, 16> kObservation{
    "status", "category",       "code", "subject", "focus",    "effective", "issued",      "performer",
    "value",  "interpretation", "note", "method",  "specimen", "hasMember", "derivedFrom", "component"};
constexpr std::array<std::string_view, 12> kReport{"status",    "category", "code",       "subject",
                                                   "effective", "issued",   "performer",  "resultsInterpreter",
                                                   "specimen",  "result",   "conclusion", "presentedForm"};
constexpr std::array<std::string_view, 4> kProvenance{"target", "recorded", "agent", "entity"};

Names members_of(std::string_view type) {
  return type == "Bundle"             ? Names(kBundle)
         : type == "Patient"          ? Names(kPatient)
         : type == "Condition"        ? Names(kCondition)
         : type == "Specimen"         ? Names(kSpecimen)
         : type == "Observation"      ? Names(kObservation)
         : type == "DiagnosticReport" ? Names(kReport)
         : type == "Provenance"       ? Names(kProvenance)
                                      : Names();
}

std::size_t rank(Names names, std::string_view member) {
  const auto is = [&](std::string_view name) {
    return member == name || ((name == "value" || name == "effective") && member.starts_with(name));
  };
  const auto first = std::find(kFirst.begin(), kFirst.end(), member);
  if (first != kFirst.end()) {
    return static_cast<std::size_t>(first - kFirst.begin());
  }
  const auto found = std::find_if(names.begin(), names.end(), is);
  return kFirst.size() + static_cast<std::size_t>(found - names.begin());
}

class Writer {
 public:
  std::string run(const Json& resource) {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    this->resource(resource, " xmlns=\"http://hl7.org/fhir\"");
    return std::move(out_);
  }

 private:
  void resource(const Json& resource, std::string_view space) {
    const Json* type = resource.find("resourceType");
    const std::string name = type == nullptr ? std::string("Resource") : type->text;
    const Names names = members_of(name);
    std::vector<std::size_t> order(resource.keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return rank(names, resource.keys[a]) < rank(names, resource.keys[b]);
    });
    begin(name);
    out_ += space;
    out_ += ">\n";
    for (const std::size_t at : order) {
      if (resource.keys[at] != "resourceType") {
        member(resource.keys[at], resource.items[at]);
      }
    }
    end(name);
  }

  void member(const std::string& name, const Json& value) {
    if (value.kind == Json::Kind::array) {
      for (const Json& item : value.items) {
        member(name, item);
      }
      return;
    }
    begin(name);
    if (value.kind != Json::Kind::object) {
      attribute("value", value.text);
      out_ += "/>\n";
      --depth_;
      return;
    }
    const bool is_resource = value.find("resourceType") != nullptr;
    if (const Json* url = value.find("url"); url != nullptr && name == "extension") {
      attribute("url", url->text);
    }
    out_ += ">\n";
    if (is_resource) {
      resource(value, {});
    } else {
      for (std::size_t i = 0; i < value.keys.size(); ++i) {
        if (name != "extension" || value.keys[i] != "url") {
          member(value.keys[i], value.items[i]);
        }
      }
    }
    end(name);
  }

  void begin(std::string_view name) {
    out_.append(2 * depth_++, ' ');
    out_ += '<';
    out_ += name;
  }

  void attribute(std::string_view name, std::string_view value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    for (std::size_t i = 0; i < value.size(); ++i) {
      sign(value, i);
    }
    out_ += '"';
  }

  void sign(std::string_view text, std::size_t& at) {
    const char c = text[at];
    switch (c) {
      case '&': out_ += "&amp;"; return;
      case '<': out_ += "&lt;"; return;
      case '>': out_ += "&gt;"; return;
      case '"': out_ += "&quot;"; return;
      case '\t': out_ += "&#9;"; return;  // as they are they would be read as blanks
      case '\n': out_ += "&#10;"; return;
      case '\r': out_ += "&#13;"; return;
      default: break;
    }
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    const std::string_view three = text.substr(at, 3);
    if (static_cast<unsigned char>(c) < ' ') {
      out_ += kReplacement;
    } else if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
      out_ += kReplacement;
      at += 2;
    } else {
      out_ += c;
    }
  }

  void end(std::string_view name) {
    out_.append(2 * --depth_, ' ');
    out_ += "</";
    out_ += name;
    out_ += ">\n";
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string fhir_xml(const Json& resource) { return Writer().run(resource); }

Result<std::string> fhir_json_as_xml(std::string_view json) {
  const auto tree = parse_json(json, {.bytes = std::size_t{256} << 20U, .values = 10'000'000, .depth = 64});
  return tree ? Result<std::string>(fhir_xml(*tree)) : tl::unexpected(tree.error());
}

}  // namespace her2
