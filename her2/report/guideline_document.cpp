// SPDX-License-Identifier: Apache-2.0
#include "her2/report/guideline_document.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/report/document.h"
#include "her2/report/readable_condition.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

std::string keys(const std::vector<std::string>& cite) { return fmt::format("{}", fmt::join(cite, ", ")); }

std::string type_words(const FactType& type) {
  switch (type.kind) {
    case FactKind::choice: return fmt::format("{}", fmt::join(type.values, " | "));
    case FactKind::quotient: return "quotient";
    case FactKind::number: break;
  }
  return type.unit.empty() ? "number" : type.unit;
}

std::string then_words(const Row& row, const Dictionary& dictionary) {
  std::vector<std::string> parts;
  for (const auto& [fact, value] : row.then) {
    const FactType& type = dictionary[fact];
    parts.push_back(fmt::format("{}: {}", type.label, type.values[value]));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// Joins the lines of a text from a file.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) {
    out.pop_back();
  }
  return out;
}

// Writes the blocks of one guideline.
class GuidelineWriter {
 public:
  GuidelineWriter(const Guideline& guideline, const Dictionary& dictionary)
      : guideline_(guideline), dictionary_(dictionary) {}

  Document whole() {
    head();
    if (!guideline_.unconfirmed.empty()) {
      out_.section(2, "Not confirmed", "unconfirmed");
      out_.list(guideline_.unconfirmed);
    }
    parameters();
    for (const Table& t : guideline_.tables) {
      table(t);
    }
    flags();
    sources();
    out_.section(2, "File", "file");
    out_.paragraph(fmt::format("{}.toml, SHA-256 {}", guideline_.id, guideline_.hash));
    return std::move(out_);
  }

