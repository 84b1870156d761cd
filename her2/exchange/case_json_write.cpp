// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <fmt/format.h>

#include "her2/exchange/case_json.h"
#include "her2/exchange/json_tree.h"

namespace her2 {
namespace {

// Writes "key": value pairs with the commas and line breaks that belong between them.
class Lines {
 public:
  explicit Lines(std::string& out) : out_(out) {}

  void item(const std::string& text) {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_.append(indent_, ' ');
    out_ += text;
  }
  void text(std::string_view key, std::string_view value) { item(fmt::format("\"{}\": {}", key, json_string(value))); }
  void text_if(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      text(key, value);
    }
  }
  void open(const std::string& head) {
    item(head);
    indent_ += 2;
    first_ = true;
  }
  void close(char bracket) {
    indent_ -= 2;
    if (!first_) {
      out_ += '\n';
      out_.append(indent_, ' ');
    }
    out_ += bracket;
    first_ = false;
  }

 private:
  std::string& out_;
  std::size_t indent_ = 2;
  bool first_ = true;
};

std::string value_json(const FactType& type, const Value& value) {
  if (value.is_missing()) {
    return "null";
  }
  const std::string text = value_text(type, value);
  return value.state == Value::State::number && Decimal::parse(text) ? text : json_string(text);
}

std::string source_json(const Source& source) {
  std::string out;
  const std::pair<const char*, const std::string*> parts[] = {
      {"file", &source.file}, {"place", &source.place}, {"text", &source.text}};
  for (const auto& [key, text] : parts) {
    if (!text->empty()) {
      out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", key, json_string(*text));
    }
  }
  return "{" + out + "}";
}

std::string fact_json(const FactType& type, const Fact& fact, CaseStyle style) {
  const std::string value = value_json(type, fact.value);
  std::string more;
  if (!fact.source.author.empty()) {
    more += fmt::format(", \"author\": {}", json_string(fact.source.author));
  }
  if (!fact.source.profile.empty()) {
    more += fmt::format(", \"profile\": {}", json_string(fact.source.profile));
  }
  if (style == CaseStyle::full) {
    more += fmt::format(", \"source\": {}", source_json(fact.source));
  }
  if (!fact.derived_from.empty()) {
    std::string names;
    for (const auto& name : fact.derived_from) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", json_string(name));
    }
    more += fmt::format(", \"derived_from\": [{}]", names);
  }
  return more.empty() ? value : fmt::format("{{\"value\": {}{}}}", value, more);
}

void write_ensemble(Lines& lines, const Ensemble& ensemble, const Dictionary& dictionary) {
  std::string names;
  for (const FactId id : ensemble.ids) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", dictionary[id].name);
  }
  lines.open("{");
  lines.item(fmt::format("\"facts\": [{}]", names));
  lines.text_if("conditional_on", ensemble.conditional_on);
  lines.open("\"replicates\": [");
  for (const auto& row : ensemble.rows) {
    std::string numbers;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const FactType& type = dictionary[ensemble.ids[i]];
      numbers += numbers.empty() ? "" : ", ";
      numbers += type.kind == FactKind::choice ? json_string(type.values.at(static_cast<std::size_t>(row[i].mantissa)))
                                               : row[i].text();
    }
    lines.item("[" + numbers + "]");
  }
  lines.close(']');
  lines.close('}');
}

void write_specimen(Lines& lines, const Specimen& specimen, const Dictionary& dictionary, CaseStyle style) {
  lines.open("{");
  lines.text("id", specimen.id);
  lines.text_if("kind", specimen.kind);
  lines.text_if("site", specimen.site);
  lines.text_if("date", specimen.date);
  lines.open("\"facts\": {");
  for (const auto& [id, fact] : specimen.facts) {
    lines.item(fmt::format("\"{}\": {}", dictionary[id].name, fact_json(dictionary[id], fact, style)));
  }
  lines.close('}');
  if (!specimen.ensembles.empty()) {
    lines.open("\"ensembles\": [");
    for (const auto& ensemble : specimen.ensembles) {
      write_ensemble(lines, ensemble, dictionary);
    }
    lines.close(']');
  }
  if (!specimen.notes.empty()) {
    lines.open("\"notes\": [");
    for (const auto& note : specimen.notes) {
      lines.item(json_string(note));
    }
    lines.close(']');
  }
  lines.close('}');
}

}  // namespace

std::string case_json(const Case& subject, const Dictionary& dictionary, CaseStyle style) {
  std::string out = "{";
  Lines lines(out);
  lines.text("schema", kCaseSchema);
  lines.text("id", subject.id);
  lines.text("tumour", subject.tumour);
  lines.open("\"specimens\": [");
  for (const auto& specimen : subject.specimens) {
    write_specimen(lines, specimen, dictionary, style);
  }
  lines.close(']');
  return out + "\n}\n";
}

}  // namespace her2
