// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/dmn.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace her2 {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// Names of decisions and elements: letters, digits and underscores only.
std::string name_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  }
  return out;
}

class Writer {
 public:
  Writer(const Dictionary& dictionary, const Guideline& guideline) : dictionary_(dictionary), guideline_(guideline) {
    for (const Table& table : guideline.tables) {
      for (const FactId fact : table.gives) {
        givers_[fact].push_back(&table);
      }
      read_.insert(table.inputs.begin(), table.inputs.end());
    }
  }

  std::string run() {
    out_ = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"{0}\" name=\"{1}\"\n"
        "    namespace=\"urn:her2:guideline:{2}\">\n"
        "  <description>{3}</description>\n",
        name_of(guideline_.id), escaped(guideline_.title), escaped(guideline_.id),
        escaped(fmt::format("{} {}. SHA-256 of the source {}. For research use only.", guideline_.body,
                            guideline_.edition, guideline_.hash)));
    for (const FactId fact : read_) {
      if (!givers_.contains(fact)) {
        write_input(dictionary_[fact].name, dictionary_[fact]);
      }
    }
    for (const auto& [fact, tables] : givers_) {
      write_input("recorded_" + dictionary_[fact].name, dictionary_[fact]);
    }
    for (const Table& table : guideline_.tables) {
      write_table(table);
    }
    for (const auto& [fact, tables] : givers_) {
      write_fact(fact, tables);
    }
    return out_ + "</definitions>\n";
  }

 private:
  static const char* type_of(const FactType& type) { return type.kind == FactKind::choice ? "string" : "number"; }

  void write_input(const std::string& name, const FactType& type) {
    out_ += fmt::format(
        "  <inputData id=\"input_{0}\" name=\"{0}\">\n"
        "    <description>{1}</description>\n"
        "    <variable name=\"{0}\" typeRef=\"{2}\"/>\n  </inputData>\n",
        name, escaped(type.unit.empty() ? type.label : fmt::format("{}, {}", type.label, type.unit)), type_of(type));
  }

  // The name under which a table reads a fact. A table that reads what it gives asks for what is recorded.
  std::string variable(FactId fact) const {
    const bool own = std::find(current_->gives.begin(), current_->gives.end(), fact) != current_->gives.end();
    return own ? "recorded_" + dictionary_[fact].name : dictionary_[fact].name;
  }

  void require(const std::string& element, bool decision) {
    out_ += fmt::format(
        "    <informationRequirement id=\"need_{}_{}\"><required{} href=\"#{}\"/></informationRequirement>\n",
        ++requirements_, name_of(element), decision ? "Decision" : "Input", element);
  }

  std::string feel(const Condition& condition) const {
    switch (condition.op) {
      case Condition::Op::all: return joined(condition.parts, " and ", "true");
      case Condition::Op::any: return joined(condition.parts, " or ", "false");
      case Condition::Op::choice: {
        const FactType& type = dictionary_[condition.fact];
        std::vector<std::string> ways;
        for (unsigned value = 0; value < type.values.size(); ++value) {
          if ((condition.mask >> value & 1U) != 0) {
            ways.push_back(fmt::format("{} = \"{}\"", variable(condition.fact), type.values[value]));
          }
        }
        if ((condition.mask & kMissingBit) != 0) {
          ways.push_back(variable(condition.fact) + " = null");
        }
        return ways.empty() ? "false" : fmt::format("({})", fmt::join(ways, " or "));
      }
      case Condition::Op::presence:
        return fmt::format("{} {} null", variable(condition.fact), condition.mask == kMissingBit ? "=" : "!=");
      case Condition::Op::linear: return linear(condition);
      case Condition::Op::quotient: return feel(expand_quotient(condition, dictionary_));
    }
    return "false";
  }

  std::string joined(const std::vector<Condition>& parts, const char* word, const char* none) const {
    std::vector<std::string> out;
    for (const Condition& part : parts) {
      out.push_back(feel(part));
    }
    return out.empty() ? none : fmt::format("({})", fmt::join(out, word));
  }

  // In whole coefficients, and false where a number is missing.
  std::string linear(const Condition& condition) const {
    boost::multiprecision::cpp_int scale = denominator(condition.form.constant);
    for (const auto& [fact, coefficient] : condition.form.terms) {
      scale = lcm(scale, denominator(coefficient));
    }
    std::vector<std::string> there, left, right;
    const auto add = [&](const Rational& by, const std::string& name) {
      const Rational whole = by * Rational(scale);
      const Rational size = whole < 0 ? Rational(-whole) : whole;
      const std::string text = name.empty() ? exact_text(size)
                               : size == 1  ? name
                                            : fmt::format("{} * {}", exact_text(size), name);
      (whole < 0 ? right : left).push_back(text);
    };
    for (const auto& [fact, coefficient] : condition.form.terms) {
      there.push_back(variable(fact) + " != null");
      add(coefficient, variable(fact));
    }
    if (condition.form.constant != 0) {
      add(condition.form.constant, "");
    }
    const auto sum = [](const std::vector<std::string>& terms) {
      return terms.empty() ? std::string("0") : fmt::format("{}", fmt::join(terms, " + "));
    };
    const char* sign = condition.relation == Relation::less         ? "<"
                       : condition.relation == Relation::less_equal ? "<="
                                                                    : "=";
    return fmt::format("(if {} then {} {} {} else false)", fmt::join(there, " and "), sum(left), sign, sum(right));
  }

  // Where the table is entered: all required inputs are there, and `enter` is met. "open": only some are there.
  std::pair<std::string, std::string> entrance(const Table& table) const {
    std::vector<std::string> there, missing;
    for (const FactId input : table.inputs) {
      if (table.is_required(input)) {
        there.push_back(variable(input) + " != null");
        missing.push_back(variable(input) + " = null");
      }
    }
    const std::string enter = table.enter ? feel(*table.enter) : "true";
    const std::string all = there.empty() ? "true" : fmt::format("{}", fmt::join(there, " and "));
    const std::string none = missing.empty() ? "false" : fmt::format("{}", fmt::join(missing, " and "));
    return {fmt::format("({} and {})", enter, all), fmt::format("(not({}) or {})", enter, none)};
  }

  void write_table(const Table& table) {
    current_ = &table;
    const std::string id = "row_" + name_of(table.name);
    out_ += fmt::format(
        "  <decision id=\"{0}\" name=\"{0}\">\n    <description>{1}</description>\n"
        "    <variable name=\"{0}\" typeRef=\"string\"/>\n",
        id, escaped(table.title));
    for (const FactId input : table.inputs) {
      const bool own = std::find(table.gives.begin(), table.gives.end(), input) != table.gives.end();
      const bool given = givers_.contains(input) && !own;
      require(given ? "fact_" + dictionary_[input].name
                    : "input_" + (own ? "recorded_" : std::string()) + dictionary_[input].name,
              given);
    }
    out_ += fmt::format("    <decisionTable id=\"table_{}\" hitPolicy=\"UNIQUE\">\n", name_of(table.name));
    const auto [inside, outside] = entrance(table);
    std::vector<std::string> columns{outside, fmt::format("not({}) and not({})", inside, outside)};
    std::vector<std::string> labels{"not entered", "only some of the required facts"}, results{"not-entered", "open"};
    for (const Row& row : table.rows) {
      columns.push_back(fmt::format("{} and {}", inside, feel(row.when)));
      labels.push_back(row.when_text);
      results.push_back(row.id);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out_ += fmt::format(
          "      <input id=\"{0}_in_{1}\" label=\"{2}\"><inputExpression id=\"{0}_ask_{1}\" typeRef=\"boolean\">"
          "<text>{3}</text></inputExpression></input>\n",
          id, i, escaped(labels[i]), escaped(columns[i]));
    }
    out_ += fmt::format("      <output id=\"{0}_out\" name=\"{0}\" typeRef=\"string\"/>\n", id);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out_ += fmt::format("      <rule id=\"{}_rule_{}\">", id, i);
      if (i >= 2) {
        out_ += fmt::format("<description>{}</description>", escaped(described(table.rows[i - 2])));
      }
      for (std::size_t j = 0; j < columns.size(); ++j) {
        out_ +=
            fmt::format("<inputEntry id=\"{}_r{}_{}\"><text>{}</text></inputEntry>", id, i, j, i == j ? "true" : "");
      }
      out_ += fmt::format("<outputEntry id=\"{}_o{}\"><text>\"{}\"</text></outputEntry></rule>\n", id, i,
                          escaped(results[i]));
    }
    out_ += "    </decisionTable>\n  </decision>\n";
  }

  static std::string described(const Row& row) {
    std::string out = row.comment;
    out += row.action.empty() ? "" : fmt::format("{}Next: {}", out.empty() ? "" : " ", row.action);
    return out + fmt::format("{}[{}]{}", out.empty() ? "" : " ", fmt::join(row.cite, ", "),
                             row.unconfirmed ? " (unconfirmed)" : "");
  }

  // What is recorded, else what the first table gives that was entered.
  void write_fact(FactId fact, const std::vector<const Table*>& tables) {
    const FactType& type = dictionary_[fact];
    out_ += fmt::format(
        "  <decision id=\"fact_{0}\" name=\"{0}\">\n    <description>{1}</description>\n"
        "    <variable name=\"{0}\" typeRef=\"string\"/>\n",
        type.name, escaped(type.label));
    require("input_recorded_" + type.name, false);
    std::string chain = fmt::format("if recorded_{0} != null then recorded_{0}", type.name);
    for (const Table* table : tables) {
      require("row_" + name_of(table->name), true);
      std::map<unsigned, std::vector<std::string>> rows;
      for (const Row& row : table->rows) {
        for (const auto& [given, value] : row.then) {
          if (given == fact) {
            rows[value].push_back(fmt::format("row_{} = \"{}\"", name_of(table->name), row.id));
          }
        }
      }
      for (const auto& [value, ways] : rows) {
        chain += fmt::format(" else if {} then \"{}\"", fmt::join(ways, " or "), type.values[value]);
      }
    }
    out_ += fmt::format(
        "    <literalExpression id=\"give_{}\"><text>{} else null</text></literalExpression>\n  </decision>\n",
        type.name, escaped(chain));
  }

  const Dictionary& dictionary_;
  const Guideline& guideline_;
  std::map<FactId, std::vector<const Table*>> givers_;
  std::set<FactId> read_;
  const Table* current_ = nullptr;
  std::string out_;
  int requirements_ = 0;
};

}  // namespace

std::string dmn(const Dictionary& dictionary, const Guideline& guideline) {
  return Writer(dictionary, guideline).run();
}

}  // namespace her2
