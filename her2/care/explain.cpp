// SPDX-License-Identifier: Apache-2.0
#include "her2/care/explain.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "her2/core/sha256.h"
#include "her2/evidence/toml_text.h"
#include "her2/guideline/toml_reader.h"

namespace her2 {
namespace {

// Numbers that a caller may fill; every other placeholder is a fact.
constexpr std::array<std::string_view, 4> kFigures{"alive_5", "alive_10", "breast_10", "other_10"};

// Names in braces, in order.
std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> out;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) {
      break;
    }
    out.emplace_back(text.substr(open + 1, close - open - 1));
  }
  return out;
}

void read_message(const toml::table& source, TomlReader& whole, const Dictionary& dictionary, PatientTexts& out) {
  TomlReader reader(source, "message");
  reader.only({"id", "section", "when", "list", "numbers", "text", "cite"});
  PatientMessage message;
  message.id = reader.text("id", true);
  reader.rename(fmt::format("message {}", message.id));
  message.section = reader.text("section", true);
  message.text = reader.text("text", true);
  message.list = reader.flag("list");
  message.cite = reader.texts("cite", false);
  const std::string numbers = reader.text("numbers", false);
  if (numbers == "with" || numbers == "without") {
    message.numbers = numbers == "with" ? PatientMessage::Numbers::with : PatientMessage::Numbers::without;
  } else if (!numbers.empty()) {
    reader.wrong("numbers must be \"with\" or \"without\"");
  }
  if (std::find(out.contents.begin(), out.contents.end(), message.section) == out.contents.end()) {
    reader.wrong(fmt::format("there is no section '{}' in contents", message.section));
  }
  for (const auto& key : message.cite) {
    if (!out.sources.contains(key)) {
      reader.wrong(fmt::format("cites '{}', which [sources] does not explain", key));
    }
  }
  for (const auto& name : placeholders(message.text)) {
    const bool figure = std::find(kFigures.begin(), kFigures.end(), name) != kFigures.end();
    if (!figure && !dictionary.find(name)) {
      reader.wrong(fmt::format("{{{}}} is neither a fact nor a figure", name));
    }
    if (figure && message.numbers != PatientMessage::Numbers::with) {
      reader.wrong(fmt::format("{{{}}} may stand only where numbers = \"with\"", name));
    }
  }
  if (const std::string when = reader.text("when", false); !when.empty()) {
    auto parsed = parse_condition(when, dictionary, {});
    if (parsed) {
      message.when = std::move(*parsed);
    } else {
      reader.wrong(fmt::format("when, {}: {} in: {}", parsed.error().place, parsed.error().reason, when));
    }
  }
  const bool twice =
      std::any_of(out.messages.begin(), out.messages.end(), [&](const auto& m) { return m.id == message.id; });
  if (twice) {
    reader.wrong("another message has the same id");
  }
  if (!reader.ok()) {
    whole.take_error(reader);
  }
  out.messages.push_back(std::move(message));
}

// The text with its placeholders filled; nothing when one has no value.
std::optional<std::string> filled(const PatientMessage& message, const Dictionary& dictionary, const CareFacts& facts,
                                  const PatientFigures& figures) {
  std::string out = message.text;
  for (const auto& name : placeholders(message.text)) {
    std::string value;
    if (const auto figure = figures.find(name); figure != figures.end()) {
      value = figure->second;
    } else if (const auto fact = dictionary.find(name)) {
      const auto known = facts.known.find(*fact);
      if (known != facts.known.end() && known->second.is_exact() && !known->second.is_missing()) {
        value = value_text(dictionary[*fact], known->second);
      }
    }
    if (value.empty()) {
      return std::nullopt;
    }
    const std::string mark = "{" + name + "}";
    out.replace(out.find(mark), mark.size(), value);
  }
  return out;
}

}  // namespace

Result<PatientTexts> load_patient_texts(const std::string& content, const Dictionary& dictionary) {
  const auto parsed = parse_toml(content, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  TomlReader reader(*parsed, "");
  reader.only({"language", "title", "contents", "headings", "sources", "message"});
  PatientTexts out;
  out.language = reader.text("language", true);
  out.title = reader.text("title", true);
  out.contents = reader.texts("contents", true);
  for (auto& [section, heading] : reader.pairs("headings")) {
    out.headings.emplace(section, heading);
  }
  for (auto& [key, citation] : reader.pairs("sources")) {
    out.sources.emplace(key, citation);
  }
  for (const auto& section : out.contents) {
    if (!out.headings.contains(section)) {
      reader.wrong(fmt::format("section '{}' has no heading", section));
    }
  }
  for (const toml::table* source : reader.tables("message")) {
    if (!reader.ok()) {
      break;
    }
    read_message(*source, reader, dictionary, out);
  }
  if (!reader.ok()) {
    return tl::unexpected(*reader.error());
  }
  out.hash = sha256_hex(content);
  return out;
}

PatientPage patient_page(const PatientTexts& texts, const Dictionary& dictionary, const CareFacts& facts,
                         bool with_numbers, const PatientFigures& figures) {
  FactValues exact = facts.known;
  std::erase_if(exact, [](const auto& entry) { return !entry.second.is_exact(); });
  const Worlds worlds = worlds_of(dictionary, exact);
  PatientPage page;
  page.title = texts.title;
  page.language = texts.language;
  std::set<std::string> cited;
  for (const auto& name : texts.contents) {
    PatientSection section;
    section.heading = texts.headings.at(name);
    for (const auto& message : texts.messages) {
      const bool wanted = message.section == name &&
                          (message.numbers == PatientMessage::Numbers::either ||
                           (message.numbers == PatientMessage::Numbers::with) == with_numbers) &&
                          (!message.when || truth(worlds, *message.when) == Truth::met);
      const auto text = wanted ? filled(message, dictionary, facts, figures) : std::nullopt;
      if (text) {
        (message.list ? section.items : section.paragraphs).push_back(*text);
        cited.insert(message.cite.begin(), message.cite.end());
      }
    }
    if (!section.paragraphs.empty() || !section.items.empty()) {
      page.sections.push_back(std::move(section));
    }
  }
  for (const auto& key : cited) {
    page.sources.emplace_back(key, texts.sources.at(key));
  }
  return page;
}

}  // namespace her2
