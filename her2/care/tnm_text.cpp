// SPDX-License-Identifier: Apache-2.0
#include "her2/care/tnm_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

using Values = std::vector<std::string>;

// What may stand behind the letter, the longest first, and the values that it means.
struct Word {
  std::string_view text;
  Values values;
};
const std::array<Word, 15>& t_words() {
  static const std::array<Word, 15> kWords{{{"1mi", {"1mi"}},
                                            {"is", {"is"}},
                                            {"1a", {"1a"}},
                                            {"1b", {"1b"}},
                                            {"1c", {"1c"}},
                                            {"4a", {"4"}},
                                            {"4b", {"4"}},
                                            {"4c", {"4"}},
                                            {"4d", {"4"}},
                                            {"x", {}},
                                            {"0", {"0"}},
                                            {"1", {"1mi", "1a", "1b", "1c"}},
                                            {"2", {"2"}},
                                            {"3", {"3"}},
                                            {"4", {"4"}}}};
  return kWords;
}
const std::array<Word, 14>& n_words() {
  static const std::array<Word, 14> kWords{{{"1mi", {"1mi"}},
                                            {"1a", {"1"}},
                                            {"1b", {"1"}},
                                            {"1c", {"1"}},
                                            {"2a", {"2"}},
                                            {"2b", {"2"}},
                                            {"3a", {"3"}},
                                            {"3b", {"3"}},
                                            {"3c", {"3"}},
                                            {"x", {}},
                                            {"0", {"0"}},
                                            {"1", {"1"}},
                                            {"2", {"2"}},
                                            {"3", {"3"}}}};
  return kWords;
}
const std::array<Word, 3>& m_words() {
  static const std::array<Word, 3> kWords{{{"x", {}}, {"0", {"0"}}, {"1", {"1"}}}};
  return kWords;
}

