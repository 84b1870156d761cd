// SPDX-License-Identifier: Apache-2.0
#include "her2/report/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Range {
  double low = 0, high = kInfinity;
  [[nodiscard]] bool known() const { return low > 0 || high < kInfinity; }
};

double as_double(const Rational& value) { return value.convert_to<double>(); }

Range range_of(const Dictionary& dictionary, const FactValues& facts, std::string_view name) {
  const auto id = dictionary.find(name);
  const auto found = id ? facts.find(*id) : facts.end();
  if (found == facts.end() || found->second.state != Value::State::number) {
    return {};
  }
  const Value& value = found->second;
  return {value.low ? std::max(0.0, as_double(value.low->at)) : 0.0,
          value.high ? as_double(value.high->at) : kInfinity};
}

// All quotients of two ranges, narrowed by what is known of the quotient itself.
Range quotient(const Range& over, const Range& under, const Range& itself) {
  Range result = itself;
  if (over.known() && under.known()) {
    result.low = std::max(result.low, under.high < kInfinity && under.high > 0 ? over.low / under.high : double{0});
    result.high = std::min(result.high, under.low > 0 ? over.high / under.low : kInfinity);
  }
  return result;
}

// The plot: 0 at the lower left corner of the frame.
struct Plot {
  double x_max = 4, y_max = 8;
  static constexpr double kLeft = 46, kTop = 12, kWidth = 340, kHeight = 240;

  [[nodiscard]] double x(double ratio) const { return kLeft + kWidth * std::min(ratio, x_max) / x_max; }
  [[nodiscard]] double y(double copies) const { return kTop + kHeight - kHeight * std::min(copies, y_max) / y_max; }
};

double reach(double low, double high, double least) {
  const double far = std::isfinite(high) ? high : low * 1.4;
  return std::max(least, std::ceil(far * 1.15));
}

// The label stands at the outer side, away from the limits, where points crowd.
std::string area(const Plot& p, const char* kind, double x0, double x1, double y0, double y1, int group) {
  const double left = p.x(x0);
  const double right = p.x(x1);
  const double top = p.y(y1);
  const bool outer = x0 > 0;
  return fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>"
      "<text class=\"group\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
      kind, left, top, right - left, p.y(y0) - top, outer ? right - 8 : left + 8, top + 18, outer ? "end" : "start",
      html_say("picture.group", {{"group", group}}));
}

std::string areas(const Plot& p, bool groups) {
  if (!groups) {
    return fmt::format("<rect class=\"plain\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", Plot::kLeft,
                       Plot::kTop, Plot::kWidth, Plot::kHeight);
  }
  return area(p, "g1", 2, p.x_max, 4, p.y_max, 1) + area(p, "g2", 2, p.x_max, 0, 4, 2) +
         area(p, "g3", 0, 2, 6, p.y_max, 3) + area(p, "g4", 0, 2, 4, 6, 4) + area(p, "g5", 0, 2, 0, 4, 5);
}

std::string axes(const Plot& p) {
  std::string out;
  for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
    if (p.x_max / step <= 8) {
      for (double v = 0; v <= p.x_max; v += step) {
        out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", p.x(v),
                           Plot::kTop + Plot::kHeight + 16, number_in(v, 0));
      }
      break;
    }
  }
  for (const double step : {2.0, 4.0, 10.0, 20.0, 50.0, 100.0}) {
    if (p.y_max / step <= 8) {
      for (double v = 0; v <= p.y_max; v += step) {
        out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                           Plot::kLeft - 6, p.y(v) + 4, number_in(v, 0));
      }
      break;
    }
  }
  out += fmt::format("<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", Plot::kLeft, Plot::kTop,
                     Plot::kWidth, Plot::kHeight);
  out += fmt::format("<text class=\"axis\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>",
                     Plot::kLeft + Plot::kWidth / 2, Plot::kTop + Plot::kHeight + 36,
                     html_say("picture.her2_cep17_ratio"));
  out += fmt::format(
      "<text class=\"axis\" transform=\"translate(14 {:.0f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
      Plot::kTop + Plot::kHeight / 2, html_say("picture.her2_copies_per_cell"));
  return out;
}

