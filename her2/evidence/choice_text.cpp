// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <string>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/value_text.h"

namespace her2 {
namespace {

std::uint64_t bit(unsigned index) { return std::uint64_t{1} << index; }

// All values from the lowest to the highest of `mask` that a case can record.
std::uint64_t span_of(const FactType& type, std::uint64_t mask) {
  const auto first = static_cast<unsigned>(std::countr_zero(mask));
  const auto last = static_cast<unsigned>(63 - std::countl_zero(mask));
  std::uint64_t out = 0;
  for (unsigned i = first; i <= last; ++i) {
    out |= bit(i);
  }
  return out & recordable(type);
}

// The value or group with this spelling; 0: none.
std::uint64_t find_mask(const FactType& type, std::string_view text) {
  if (const auto index = find_choice(type, text)) {
    return bit(*index);
  }
  const auto group = std::find_if(type.groups.begin(), type.groups.end(),
                                  [&](const auto& g) { return equal_ignoring_case(g.first, text); });
  return group == type.groups.end() ? 0 : group->second;
}

// "a|b|c" or "a/b/c": the mask of all parts, or nullopt when a part is no value.
std::optional<std::uint64_t> split_list(const FactType& type, std::string_view text, char separator) {
  std::uint64_t mask = 0;
  for (;;) {
    const auto end = text.find(separator);
    const std::uint64_t part = find_mask(type, trimmed(text.substr(0, end)));
    if (part == 0) {
      return std::nullopt;
    }
    mask |= part;
    if (end == std::string_view::npos) {
      return mask;
    }
    text.remove_prefix(end + 1);
  }
}

struct Pair {
  std::uint64_t first = 0, second = 0;
};

// "a-b" or "a to b". Values may hold the separator themselves, so every place is tried.
std::optional<Pair> split_range(const FactType& type, std::string_view text) {
  for (const std::string_view separator : {"-", "\xE2\x80\x93", " to "}) {
    for (auto at = text.find(separator); at != std::string_view::npos; at = text.find(separator, at + 1)) {
      const Pair pair{find_mask(type, trimmed(text.substr(0, at))),
                      find_mask(type, trimmed(text.substr(at + separator.size())))};
      if (pair.first != 0 && pair.second != 0) {
        return pair;
      }
    }
  }
  return std::nullopt;
}

// "a (b outside)": two laboratories, two results.
std::optional<std::uint64_t> split_outside(const FactType& type, std::string_view text) {
  const auto open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') {
    return std::nullopt;
  }
  const auto inside = trimmed(text.substr(open + 1, text.size() - open - 2));
  constexpr std::string_view kOutside = "outside";
  if (inside.size() <= kOutside.size() ||
      !equal_ignoring_case(inside.substr(inside.size() - kOutside.size()), kOutside)) {
    return std::nullopt;
  }
  const auto here = find_choice(type, trimmed(text.substr(0, open)));
  const auto there = find_choice(type, trimmed(inside.substr(0, inside.size() - kOutside.size())));
  return here && there ? std::optional(bit(*here) | bit(*there)) : std::nullopt;
}

// ">=2+", "<3+" of an ordered choice.
std::optional<std::uint64_t> split_comparison(const FactType& type, std::string_view text) {
  if (!type.ordered || (text[0] != '<' && text[0] != '>')) {
    return std::nullopt;
  }
  const bool equal = text.size() > 1 && text[1] == '=';
  const std::uint64_t mask = find_mask(type, trimmed(text.substr(equal ? 2 : 1)));
  if (mask == 0) {
    return std::nullopt;
  }
  const std::uint64_t below = (mask & (~mask + 1)) - 1;
  const std::uint64_t up_to = (std::bit_floor(mask) - 1) | std::bit_floor(mask);
  const std::uint64_t side = text[0] == '<' ? (equal ? up_to : below) : ~(equal ? below : up_to);
  return side & recordable(type);
}

Result<Value> checked(const FactType& type, std::uint64_t mask, std::string_view text) {
  if (mask == 0) {
    return fail(fmt::format("{} leaves no value", in_quotes(text)));
  }
  if ((mask & type.computed_only) != 0) {
    const auto index = static_cast<unsigned>(std::countr_zero(mask & type.computed_only));
    return fail(fmt::format("{} is a result that only a guideline table can give; it cannot be recorded",
                            in_quotes(type.values[index])));
  }
  return Value::of_choices(mask);
}

}  // namespace

std::optional<unsigned> find_choice(const FactType& type, std::string_view text) {
  for (unsigned i = 0; i < type.values.size(); ++i) {
    if (equal_ignoring_case(type.values[i], text)) {
      return i;
    }
  }
  return std::nullopt;
}

std::uint64_t recordable(const FactType& type) { return type.all_values() & ~type.computed_only; }

Result<Value> parse_choice(const FactType& type, std::string_view text) {
  if (const std::uint64_t mask = find_mask(type, text); mask != 0) {
    return checked(type, mask, text);
  }
  if (const auto mask = split_list(type, text, '|')) {
    return checked(type, *mask, text);
  }
  if (const auto mask = split_list(type, text, '/')) {
    return checked(type, type.ordered ? span_of(type, *mask) | *mask : *mask, text);
  }
  if (const auto range = split_range(type, text)) {
    if (!type.ordered) {
      return fail(
          fmt::format("{} is a range, but the values have no order; write them with '|' between", in_quotes(text)));
    }
    const std::uint64_t ends = range->first | range->second;
    if (std::countr_zero(range->first) > std::countr_zero(range->second)) {
      return fail(fmt::format("{} runs from high to low", in_quotes(text)));
    }
    return checked(type, span_of(type, ends) | ends, text);
  }
  if (const auto mask = split_outside(type, text)) {
    return checked(type, *mask, text);
  }
  if (const auto mask = split_comparison(type, text)) {
    return checked(type, *mask, text);
  }
  std::vector<std::string> allowed;
  for (unsigned i = 0; i < type.values.size(); ++i) {
    if ((type.computed_only >> i & 1U) == 0) {
      allowed.push_back(type.values[i]);
    }
  }
  return fail(fmt::format("{} is not a value of {}; expected {}", in_quotes(text), type.label, listed(allowed)));
}

}  // namespace her2