constexpr std::array<std::string_view, 10> kPrefixes{"", "c", "p", "yc", "yp", "mc", "mp", "m", "myp", "myc"};
constexpr std::size_t kLongest = 512;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<TnmText> read() {
    if (text_.size() > kLongest) {
      return fail(fmt::format("the text is longer than {} bytes", kLongest));
    }
    for (skip(); at_ < text_.size(); skip()) {
      if (auto read = category(); !read) {
        return tl::unexpected(read.error());
      }
    }
    if (out_.categories.empty()) {
      return fail("there is no T, N or M in it; expected such as \"pT1c pN0 M0\"");
    }
    carry_prefix();
    return std::move(out_);
  }

 private:
  [[nodiscard]] char next(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? lower(text_[at_ + ahead]) : '\0';
  }
  void skip() {
    while (at_ < text_.size() && std::string_view(" \t\r\n,;.").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }
  [[nodiscard]] tl::unexpected<Error> wrong(std::size_t from, std::string_view expected) const {
    const auto end = text_.find_first_of(" ,;", from);
    return fail(fmt::format("{} is not {}", in_quotes(text_.substr(from, end - from)), expected),
                fmt::format("character {}", from + 1));
  }

  Result<void> category() {
    const std::size_t from = at_;
    TnmCategory now;
    std::string prefix;
    // 'm' is a prefix where letters follow, the category where a digit or X does
    while (std::string_view("cpyram").find(next()) != std::string_view::npos && next() != '\0' &&
           !(next() == 'm' && (next(1) == '0' || next(1) == '1' || next(1) == 'x'))) {
      prefix += next();
      ++at_;
    }
    now.letter = static_cast<char>(next() >= 'a' && next() <= 'z' ? next() - 32 : next());
    if (now.letter != 'T' && now.letter != 'N' && now.letter != 'M') {
      return wrong(from, "a T, N or M category");
    }
    ++at_;
    if (prefix.find('r') != std::string::npos || prefix.find('a') != std::string::npos) {
      return wrong(from, "staged here: r is a recurrence and a an autopsy");
    }
    if (std::find(kPrefixes.begin(), kPrefixes.end(), prefix) == kPrefixes.end()) {
      return wrong(from, "a category with a known prefix; expected c, p, yc or yp");
    }
    if (prefix.starts_with('m')) {
      prefix.erase(0, 1);
      now.suffixes.emplace_back("m");
    }
    now.prefix = prefix;
    if (!values(now) || runs_on()) {
      return wrong(from, now.letter == 'T' ? "a T category; expected TX, T0, Tis, T1 (mi, a, b, c), T2, T3, T4 (a to d)"
                         : now.letter == 'N'
                             ? "an N category; expected NX, N0, N1 (mi, a, b, c), N2 (a, b), N3 (a, b, c)"
                             : "an M category; expected M0 or M1");
    }
    if (auto read = suffixes(now); !read) {
      return read;
    }
    now.written = std::string(trimmed(text_.substr(from, at_ - from)));
    return add(std::move(now));
  }

  // A category must end here: "T1d", "N1x" and "T11" do not; in "T2N1" and "T2pN1" the next one begins.
  [[nodiscard]] bool runs_on() const {
    const char c = next();
    const bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
    return digit || (letter && std::string_view("tnmcpy").find(c) == std::string_view::npos);
  }

  // One of the words, or several with '/', '-' or '|' between.
  bool values(TnmCategory& now) {
    bool more = true;
    bool range = false;
    while (more) {
      const Values* found = word(now);
      if (found == nullptr) {
        return false;
      }
      if (range && !now.values.empty() && !found->empty()) {
        fill(now, found->back());
      }
      for (const auto& value : *found) {
        if (std::find(now.values.begin(), now.values.end(), value) == now.values.end()) {
          now.values.push_back(value);
        }
      }
      const bool joined = next() == '/' || next() == '-' || next() == '|';
      range = next() == '-';
      more = joined && starts_word(now, 1);
      at_ += more ? 1 : 0;
    }
    return true;
  }

  template <std::size_t N>
  const Word* match(const std::array<Word, N>& words, std::size_t ahead) const {
    for (const Word& one : words) {
      if (equal_ignoring_case(text_.substr(std::min(at_ + ahead, text_.size()), one.text.size()), one.text)) {
        return &one;
      }
    }
    return nullptr;
  }
  [[nodiscard]] const Word* match_of(char letter, std::size_t ahead) const {
    return letter == 'T' ? match(t_words(), ahead) : letter == 'N' ? match(n_words(), ahead) : match(m_words(), ahead);
  }
  [[nodiscard]] bool starts_word(const TnmCategory& now, std::size_t ahead) const {
    return match_of(now.letter, ahead) != nullptr;
  }
  const Values* word(TnmCategory& now) {
    const Word* found = match_of(now.letter, 0);
    if (found == nullptr) {
      return nullptr;
    }
    now.inflammatory = now.letter == 'T' && found->text == "4d";
    at_ += found->text.size();
    return &found->values;
  }

  // "T1c-3": also what lies between.
  static void fill(TnmCategory& now, const std::string& last) {
    static const Values kT{"0", "is", "1mi", "1a", "1b", "1c", "2", "3", "4"}, kN{"0", "1mi", "1", "2", "3"},
        kM{"0", "1"};
    const Values& order = now.letter == 'T' ? kT : now.letter == 'N' ? kN : kM;
    const auto from = std::find(order.begin(), order.end(), now.values.back());
    const auto to = std::find(order.begin(), order.end(), last);
    for (auto it = from; it < to; ++it) {
      if (std::find(now.values.begin(), now.values.end(), *it) == now.values.end()) {
        now.values.push_back(*it);
      }
    }
  }

  Result<void> suffixes(TnmCategory& now) {
    for (;;) {
      const std::size_t before = at_;
      while (next() == ' ') {
        ++at_;
      }
      if (next() != '(') {
        at_ = before;
        return {};
      }
      const auto close = text_.find(')', at_);
      if (close == std::string_view::npos) {
        return wrong(at_, "closed: a ')' is missing");
      }
      const std::string inside = lowered(trimmed(text_.substr(at_ + 1, close - at_ - 1)));
      if (!suffix(now, inside)) {
        return wrong(at_,
                     "known behind this category; expected (m), (sn), (f), (i+), (i-), (mol+), (DCIS), (Paget) or "
                     "nodes as (2/15)");
      }
      at_ = close + 1;
    }
  }

  static bool suffix(TnmCategory& now, const std::string& inside) {
    static constexpr std::array<std::string_view, 4> kT{"m", "dcis", "paget", "s"};
    static constexpr std::array<std::string_view, 6> kN{"sn", "f", "i+", "i-", "mol+", "mol-"};
    static constexpr std::array<std::string_view, 2> kM{"i+", "i-"};
    const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), inside) != list.end(); };
    if (now.letter == 'T' ? in(kT) : now.letter == 'N' ? in(kN) : in(kM)) {
      now.suffixes.push_back(inside);
      return true;
    }
    int first = 0, second = 0;
    const char* end = inside.data() + inside.size();
    const auto one = std::from_chars(inside.data(), end, first);
    if (one.ec != std::errc() || first < 0) {
      return false;
    }
    if (now.letter == 'T') {
      now.suffixes.emplace_back("m");
      return one.ptr == end;  // number of foci
    }
    if (now.letter != 'N' || one.ptr == end || *one.ptr != '/') {
      return false;
    }
    const auto two = std::from_chars(one.ptr + 1, end, second);
    if (two.ec != std::errc() || two.ptr != end || first > second || second > 200) {
      return false;
    }
    now.positive = first;
    now.examined = second;
    return true;
  }

  Result<void> add(TnmCategory now) {
    if (now.letter == 'M' && now.prefix == "p" && now.values == Values{"0"}) {
      out_.remarks.push_back(fmt::format("{}: pM0 does not exist; read as M0", now.written));
    }
    if (now.letter == 'M' && now.values.empty()) {
      out_.remarks.push_back(fmt::format("{}: the 8th edition has no MX; M is taken as not known", now.written));
    }
    for (const auto& other : out_.categories) {
      const bool same_kind = now.letter == other.letter && (now.letter == 'M' || now.prefix == other.prefix);
      if (same_kind && other.values != now.values) {
        return fail(fmt::format("{} and {} contradict each other", in_quotes(other.written), in_quotes(now.written)));
      }
    }
    out_.categories.push_back(std::move(now));
    return {};
  }

  // "pT1c N0": the prefix of T holds for an N without one.
  void carry_prefix() {
    std::string of_t;
    for (auto& category : out_.categories) {
      if (category.letter == 'T') {
        of_t = category.prefix;
      } else if (category.letter == 'N' && category.prefix.empty() && !of_t.empty()) {
        const bool own = std::any_of(out_.categories.begin(), out_.categories.end(),
                                     [&](const auto& other) { return other.letter == 'N' && other.prefix == of_t; });
        if (!own) {
          out_.remarks.push_back(
              fmt::format("{} without a prefix: read as {}{}", category.written, of_t, category.written));
          category.prefix = of_t;
        }
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  TnmText out_;
};

}  // namespace

Result<TnmText> parse_tnm(std::string_view text) { return Reader(text).read(); }

FactValues tnm_facts(const Dictionary& dictionary, const TnmText& tnm, bool pathological) {
  FactValues out;
  for (const auto& category : tnm.categories) {
    const std::string prefix = category.prefix.empty() ? (pathological ? "p" : "c") : category.prefix;
    const std::string name = category.letter == 'M' ? "m_category" : prefix + static_cast<char>(category.letter + 32);
    const auto fact = dictionary.find(name);
    if (!fact) {
      continue;
    }
    std::uint64_t mask = 0;
    for (const auto& value : category.values) {
      const auto index = dictionary[*fact].index_of(value);
      mask |= index ? std::uint64_t{1} << *index : 0;
    }
    out[*fact] = mask == 0 ? Value::unknown() : Value::of_choices(mask);
    const auto nodes = dictionary.find(prefix == "yp" ? "yp_nodes" : "positive_nodes");
    if (category.positive && nodes && prefix != "c") {
      out[*nodes] = Value::of_number(Decimal{*category.positive, 0});
    }
    const auto inflammatory = dictionary.find("inflammatory");
    if (category.inflammatory && inflammatory) {
      out[*inflammatory] = Value::of_choice(dictionary[*inflammatory].index_of("yes").value_or(0));
    }
  }
  return out;
}

Result<FactValues> with_tnm(const Dictionary& dictionary, FactValues facts, std::string_view text) {
  if (text.empty()) {
    return facts;
  }
  const auto tnm = parse_tnm(text);
  if (!tnm) {
    return tl::unexpected(located(tnm.error(), "TNM"));
  }
  for (const auto& [fact, value] : tnm_facts(dictionary, *tnm, false)) {
    const auto recorded = facts.find(fact);
    const bool told = recorded != facts.end() && (recorded->second.state == Value::State::choice ||
                                                  recorded->second.state == Value::State::number);
    if (!told) {
      facts[fact] = value;
      continue;
    }
    const FactType& type = dictionary[fact];
    const Value& old = recorded->second;
    const bool choice = type.kind == FactKind::choice && value.state == Value::State::choice;
    if (choice ? (old.choices & value.choices) == 0 : value.state == Value::State::number && !(old == value)) {
      return fail(fmt::format("{} says {} {}, but {} is recorded", in_quotes(text), type.label, value_text(type, value),
                              value_text(type, old)),
                  {}, "TNM");
    }
    facts[fact] = choice ? Value::of_choices(old.choices & value.choices) : old;
  }
  return facts;
}

}  // namespace her2
