// SPDX-License-Identifier: Apache-2.0
#include "her2/report/readable_condition.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "her2/language/data_text.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

enum class Kind : std::uint8_t { name, number, value, symbol, word };

struct Token {
  Kind kind = Kind::symbol;
  std::string text;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_value_char(char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.' || c == '/'; }

bool is_comparison(std::string_view s) {
  return s == "==" || s == "!=" || s == "<" || s == "<=" || s == ">" || s == ">=";
}

// Splits a condition; values of choices are told from numbers and names by what stands before them.
class Tokens {
 public:
  Tokens(std::string_view text, const Dictionary& dictionary) : text_(text), dictionary_(dictionary) {}

  std::vector<Token> all() {
    while (skip_blanks()) {
      next();
    }
    return std::move(tokens_);
  }

 private:
  bool skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
    return at_ < text_.size();
  }

  [[nodiscard]] bool is_choice(const Token& token) const {
    const auto fact = token.kind == Kind::name ? dictionary_.find(token.text) : std::nullopt;
    return fact && dictionary_[*fact].kind == FactKind::choice;
  }

  [[nodiscard]] bool value_is_next() const {
    if (in_braces_) {
      return tokens_.back().text == "{" || tokens_.back().text == ",";
    }
    return tokens_.size() >= 2 && is_comparison(tokens_.back().text) && is_choice(tokens_[tokens_.size() - 2]);
  }

  std::string take_while(bool (*part_of)(char)) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && part_of(text_[at_])) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  void add(Kind kind, std::string text) { tokens_.push_back({kind, std::move(text)}); }

  void next() {
    const char c = text_[at_];
    if (c == '"') {
      const std::size_t end = std::min(text_.find('"', at_ + 1), text_.size());
      add(Kind::value, std::string(text_.substr(at_ + 1, end - at_ - 1)));
      at_ = std::min(end + 1, text_.size());
    } else if (value_is_next() && is_value_char(c)) {
      add(Kind::value, take_while(is_value_char));
    } else if (is_letter(c)) {
      name_or_word(take_while([](char x) { return is_letter(x) || is_digit(x); }));
    } else if (is_digit(c)) {
      add(Kind::number, take_while([](char x) { return is_digit(x) || x == '.'; }));
    } else {
      symbol();
    }
  }

  void name_or_word(std::string text) {
    static constexpr std::array<std::string_view, 7> kWords{"and", "or", "not", "in", "is", "missing", "known"};
    const bool is_word = std::find(kWords.begin(), kWords.end(), text) != kWords.end();
    add(is_word ? Kind::word : Kind::name, std::move(text));
  }

  void symbol() {
    static constexpr std::array<std::string_view, 6> kPairs{"==", "!=", "<=", ">=", "&&", "||"};
    const std::string_view two = text_.substr(at_, 2);
    const bool is_pair = std::find(kPairs.begin(), kPairs.end(), two) != kPairs.end();
    const std::string text(is_pair ? two : text_.substr(at_, 1));
    at_ += text.size();
    if (text == "&&" || text == "||" || text == "!") {
      add(Kind::word, text == "&&" ? "and" : text == "||" ? "or" : "not");
      return;
    }
    in_braces_ = text == "{" || (in_braces_ && text != "}");
    add(Kind::symbol, text);
  }

  std::string_view text_;
  const Dictionary& dictionary_;
  std::size_t at_ = 0;
  bool in_braces_ = false;
  std::vector<Token> tokens_;
};

// Writes the tokens as words.
class Words {
 public:
  Words(std::vector<Token> tokens, const Dictionary& dictionary, const Guideline* guideline, const Table* table)
      : tokens_(std::move(tokens)), dictionary_(dictionary), guideline_(guideline), table_(table) {}

