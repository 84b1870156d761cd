// SPDX-License-Identifier: Apache-2.0
#include "her2/language/plural_rule.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace her2 {

class PluralRuleReader {
 public:
  explicit PluralRuleReader(std::string_view text) : text_(text.substr(0, text.find('@'))) {}

  Result<PluralRule> rule() {
    PluralRule out;
    do {
      out.either_.emplace_back();
      do {
        auto one = relation();
        if (!one) {
          return tl::unexpected(one.error());
        }
        out.either_.back().push_back(std::move(*one));
      } while (took("and"));
    } while (took("or"));
    skip();
    if (at_ < text_.size()) {
      return wrong("\"and\", \"or\" or the end");
    }
    return out;
  }

 private:
  Result<PluralRule::Relation> relation() {
    PluralRule::Relation out;
    skip();
    const char operand = at_ < text_.size() ? text_[at_] : '\0';
    if (std::string_view("nivwftce").find(operand) == std::string_view::npos || operand == '\0') {
      return wrong("an operand (n, i, v, w, f, t, c or e)");
    }
    ++at_;
    out.of_number = operand == 'n' || operand == 'i';
    if (took("%")) {
      const auto modulo = number();
      if (!modulo || *modulo == 0) {
        return wrong("a number above 0 behind %");
      }
      out.modulo = *modulo;
    }
    out.equal = !took("!=");
    if (out.equal && !took("=")) {
      return wrong("= or !=");
    }
    do {
      const auto from = number();
      const auto to = from && took("..") ? number() : from;
      if (!from || !to || *to < *from) {
        return wrong("a number, or a range such as 2..4");
      }
      out.ranges.emplace_back(*from, *to);
    } while (took(","));
    return out;
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool took(std::string_view sign) {
    skip();
    const bool here = text_.substr(at_).starts_with(sign);
    at_ += here ? sign.size() : 0;
    return here;
  }

  std::optional<std::uint64_t> number() {
    skip();
    std::uint64_t out = 0;
    std::size_t digits = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && digits < 18; ++at_, ++digits) {
      out = out * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
    }
    return digits == 0 ? std::nullopt : std::optional(out);
  }

  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view expected) const {
    return fail(
        fmt::format("the plural rule needs {} at its character {}, such as \"i = 1 and v = 0\" (as CLDR has it)",
                    expected, at_ + 1));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<PluralRule> PluralRule::parse(std::string_view text) {
  constexpr std::size_t kMost = 1000;
  if (text.size() > kMost) {
    return fail("the plural rule is longer than 1000 characters; copy the one line that CLDR has for the category");
  }
  return PluralRuleReader(text).rule();
}

bool PluralRule::holds_for(std::uint64_t number) const {
  const auto holds = [&](const Relation& relation) {
    const std::uint64_t operand = relation.of_number ? number : 0;
    const std::uint64_t value = relation.modulo == 0 ? operand : operand % relation.modulo;
    const bool within = std::any_of(relation.ranges.begin(), relation.ranges.end(),
                                    [&](const auto& range) { return range.first <= value && value <= range.second; });
    return within == relation.equal;
  };
  return std::any_of(either_.begin(), either_.end(),
                     [&](const auto& all) { return std::all_of(all.begin(), all.end(), holds); });
}

}  // namespace her2