std::string marks(const Plot& p, const IshPoint& point) {
  std::string out;
  for (const auto& region : point.regions) {
    std::string path;
    for (const auto& [ratio, copies] : region) {
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", p.x(ratio), p.y(copies));
    }
    out += fmt::format("<path class=\"region\" d=\"{}Z\"/>", path);
  }
  for (const auto& [ratio, copies] : point.cloud) {
    out += fmt::format("<circle class=\"cloud\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\"/>", p.x(ratio), p.y(copies));
  }
  const double left = p.x(point.ratio_low);
  const double right = p.x(point.ratio_high);
  const double top = p.y(point.copies_high);
  const double bottom = p.y(point.copies_low);
  if (right - left < 1 && bottom - top < 1) {
    return out + fmt::format("<circle class=\"point\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\"/>\n", left, top);
  }
  return out + fmt::format("<rect class=\"range\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                           left, top, std::max(right - left, 2.0), std::max(bottom - top, 2.0));
}

std::string range_words(double low, double high) {
  if (low == high) {
    return number_in(low, 2);
  }
  return std::isfinite(high) ? say("picture.to", {{"low", number_in(low, 2)}, {"high", number_in(high, 2)}})
                             : say("picture.or_more", {{"low", number_in(low, 2)}});
}

// "weak, incomplete" -> intensity 2; "unstained" -> 0.
int intensity(const std::string& label) {
  static constexpr std::array<std::string_view, 4> kNames{"faint", "weak", "moderate", "strong"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (label.starts_with(kNames[i])) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

bool incomplete(const std::string& label) { return label.ends_with("incomplete"); }

// One decimal is all that a share of cells bears.
std::string percent(double value) {
  const std::string text = fmt::format("{:.1f}", value);
  return percent_in(text.ends_with(".0") ? text.substr(0, text.size() - 2) : text);
}

}  // namespace

std::optional<IshPoint> ish_point(const Dictionary& dictionary, const FactValues& facts) {
  const auto range = [&](std::string_view name) { return range_of(dictionary, facts, name); };
  const Range ratio = quotient(range("her2_total"), range("cep17_total"), range("ratio"));
  const Range copies = quotient(range("her2_total"), range("cells"), range("copies"));
  const bool usable = ratio.known() && copies.known() && std::isfinite(ratio.low) && std::isfinite(copies.low) &&
                      ratio.low <= ratio.high && copies.low <= copies.high;
  if (!usable) {
    return std::nullopt;
  }
  return IshPoint{ratio.low, ratio.high, copies.low, copies.high, {}, {}};
}

void add_cloud(IshPoint& point, const Dictionary& dictionary, const Ensemble& ensemble) {
  constexpr std::size_t kMost = 300;
  std::array<std::size_t, 3> column{};  // HER2, CEP17, cells
  const std::array<std::string_view, 3> names{"her2_total", "cep17_total", "cells"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto id = dictionary.find(names[i]);
    const auto found = id ? std::find(ensemble.ids.begin(), ensemble.ids.end(), *id) : ensemble.ids.end();
    if (found == ensemble.ids.end()) {
      return;
    }
    column[i] = static_cast<std::size_t>(found - ensemble.ids.begin());
  }
  const std::size_t step = std::max<std::size_t>(1, (ensemble.rows.size() + kMost - 1) / kMost);
  for (std::size_t r = 0; r < ensemble.rows.size(); r += step) {
    const auto number = [&](std::size_t i) { return as_double(ensemble.rows[r][column[i]].rational()); };
    if (number(1) > 0 && number(2) > 0) {
      point.cloud.emplace_back(number(0) / number(1), number(0) / number(2));
    }
  }
}

std::vector<CellShare> cell_shares(const Dictionary& dictionary, const FactValues& facts) {
  static constexpr std::array<std::string_view, 8> kNames{
      "faint_incomplete",    "faint_complete",    "weak_incomplete",   "weak_complete",
      "moderate_incomplete", "moderate_complete", "strong_incomplete", "strong_complete"};
  std::vector<CellShare> shares{{"unstained", 100}};
  for (const std::string_view name : kNames) {
    const auto id = dictionary.find(name);
    const auto found = id ? facts.find(*id) : facts.end();
    const auto exact = found == facts.end() ? std::nullopt : found->second.exact_number();
    if (!exact) {
      return {};
    }
    const double share = as_double(*exact);
    shares[0].percent -= share;
    if (share > 0) {
      shares.push_back({dictionary[*id].label, share});
    }
  }
  shares[0].percent = std::max(shares[0].percent, 0.0);
  return shares;
}

std::string ish_words(const IshPoint& point) {
  const std::string ratio = range_words(point.ratio_low, point.ratio_high);
  const std::string copies = range_words(point.copies_low, point.copies_high);
  return !point.regions.empty() ? say("picture.ish_with_shapes", {{"ratio", ratio}, {"copies", copies}})
         : point.cloud.empty()  ? say("picture.ish", {{"ratio", ratio}, {"copies", copies}})
                                : say("picture.ish_with_dots", {{"ratio", ratio}, {"copies", copies}});
}

std::string ihc_words(const std::vector<CellShare>& shares) {
  std::vector<std::string> parts;
  for (const CellShare& share : shares) {
    parts.push_back(fmt::format("{} {}", staining_words(share.label), percent(share.percent)));
  }
  const std::string joined = fmt::format("{}", fmt::join(parts, "; "));
  return say("picture.invasive_tumour_cells", {{"list", joined}});
}

std::string ish_svg(const IshPoint& point, bool groups, const std::string& id) {
  Plot plot;
  double x_far = point.ratio_high;
  double y_far = point.copies_high;
  for (const auto& [ratio, copies] : point.cloud) {
    x_far = std::max(x_far, ratio);
    y_far = std::max(y_far, copies);
  }
  for (const auto& region : point.regions) {
    for (const auto& [ratio, copies] : region) {
      x_far = std::max(x_far, std::min(ratio, 3 * point.ratio_high));
      y_far = std::max(y_far, std::min(copies, 3 * point.copies_high));
    }
  }
  plot.x_max = reach(point.ratio_low, x_far, 4);
  plot.y_max = reach(point.copies_low, y_far, 8);
  return fmt::format(
             "<svg viewBox=\"0 0 400 294\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\">"
             "<title id=\"{0}-t\">{2}</title><desc "
             "id=\"{0}-d\">{1}</desc>\n",
             id, html_text(ish_words(point)), html_say("picture.ish_title")) +
         areas(plot, groups) + axes(plot) + marks(plot, point) + "</svg>\n";
}

std::string ihc_legend(const std::vector<CellShare>& shares, const std::string& id) {
  std::string out = "<ul class=\"legend\">\n";
  for (const CellShare& share : shares) {
    out += fmt::format(
        "<li><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><rect class=\"s{}\" width=\"16\" "
        "height=\"16\"/>",
        intensity(share.label));
    if (incomplete(share.label)) {
      out += fmt::format("<rect width=\"16\" height=\"16\" fill=\"url(#{}-h)\"/>", id);
    }
    out += fmt::format("</svg>{} {}</li>\n", html_text(staining_words(share.label)), html_text(percent(share.percent)));
  }
  return out + "</ul>\n";
}

std::string ihc_svg(const std::vector<CellShare>& shares, const std::string& id) {
  constexpr double kWidth = 396;
  double total = 0;
  for (const CellShare& share : shares) {
    total += share.percent;
  }
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 400 76\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\">"
      "<title id=\"{0}-t\">{2}</title><desc id=\"{0}-d\">{1}</desc>"
      "<defs><pattern id=\"{0}-h\" width=\"7\" height=\"7\" patternTransform=\"rotate(45)\" "
      "patternUnits=\"userSpaceOnUse\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/></pattern></defs>\n",
      id, html_text(ihc_words(shares)), html_say("picture.ihc_title"));
  double at = 2;
  for (const CellShare& share : shares) {
    const double wide = total > 0 ? kWidth * share.percent / total : 0;
    out += fmt::format("<rect class=\"part s{}\" x=\"{:.1f}\" y=\"6\" width=\"{:.1f}\" height=\"40\"/>",
                       intensity(share.label), at, wide);
    if (incomplete(share.label)) {
      out +=
          fmt::format("<rect x=\"{:.1f}\" y=\"6\" width=\"{:.1f}\" height=\"40\" fill=\"url(#{}-h)\"/>", at, wide, id);
    }
    const std::string label = percent(share.percent);
    if (wide >= 8 + 8 * static_cast<double>(label.size())) {  // else it would run into its neighbours'
      out += fmt::format("<text class=\"share\" x=\"{:.1f}\" y=\"64\">{}</text>", at + wide / 2, html_text(label));
    }
    at += wide;
  }
  return out + "</svg>\n";
}

}  // namespace her2