  std::string all() {
    while (at_ < tokens_.size()) {
      piece();
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is(std::size_t ahead, std::string_view text) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].text == text &&
           tokens_[at_ + ahead].kind != Kind::value;
  }
  [[nodiscard]] bool is_kind(std::size_t ahead, Kind kind) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == kind;
  }
  [[nodiscard]] const FactType* choice_at(std::size_t ahead) const {
    const auto fact = is_kind(ahead, Kind::name) ? dictionary_.find(tokens_[at_ + ahead].text) : std::nullopt;
    return fact && dictionary_[*fact].kind == FactKind::choice ? &dictionary_[*fact] : nullptr;
  }

  void put(std::string_view text) {
    if (!out_.empty() && !out_.ends_with('(')) {
      out_ += ' ';
    }
    out_ += text;
  }

  void piece() {
    const bool negated = is(0, "not") && choice_at(1) != nullptr;
    if (choice_at(negated ? 1 : 0) != nullptr && choice_test(negated)) {
      return;
    }
    if (range()) {
      return;
    }
    const Token& token = tokens_[at_];
    if (token.kind == Kind::name) {
      put(name_words(token.text));
    } else if (token.kind == Kind::number) {
      put(number_in(token.text) + unit_behind(at_));
    } else if (token.text == ")") {
      out_ += ")";
    } else {
      put(token.kind == Kind::word ? word_in(token.text) : sign(token.text));
    }
    ++at_;
  }

  // label is value | label is not value | label is one, two or three | “label”
  bool choice_test(bool negated) {
    const std::size_t subject = negated ? 1 : 0;
    const FactType& type = *choice_at(subject);
    const std::string label = fact_label(type);
    if (is_kind(subject + 1, Kind::symbol) && is_comparison(tokens_[at_ + subject + 1].text) &&
        is_kind(subject + 2, Kind::value)) {
      const std::string op = tokens_[at_ + subject + 1].text;
      if (negated && op != "==") {
        return false;
      }
      const bool equality = op == "==" || op == "!=";
      const std::string fact = label_in_text(label);
      const std::string value = value_name(type, tokens_[at_ + subject + 2].text);
      put(!equality               ? fmt::format("{} {} {}", fact, sign(op), value)
          : negated || op == "!=" ? say("condition.fact_is_not", {{"fact", fact}, {"value", value}})
                                  : say("condition.fact_is", {{"fact", fact}, {"value", value}}));
      at_ += subject + 3;
      return true;
    }
    if (is(subject + 1, "in") && is(subject + 2, "{")) {
      at_ += subject + 3;
      std::vector<std::string> values;
      for (; at_ < tokens_.size() && !is(0, "}"); ++at_) {
        if (is_kind(0, Kind::value)) {
          values.push_back(value_name(type, tokens_[at_].text));
        }
      }
      ++at_;
      const std::string fact = label_in_text(label);
      const std::string many = fmt::format("{}", fmt::join(values, ", "));
      put(negated ? say("condition.fact_is_none_of", {{"fact", fact}, {"values", many}})
          : values.size() == 2
              ? say("condition.fact_is_either", {{"fact", fact}, {"first", values[0]}, {"second", values[1]}})
              : say("condition.fact_is_one_of", {{"fact", fact}, {"values", many}}));
      return true;
    }
    if (negated) {
      return false;  // "not" stands before what comes next
    }
    if (is(1, "is")) {
      put(label_in_text(label));
      ++at_;
      return true;
    }
    put(fmt::format("“{}”", label));
    ++at_;
    return true;
  }

  // A <= x and x < B as A ≤ x < B
  bool range() {
    const bool shape = is_kind(0, Kind::number) && is_kind(1, Kind::symbol) && is_kind(2, Kind::name) && is(3, "and") &&
                       is_kind(4, Kind::name) && is_kind(5, Kind::symbol) && is_kind(6, Kind::number);
    if (!shape || tokens_[at_ + 2].text != tokens_[at_ + 4].text || !tokens_[at_ + 1].text.starts_with('<') ||
        !tokens_[at_ + 5].text.starts_with('<')) {
      return false;
    }
    put(fmt::format("{} {} {} {} {}{}", number_in(tokens_[at_].text), sign(tokens_[at_ + 1].text),
                    name_words(tokens_[at_ + 2].text), sign(tokens_[at_ + 5].text), number_in(tokens_[at_ + 6].text),
                    unit_of(tokens_[at_ + 2].text)));
    at_ += 7;
    return true;
  }

  [[nodiscard]] static std::string word_in(std::string_view word) {
    return word == "and"       ? say("condition.and")
           : word == "or"      ? say("condition.or")
           : word == "not"     ? say("condition.not")
           : word == "in"      ? say("condition.in")
           : word == "is"      ? say("condition.is")
           : word == "missing" ? say("condition.missing")
                               : say("condition.known");
  }

  [[nodiscard]] static std::string sign(std::string_view text) {
    if (text == "<=") {
      return "≤";
    }
    if (text == ">=") {
      return "≥";
    }
    if (text == "*") {
      return "×";
    }
    return text == "!=" ? "≠" : text == "==" ? "=" : std::string(text);
  }

  [[nodiscard]] const Parameter* parameter(std::string_view name) const {
    if (guideline_ == nullptr) {
      return nullptr;
    }
    const auto found = std::find_if(guideline_->parameters.begin(), guideline_->parameters.end(),
                                    [&](const Parameter& p) { return p.name == name; });
    return found == guideline_->parameters.end() ? nullptr : &*found;
  }

  [[nodiscard]] std::string name_words(const std::string& name) const {
    if (const auto fact = dictionary_.find(name)) {
      const FactType& type = dictionary_[*fact];
      const std::string label = fact_label(type);
      return type.kind == FactKind::choice ? fmt::format("“{}”", label) : label_in_text(label);
    }
    if (const Parameter* p = parameter(name)) {
      const std::string number = number_in(exact_text(p->value));
      return p->unit.empty() ? number : fmt::format("{} {}", number, p->unit);
    }
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    return fmt::format("“{}”", words);
  }

  // The unit of a number fact, or of the first fact in a named sum; with a blank before it.
  [[nodiscard]] std::string unit_of(const std::string& name) const {
    std::string fact_name = name;
    if (table_ != nullptr) {
      const auto sum =
          std::find_if(table_->sums.begin(), table_->sums.end(), [&](const auto& s) { return s.first == name; });
      if (sum != table_->sums.end()) {
        const auto* const end = std::find_if(sum->second.data(), sum->second.data() + sum->second.size(),
                                             [](char c) { return !is_letter(c) && !is_digit(c); });
        fact_name.assign(sum->second.data(), end);
      }
    }
    const auto fact = dictionary_.find(fact_name);
    if (!fact || dictionary_[*fact].unit.empty()) {
      return {};
    }
    const FactType& type = dictionary_[*fact];
    return type.label.find(type.unit) == std::string::npos ? " " + type.unit : "";
  }

  // The unit of what a limit is compared with. A number that is a factor, or part of a sum, or has a number on the
  // other side of the next comparison that will carry the unit, has none.
  [[nodiscard]] std::string unit_behind(std::size_t number) const {
    const auto symbol = [&](std::size_t at) {
      return at < tokens_.size() && tokens_[at].kind == Kind::symbol && is_comparison(tokens_[at].text);
    };
    if (number > 0 && symbol(number - 1)) {
      for (std::size_t back = number - 1; back-- > 0;) {
        if (tokens_[back].kind == Kind::name) {
          return unit_of(tokens_[back].text);
        }
        if (tokens_[back].kind == Kind::word) {
          break;
        }
      }
    }
    return {};
  }

  std::vector<Token> tokens_;
  const Dictionary& dictionary_;
  const Guideline* guideline_;
  const Table* table_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string label_in_text(const std::string& label) {
  return label.find(',') == std::string::npos ? label : fmt::format("“{}”", label);
}

std::string readable_condition(std::string_view when, const Dictionary& dictionary, const Guideline* guideline,
                               const Table* table) {
  return Words(Tokens(when, dictionary).all(), dictionary, guideline, table).all();
}

}  // namespace her2
