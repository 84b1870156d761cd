// SPDX-License-Identifier: Apache-2.0
#include "her2/report/guideline_document.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/document.h"
#include "her2/report/guideline_words.h"
#include "her2/report/readable_condition.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

std::string keys(const std::vector<std::string>& cite) { return fmt::format("{}", fmt::join(cite, ", ")); }

std::string type_words(const FactType& type) {
  switch (type.kind) {
    case FactKind::choice: {
      std::vector<std::string> values;
      for (const std::string& value : type.values) {
        values.push_back(value_name(type, value));
      }
      return fmt::format("{}", fmt::join(values, " | "));
    }
    case FactKind::quotient: return say("guidelines.quotient");
    case FactKind::number: break;
  }
  return type.unit.empty() ? say("guidelines.number") : type.unit;
}

std::string then_words(const Row& row, const Dictionary& dictionary) {
  std::vector<std::string> parts;
  for (const auto& [fact, value] : row.then) {
    const FactType& type = dictionary[fact];
    parts.push_back(fmt::format("{}: {}", fact_label(type), value_name(type, type.values[value])));
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
      out_.section(2, say("guidelines.not_confirmed"), "unconfirmed");
      out_.list(guideline_unconfirmed(guideline_));
    }
    parameters();
    for (const Table& t : guideline_.tables) {
      table(t);
    }
    flags();
    sources();
    out_.section(2, say("guidelines.file"), "file");
    out_.paragraph(say("guidelines.file_and_hash", {{"file", guideline_.id + ".toml"}, {"hash", guideline_.hash}}));
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
    out_.title = guideline_title(guideline_);
    out_.subtitle = say("guidelines.subtitle", {{"body", guideline_.body},
                                                {"edition", guideline_.edition},
                                                {"tumour", guideline_.tumour},
                                                {"id", guideline_.id}});
    if (!guideline_.summary.empty()) {
      out_.section(2, say("guidelines.summary"), "summary");
      out_.paragraph(one_line(guideline_summary(guideline_)));
    }
    if (!guideline_.based_on.empty()) {
      out_.section(2, say("guidelines.based_on"), "based-on");
      out_.paragraph(say("guidelines.takes_over_the_tables", {{"guideline", guideline_.based_on}}));
    }
  }

  void parameters() {
    if (guideline_.parameters.empty()) {
      return;
    }
    out_.section(2, say("guidelines.parameters"), "parameters");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {say("guidelines.name"), say("guidelines.value"), say("guidelines.meaning"), say("guidelines.source")};
    for (const Parameter& p : guideline_.parameters) {
      const std::string value = with_unit(number_in(exact_text(p.value)), p.unit);
      block.rows.push_back({{p.name},
                            {p.changed ? say("guidelines.value_changed", {{"value", value}}) : value},
                            {parameter_meaning(guideline_, p)},
                            {keys(p.cite)}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void table(const Table& t) {
    out_.section(2, table_title(guideline_, t), "table-" + t.name);
    std::vector<std::string> gives;
    for (const FactId fact : t.gives) {
      gives.push_back(fact_label(dictionary_[fact]));
    }
    out_.quiet(say("guidelines.table_gives", {{"table", t.name}, {"facts", listed(gives, "and")}}));
    if (t.enter) {
      out_.paragraph(say("guidelines.applies_where", {{"condition", words(t.enter_text, &t)}}));
    }
    inputs(t);
    for (const auto& [name, text] : t.sums) {
      std::string title = name;
      std::replace(title.begin(), title.end(), '_', ' ');
      out_.paragraph(say("guidelines.sum_is", {{"sum", title}, {"condition", words(text, &t)}}));
    }
    for (const std::string& space : t.space_text) {
      out_.paragraph(say("guidelines.by_definition", {{"condition", words(space, &t)}}));
    }
    out_.section(3, say("guidelines.rows"), {});
    rows(t);
  }

  void inputs(const Table& t) {
    out_.section(3, say("guidelines.inputs"), {});
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {say("guidelines.fact"), say("guidelines.name"), say("guidelines.values_or_unit"),
                  say("guidelines.may_be_missing")};
    for (const FactId fact : t.inputs) {
      const FactType& type = dictionary_[fact];
      block.rows.push_back({{fact_label(type)},
                            {type.name},
                            {type_words(type)},
                            {t.is_required(fact) ? say("guidelines.no") : say("guidelines.yes")}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void rows(const Table& t) {
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {say("guidelines.row"),  say("guidelines.when"),   say("guidelines.then"),
                  say("guidelines.next"), say("guidelines.report"), say("guidelines.source")};
    for (const Row& row : t.rows) {
      const auto optional = [](const std::string& text) {
        return text.empty() ? DocumentBlock::Cell{} : DocumentBlock::Cell{one_line(text)};
      };
      DocumentBlock::Cell source{keys(row.cite)};
      if (row.unconfirmed) {
        source.push_back(say("guidelines.unconfirmed"));
      }
      block.rows.push_back({{row.id},
                            {words(row.when_text, &t)},
                            {then_words(row, dictionary_)},
                            optional(row_action(guideline_, t, row)),
                            optional(row_comment(guideline_, t, row)),
                            std::move(source)});
    }
    out_.blocks.push_back(std::move(block));
  }

  void flags() {
    if (guideline_.flags.empty()) {
      return;
    }
    out_.section(2, say("guidelines.flags"), "flags");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {say("guidelines.flag"), say("guidelines.when"), say("guidelines.says"), say("guidelines.source")};
    for (const Flag& flag : guideline_.flags) {
      block.rows.push_back(
          {{flag.id}, {words(flag.when_text, nullptr)}, {one_line(flag_says(guideline_, flag))}, {keys(flag.cite)}});
    }
    out_.blocks.push_back(std::move(block));
  }

  void sources() {
    out_.section(2, say("guidelines.sources"), "sources");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::table;
    block.head = {say("guidelines.key"), say("guidelines.source")};
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
  return say("guidelines.origin",
             {{"title", guideline_title(guideline)}, {"body", guideline.body}, {"edition", guideline.edition}});
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
  page.paragraph(
      say("guidelines.origin_and_table", {{"origin", origin(guideline)}, {"table", table_title(guideline, table)}}), 0,
      Ink::quiet);
  page.heading(say("guidelines.when"));
  page.paragraph(readable_condition(row.when_text, dictionary, &guideline, &table), 2);
  for (const auto& [name, text] : table.sums) {
    if (row.when_text.find(name) != std::string::npos) {
      std::string title = name;
      std::replace(title.begin(), title.end(), '_', ' ');
      page.item("•",
                say("guidelines.sum_is_item",
                    {{"sum", title}, {"condition", readable_condition(text, dictionary, &guideline, &table)}}),
                4, Ink::quiet, Ink::quiet);
    }
  }
  page.paragraph(say("guidelines.in_the_file", {{"condition", one_line(row.when_text)}}), 2, Ink::quiet);
  if (table.enter) {
    page.paragraph(say("guidelines.the_table_applies_where",
                       {{"condition", readable_condition(table.enter_text, dictionary, &guideline, &table)}}),
                   2, Ink::quiet);
  }
  if (!row.action.empty()) {
    page.heading(say("guidelines.required_next"));
    page.paragraph(one_line(row_action(guideline, table, row)), 2);
  }
  if (!row.comment.empty()) {
    page.heading(say("guidelines.for_the_report"));
    page.paragraph(one_line(row_comment(guideline, table, row)), 2);
  }
  page.heading(say("guidelines.sources"));
  write_sources(page, guideline, row.cite);
  if (row.unconfirmed) {
    page.item("!", say("guidelines.row_unconfirmed"), 2, Ink::warning);
  }
  return page.take();
}

std::string explain_flag(const Guideline& guideline, const Flag& flag, const Dictionary& dictionary,
                         const TextStyle& style) {
  TextPage page(style);
  page.paragraph(one_line(flag_says(guideline, flag)), 0, Ink::strong);
  page.paragraph(say("guidelines.flag_of", {{"guideline", guideline.id}, {"flag", flag.id}}), 0, Ink::quiet);
  page.paragraph(origin(guideline), 0, Ink::quiet);
  page.heading(say("guidelines.when"));
  page.paragraph(readable_condition(flag.when_text, dictionary, &guideline), 2);
  page.paragraph(say("guidelines.in_the_file", {{"condition", one_line(flag.when_text)}}), 2, Ink::quiet);
  page.heading(say("guidelines.sources"));
  write_sources(page, guideline, flag.cite);
  return page.take();
}

std::string catalog_text(const Catalog& catalog, const TextStyle& style) {
  TextPage page(style);
  page.heading(say("guidelines.schemes"));
  std::vector<std::vector<std::string>> rows;
  for (const Scheme& scheme : catalog.schemes) {
    const std::string title = scheme_title(scheme);
    rows.push_back(
        {scheme.id, scheme.tumour, scheme.is_default ? say("guidelines.scheme_default", {{"title", title}}) : title});
  }
  page.table({say("guidelines.scheme"), say("guidelines.tumour"), say("guidelines.title")}, rows);
  page.heading(say("guidelines.guidelines_with_numbers"));
  for (const Guideline& g : catalog.guidelines) {
    std::size_t count = 0;
    for (const Table& table : g.tables) {
      count += table.rows.size();
    }
    page.paragraph(g.id, 2, Ink::strong);
    page.paragraph(say("guidelines.guideline_line", {{"title", guideline_title(g)},
                                                     {"body", g.body},
                                                     {"edition", g.edition},
                                                     {"rows", count},
                                                     {"points", g.unconfirmed.size()}}),
                   4);
    for (const Parameter& p : g.parameters) {
      const std::string value = with_unit(number_in(exact_text(p.value)), p.unit), meaning = parameter_meaning(g, p);
      page.item(
          "•",
          p.changed
              ? say("guidelines.parameter_line_changed", {{"name", p.name}, {"value", value}, {"meaning", meaning}})
              : say("guidelines.parameter_line", {{"name", p.name}, {"value", value}, {"meaning", meaning}}),
          4, Ink::quiet, Ink::quiet);
    }
  }
  return page.take();
}

}  // namespace her2
