// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_picture.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

// The plot of the histogram: 0 at the lower left corner of the frame.
constexpr double kLeft = 44;
constexpr double kTop = 30;
constexpr double kWidth = 440;
constexpr double kHeight = 170;

// A round number of at least `value`: 1, 2, 5 times a power of ten.
double round_up(double value) {
  double power = 1;
  while (power * 10 < value) {
    power *= 10;
  }
  for (const double step : {1.0, 2.0, 5.0, 10.0}) {
    if (step * power >= value) {
      return step * power;
    }
  }
  return value;
}

// The bins up to the last that matters: the far tail is one in a thousand of the cells at most.
std::size_t bins_shown(const IhcHistogram& h) {
  std::uint64_t all = 0;
  for (const std::uint64_t n : h.cells) {
    all += n;
  }
  std::size_t shown = h.cells.size();
  std::uint64_t tail = 0;
  while (shown > 1 && (tail + h.cells[shown - 1]) * 1000 <= all) {
    tail += h.cells[--shown];
  }
  const double last_cut = h.cuts.empty() ? 0 : h.cuts.back().first;
  const auto past_cuts = static_cast<std::size_t>(h.bin_od > 0 ? last_cut * 1.2 / h.bin_od + 1 : 0);
  return std::min(std::max(shown, past_cuts), h.cells.size());
}

// The intensity that a bin belongs to: 1 faint, 2 weak, 3 moderate, 4 strong, by the last cut below it.
int level_of(const IhcHistogram& h, std::size_t bin) {
  static constexpr std::array<std::string_view, 4> kLevels{"faint", "weak", "moderate", "strong"};
  const double middle = (static_cast<double>(bin) + 0.5) * h.bin_od;
  int level = 0;
  for (const auto& [od, label] : h.cuts) {
    if (bin > 0 && od <= middle) {
      level = 1 + static_cast<int>(std::find(kLevels.begin(), kLevels.end(), label) - kLevels.begin());
    }
  }
  return std::min(level, 4);
}

double value_share(const PossibleValue& value, std::size_t values) {
  if (value.probability.empty()) {
    return values == 1 ? 1 : 0;
  }
  return parse_rational(value.probability).value_or(Rational(0)).convert_to<double>();
}

const char* score_class(std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 11> kClasses{{{"0", "q0"},
                                                                                      {"0+", "q0p"},
                                                                                      {"1+", "q1"},
                                                                                      {"2+", "q2"},
                                                                                      {"3+", "q3"},
                                                                                      {"negative", "q0"},
                                                                                      {"low", "q0"},
                                                                                      {"low-positive", "q1"},
                                                                                      {"intermediate", "q1"},
                                                                                      {"positive", "q2"},
                                                                                      {"high", "q2"}}};
  const auto* const found =
      std::find_if(kClasses.begin(), kClasses.end(), [&](const auto& c) { return c.first == value; });
  return found == kClasses.end() ? "qx" : found->second;
}

std::string axis(const IhcHistogram& h, std::size_t bins, double top, const std::string& what) {
  std::string out;
  const double reach = static_cast<double>(bins) * h.bin_od;
  const double step = reach > 1.5 ? 0.5 : reach > 0.6 ? 0.2 : 0.1;
  for (int i = 0; i * step <= reach + 1e-9; ++i) {
    const double x = kLeft + kWidth * i * step / reach;
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", x,
                       kTop + kHeight + 16, number_in(i * step, 1));
  }
  for (const double part : {0.0, 0.5, 1.0}) {
    const double y = kTop + kHeight * (1 - part);
    out += fmt::format(
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text><line class=\"grid\" x1=\"{}\" "
        "x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
        kLeft - 5, y + 4, percent_in(fmt::format("{:.4g}", top * part)), kLeft, kLeft + kWidth, y, y);
  }
  return out + fmt::format("<text class=\"axis\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
                           kLeft + kWidth / 2, kTop + kHeight + 36,
                           html_say("ihc.dab_axis", {{"what", html_text(what)}}));
}

}  // namespace

std::vector<CellShare> cell_shares(const IhcReport& report) {
  std::vector<CellShare> out;
  for (const IhcShare& share : report.shares) {
    if (share.cells > 0) {
      out.push_back({share.label, share.percent.value});
    }
  }
  return out;
}