  Document one_table(const Table& t) {
    head();
    table(t);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string words(std::string_view condition, const Table* table) const {
    return readable_condition(condition, dictionary_, &guideline_, table);
  }

  void head() {
    out_.title = guideline_.title;
    out_.subtitle = fmt::format("{} {}, {}; {}", guideline_.body, guideline_.edition, guideline_.tumour, guideline_.id);
    if (!guideline_.summary.empty()) {
      out_.section(2, "Summary", "summary");
      out_.paragraph(one_line(guideline_.summary));
    }
    if (!guideline_.based_on.empty()) {
      out_.section(2, "Based on", "based-on");
      out_.paragraph(
          fmt::format("Takes over the tables of {} unless it has its own of that name.", guideline_.based_on));
    }
  }

  void parameters() {
    if (guideline_.parameters.empty()) {
      return;
    }
    out_.section(2, "Numbers that a policy may change", "parameters");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {"Name", "Value", "Meaning", "Source"};
    for (const Parameter& p : guideline_.parameters) {
      const std::string value = with_unit(exact_text(p.value), p.unit);
      block.rows.push_back({{p.name}, {p.changed ? value + " (changed)" : value}, {p.meaning}, {keys(p.cite)}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void table(const Table& t) {
    out_.section(2, t.title, "table-" + t.name);
    std::vector<std::string> gives;
    for (const FactId fact : t.gives) {
      gives.push_back(dictionary_[fact].label);
    }
    out_.quiet(fmt::format("Table {}. Gives: {}.", t.name, listed(gives, "and")));
    if (t.enter) {
      out_.paragraph(fmt::format("Applies where: {}.", words(t.enter_text, &t)));
    }
    inputs(t);
    for (const auto& [name, text] : t.sums) {
      std::string title = name;
      std::replace(title.begin(), title.end(), '_', ' ');
      out_.paragraph(fmt::format("“{}” is {}.", title, words(text, &t)));
    }
    for (const std::string& space : t.space_text) {
      out_.paragraph(fmt::format("By definition: {}.", words(space, &t)));
    }
    out_.section(3, "Rows", {});
    rows(t);
  }

  void inputs(const Table& t) {
    out_.section(3, "Inputs", {});
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {"Fact", "Name", "Values or unit", "May be missing"};
    for (const FactId fact : t.inputs) {
      const FactType& type = dictionary_[fact];
      block.rows.push_back({{type.label}, {type.name}, {type_words(type)}, {t.is_required(fact) ? "no" : "yes"}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void rows(const Table& t) {
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {"Row", "When", "Then", "Next", "Report", "Source"};
    for (const Row& row : t.rows) {
      const auto optional = [](const std::string& text) {
        return text.empty() ? DocumentBlock::Cell{} : DocumentBlock::Cell{one_line(text)};
      };
      DocumentBlock::Cell source{keys(row.cite)};
      if (row.unconfirmed) {
        source.emplace_back("unconfirmed");
      }
      block.rows.push_back({{row.id},
                            {words(row.when_text, &t)},
                            {then_words(row, dictionary_)},
                            optional(row.action),
                            optional(row.comment),
                            std::move(source)});
    }
    out_.blocks.push_back(std::move(block));
  }

  void flags() {
    if (guideline_.flags.empty()) {
      return;
    }
    out_.section(2, "Flags: something to look at; they change no conclusion", "flags");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {"Flag", "When", "Says", "Source"};
    for (const Flag& flag : guideline_.flags) {
      block.rows.push_back({{flag.id}, {words(flag.when_text, nullptr)}, {one_line(flag.says)}, {keys(flag.cite)}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void sources() {
    out_.section(2, "Sources", "sources");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {"Key", "Source"};
    for (const auto& [key, text] : guideline_.sources) {
      block.rows.push_back({{key}, {text}});
    }
    out_.blocks.push_back(std::move(block));
  }

  const Guideline& guideline_;
  const Dictionary& dictionary_;
  Document out_;
};

void write_sources(TextPage& page, const Guideline& guideline, const std::vector<std::string>& cite) {
  for (const std::string& key : cite) {
    const auto found = guideline.sources.find(key);
    page.field(key, found == guideline.sources.end() ? "" : found->second, 10);
  }
}

std::string origin(const Guideline& guideline) {
  return fmt::format("{}, {} {}", guideline.title, guideline.body, guideline.edition);
}

}  // namespace

std::string guideline_markdown(const Guideline& guideline, const Dictionary& dictionary) {
  return document_markdown(GuidelineWriter(guideline, dictionary).whole());
}

std::string guideline_html(const Guideline& guideline, const Dictionary& dictionary) {
  return document_html(GuidelineWriter(guideline, dictionary).whole());
}

std::string guideline_text(const Guideline& guideline, const Dictionary& dictionary, const TextStyle& style) {
  return document_text(GuidelineWriter(guideline, dictionary).whole(), style);
}

std::string explain_table(const Guideline& guideline, const Table& table, const Dictionary& dictionary,
                          const TextStyle& style) {
  return document_text(GuidelineWriter(guideline, dictionary).one_table(table), style);
}

std::string explain_row(const Guideline& guideline, const Table& table, const Row& row, const Dictionary& dictionary,
                        const TextStyle& style) {
  TextPage page(style);
  page.paragraph(then_words(row, dictionary), 0, Ink::strong);
  page.paragraph(fmt::format("{} {}/{}", guideline.id, table.name, row.id), 0, Ink::quiet);
  page.paragraph(fmt::format("{}: {}", origin(guideline), table.title), 0, Ink::quiet);
  page.heading("When");
  page.paragraph(readable_condition(row.when_text, dictionary, &guideline, &table), 2);
  for (const auto& [name, text] : table.sums) {
    if (row.when_text.find(name) != std::string::npos) {
      std::string title = name;
      std::replace(title.begin(), title.end(), '_', ' ');
      page.item("•", fmt::format("“{}” is {}", title, readable_condition(text, dictionary, &guideline, &table)), 4,
                Ink::quiet, Ink::quiet);
    }
  }
  page.paragraph(fmt::format("In the file: {}", one_line(row.when_text)), 2, Ink::quiet);
  if (table.enter) {
    page.paragraph(fmt::format("The table applies where: {}",
                               readable_condition(table.enter_text, dictionary, &guideline, &table)),
                   2, Ink::quiet);
  }
  if (!row.action.empty()) {
    page.heading("Required next");
    page.paragraph(one_line(row.action), 2);
  }
  if (!row.comment.empty()) {
    page.heading("For the report");
    page.paragraph(one_line(row.comment), 2);
  }
  page.heading("Sources");
  write_sources(page, guideline, row.cite);
  if (row.unconfirmed) {
    page.item("!", "This row rests on a recalled or derived statement; it is not confirmed.", 2, Ink::warning);
  }
  return page.take();
}

std::string explain_flag(const Guideline& guideline, const Flag& flag, const Dictionary& dictionary,
                         const TextStyle& style) {
  TextPage page(style);
  page.paragraph(one_line(flag.says), 0, Ink::strong);
  page.paragraph(fmt::format("{} flag {}", guideline.id, flag.id), 0, Ink::quiet);
  page.paragraph(origin(guideline), 0, Ink::quiet);
  page.heading("When");
  page.paragraph(readable_condition(flag.when_text, dictionary, &guideline), 2);
  page.paragraph(fmt::format("In the file: {}", one_line(flag.when_text)), 2, Ink::quiet);
  page.heading("Sources");
  write_sources(page, guideline, flag.cite);
  return page.take();
}

std::string catalog_text(const Catalog& catalog, const TextStyle& style) {
  TextPage page(style);
  page.heading("Schemes: guidelines that decide a case together");
  std::vector<std::vector<std::string>> rows;
  for (const Scheme& scheme : catalog.schemes) {
    rows.push_back({scheme.id, scheme.tumour, scheme.title + (scheme.is_default ? " (default)" : "")});
  }
  page.table({"scheme", "tumour", "title"}, rows);
  page.heading("Guidelines, with the numbers that a policy may change");
  for (const Guideline& g : catalog.guidelines) {
    std::size_t count = 0;
    for (const Table& table : g.tables) {
      count += table.rows.size();
    }
    page.paragraph(g.id, 2, Ink::strong);
    page.paragraph(fmt::format("{}, {} {}; rows: {}, points not confirmed: {}", g.title, g.body, g.edition, count,
                               g.unconfirmed.size()),
                   4);
    for (const Parameter& p : g.parameters) {
      page.item("•",
                fmt::format("{} = {}{}: {}", p.name, with_unit(exact_text(p.value), p.unit),
                            p.changed ? " (changed)" : "", p.meaning),
                4, Ink::quiet, Ink::quiet);
    }
  }
  return page.take();
}

}  // namespace her2
