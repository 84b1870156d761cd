// SPDX-License-Identifier: Apache-2.0
#include "her2/report/guideline_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/care/said.h"
#include "her2/language/data_text.h"

namespace her2 {
namespace {

std::string row_part(const Table& table, const Row& row) { return fmt::format("{}/{}", table.name, row.id); }
std::string parameter_part(const Parameter& parameter) { return "parameter/" + parameter.name; }

std::string option_key(const Option& option, std::string_view what) {
  return fmt::format("option.{}.{}", option.id, what);
}
std::string option_key(const Option& option, std::string_view what, std::size_t index) {
  return fmt::format("option.{}.{}.{}", option.id, what, index + 1);
}

// Collects keys with their English; texts without a letter are none.
class Collector {
 public:
  void add(std::string key, const std::string& text) {
    const bool known = std::any_of(out_.begin(), out_.end(), [&](const auto& one) { return one.first == key; });
    if (!text.empty() && !known) {
      out_.emplace_back(std::move(key), text);
    }
  }
  DataTexts take() { return std::move(out_); }

 private:
  DataTexts out_;
};

}  // namespace

std::string guideline_title(const Guideline& guideline) {
  return guideline_said(guideline, {}, "title", guideline.title);
}

std::string guideline_summary(const Guideline& guideline) {
  return guideline_said(guideline, {}, "summary", guideline.summary);
}

std::vector<std::string> guideline_unconfirmed(const Guideline& guideline) {
  std::vector<std::string> out;
  for (const std::string& point : guideline.unconfirmed) {
    out.push_back(guideline_said(guideline, "unconfirmed", std::to_string(out.size() + 1), point));
  }
  return out;
}

std::string table_title(const Guideline& guideline, const Table& table) {
  return guideline_said(guideline, table.name, "title", table.title);
}

std::string row_action(const Guideline& guideline, const Table& table, const Row& row) {
  return guideline_said(guideline, row_part(table, row), "action", row.action);
}

std::string row_comment(const Guideline& guideline, const Table& table, const Row& row) {
  return guideline_said(guideline, row_part(table, row), "comment", row.comment);
}

std::string parameter_meaning(const Guideline& guideline, const Parameter& parameter) {
  return guideline_said(guideline, parameter_part(parameter), "meaning", parameter.meaning);
}

std::string scheme_title(const Scheme& scheme) {
  return data_text(fmt::format("scheme.{}.title", scheme.id), scheme.title);
}

std::string option_name(const Option& option) { return data_text(option_key(option, "name"), option.name); }
std::string option_intended_for(const Option& option) {
  return data_text(option_key(option, "intended_for"), option.intended_for);
}
std::string option_setting(const Option& option) { return data_text(option_key(option, "setting"), option.setting); }
std::string option_indication(const Option& option) {
  return data_text(option_key(option, "indication"), option.indication);
}
std::string option_regimen(const Option& option) { return data_text(option_key(option, "regimen"), option.regimen); }

std::vector<std::string> option_results(const Option& option) {
  std::vector<std::string> out;
  for (const std::string& result : option.results) {
    out.push_back(data_text(option_key(option, "result", out.size()), result));
  }
  return out;
}

std::string remark_says(const Option& option, const Remark& remark) {
  const auto index = static_cast<std::size_t>(&remark - option.remarks.data());
  return data_text(option_key(option, "remark", index), remark.says);
}

std::string label_says(const Option& option, const OptionLabel& label) {
  const auto index = static_cast<std::size_t>(&label - option.labels.data());
  return data_text(option_key(option, "label", index), label.says);
}

std::string option_file_title(const OptionFile& file) {
  return data_text(fmt::format("option.file/{}.title", file.id), file.title);
}

DataTexts data_texts(const Dictionary& dictionary) {
  Collector out;
  for (std::size_t id = 0; id < dictionary.size(); ++id) {
    const FactType& type = dictionary[static_cast<FactId>(id)];
    out.add(fmt::format("fact.{}.label", type.name), type.label);
    for (const std::string& value : type.values) {
      out.add(fmt::format("value.{}.{}", type.name, value), value);
    }
  }
  return out.take();
}

DataTexts data_texts(const Guideline& guideline) {
  Collector out;
  const std::string& id = guideline.id;
  out.add(guideline_key(id, {}, "title"), guideline.title);
  out.add(guideline_key(id, {}, "summary"), guideline.summary);
  for (std::size_t i = 0; i < guideline.unconfirmed.size(); ++i) {
    out.add(guideline_key(id, "unconfirmed", std::to_string(i + 1)), guideline.unconfirmed[i]);
  }
  for (const Parameter& parameter : guideline.parameters) {
    out.add(guideline_key(id, parameter_part(parameter), "meaning"), parameter.meaning);
  }
  for (const Table& table : guideline.tables) {
    out.add(guideline_key(id, table.name, "title"), table.title);
    for (const Row& row : table.rows) {
      out.add(guideline_key(id, row_part(table, row), "action"), row.action);
      out.add(guideline_key(id, row_part(table, row), "comment"), row.comment);
    }
  }
  for (const Flag& flag : guideline.flags) {
    out.add(guideline_key(id, flag_part(flag), "says"), flag.says);
  }
  return out.take();
}

DataTexts data_texts(const Scheme& scheme) {
  Collector out;
  out.add(fmt::format("scheme.{}.title", scheme.id), scheme.title);
  return out.take();
}

DataTexts data_texts(const OptionFile& file) {
  Collector out;
  out.add(fmt::format("option.file/{}.title", file.id), file.title);
  for (const Option& option : file.options) {
    out.add(option_key(option, "name"), option.name);
    out.add(option_key(option, "intended_for"), option.intended_for);
    out.add(option_key(option, "setting"), option.setting);
    out.add(option_key(option, "indication"), option.indication);
    out.add(option_key(option, "regimen"), option.regimen);
    for (std::size_t i = 0; i < option.results.size(); ++i) {
      out.add(option_key(option, "result", i), option.results[i]);
    }
    for (std::size_t i = 0; i < option.labels.size(); ++i) {
      out.add(option_key(option, "label", i), option.labels[i].says);
    }
    for (std::size_t i = 0; i < option.remarks.size(); ++i) {
      out.add(option_key(option, "remark", i), option.remarks[i].says);
    }
  }
  return out.take();
}

}  // namespace her2