std::string histogram_words(const IhcReport& report) {
  const IhcHistogram& h = report.histogram;
  std::uint64_t all = 0;
  for (const std::uint64_t n : h.cells) {
    all += n;
  }
  std::string out = report.nuclear ? say("ihc.mean_dab_of_the_nuclei_of_tumour", {{"all", grouped(all)}})
                                   : say("ihc.median_membrane_contrast_of_tumour", {{"all", grouped(all)}});
  std::string cuts;
  for (std::size_t i = 0; i < h.cuts.size(); ++i) {
    cuts += i == 0 ? "" : ", ";
    cuts += say("ihc.cut_from", {{"cut", staining_words(h.cuts[i].second)}, {"od", number_in(h.cuts[i].first, 2)}});
  }
  return h.cuts.empty() ? out : say("ihc.with_cuts", {{"words", out}, {"cuts", cuts}});
}

std::string histogram_svg(const IhcReport& report, const std::string& id) {
  const IhcHistogram& h = report.histogram;
  const std::size_t bins = bins_shown(h);
  std::uint64_t all = 0;
  std::uint64_t most = 0;
  for (const std::uint64_t n : h.cells) {
    all += n;
    most = std::max(most, n);
  }
  std::string out = fmt::format(
      "<svg class=\"wide\" viewBox=\"0 0 500 244\" role=\"img\" aria-labelledby=\"{0}-t "
      "{0}-d\"><title id=\"{0}-t\">{2}</title><desc "
      "id=\"{0}-d\">{1}</desc>\n",
      id, html_text(histogram_words(report)),
      report.nuclear ? html_say("ihc.histogram_of_nuclei") : html_say("ihc.histogram_of_membranes"));
  if (all == 0 || bins == 0 || h.bin_od <= 0) {
    return out + "</svg>\n";
  }
  const double top = round_up(100.0 * static_cast<double>(most) / static_cast<double>(all));
  out += axis(h, bins, top, report.nuclear ? say("ihc.mean_of_the_nucleus") : say("ihc.median_membrane_contrast"));
  const double wide = kWidth / static_cast<double>(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    const double tall = kHeight * 100.0 * static_cast<double>(h.cells[i]) / static_cast<double>(all) / top;
    if (h.cells[i] > 0) {
      out += fmt::format("<rect class=\"s{} bin\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>",
                         level_of(h, i), kLeft + wide * static_cast<double>(i) + 0.5, kTop + kHeight - tall,
                         std::max(wide - 1, 0.6), tall);
    }
  }
  const double reach = static_cast<double>(bins) * h.bin_od;
  for (std::size_t i = 0; i < h.cuts.size(); ++i) {
    const double x = kLeft + kWidth * h.cuts[i].first / reach;
    out += fmt::format(
        "<line class=\"limit\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text class=\"tick\" "
        "x=\"{3:.1f}\" y=\"{4}\">{5}</text>\n",
        x, kTop - 4, kTop + kHeight, x + 3, kTop - 8 - (i % 2 == 0 ? 0 : 12), html_text(h.cuts[i].second));
  }
  return out + "</svg>\n";
}

std::string score_bar(const Answer& answer, const std::string& id) {
  constexpr double kBar = 396;
  std::string out = fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 400 30\" role=\"img\" aria-labelledby=\"{0}-t\"><title "
      "id=\"{0}-t\">{1}</title>",
      id, html_text(score_words(answer)));
  double at = 2;
  for (const PossibleValue& value : answer.values) {
    const double wide = kBar * value_share(value, answer.values.size());
    if (wide <= 0) {
      continue;
    }
    out += fmt::format("<rect class=\"part {}\" x=\"{:.1f}\" y=\"2\" width=\"{:.1f}\" height=\"26\"/>",
                       score_class(value.value), at, wide);
    const std::string label = value_words(answer.fact, value.value);
    if (wide >= 10 + 8 * static_cast<double>(label.size())) {
      out += fmt::format("<text class=\"in {}\" x=\"{:.1f}\" y=\"20\">{}</text>", score_class(value.value),
                         at + wide / 2, html_text(label));
    }
    at += wide;
  }
  return out + "</svg>\n";
}

std::string png_url(std::string_view png) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "data:image/png;base64,";
  out.reserve(out.size() + png.size() / 3 * 4 + 4);
  for (std::size_t i = 0; i < png.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (i + k < png.size() ? static_cast<unsigned char>(png[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k <= png.size() ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

}  // namespace her2
