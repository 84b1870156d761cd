// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_picture.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/picture.h"

namespace her2 {
namespace {

// A plot of whole signals: 0 at the lower left corner of the frame.
struct CountPlot {
  double left = 46, top = 12, width = 340, height = 240;
  double x_most = 4, y_most = 8;

  [[nodiscard]] double x(double v) const { return left + width * (v + 0.5) / (x_most + 1); }
  [[nodiscard]] double y(double v) const { return top + height - height * (v + 0.5) / (y_most + 1); }
};

double tick_step(double most) {
  for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0}) {
    if (most / step <= 8) {
      return step;
    }
  }
  return 500;
}

std::string ticks(const CountPlot& p) {
  std::string out;
  for (double v = 0; v <= p.x_most; v += tick_step(p.x_most)) {
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", p.x(v),
                       p.top + p.height + 16, number_in(v, 0));
  }
  for (double v = 0; v <= p.y_most; v += tick_step(p.y_most)) {
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", p.left - 6,
                       p.y(v) + 4, number_in(v, 0));
  }
  return out + fmt::format("<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", p.left, p.top,
                           p.width, p.height);
}

std::string axis_names(const CountPlot& p, std::string_view x, std::string_view y) {
  return fmt::format(
      "<text class=\"axis\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text><text class=\"axis\" "
      "transform=\"translate(14 {:.0f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
      p.left + p.width / 2, p.top + p.height + 36, html_text(x), p.top + p.height / 2, html_text(y));
}

std::string open_svg(const std::string& id, std::string_view box, std::string_view title, std::string_view words) {
  return fmt::format(
      "<svg viewBox=\"{}\" role=\"img\" aria-labelledby=\"{}-t {}-d\"><title id=\"{}-t\">{}</title><desc "
      "id=\"{}-d\">{}</desc>\n",
      box, id, id, id, html_text(title), id, html_text(words));
}

// The line of ratio 2, as far as it is in the frame.
std::string ratio_line(const CountPlot& p) {
  const double end = std::min(p.x_most + 0.5, (p.y_most + 0.5) / kBorderRatio);
  return fmt::format(
      "<line class=\"limit\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" "
      "x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
      p.x(0), p.y(0), p.x(end), p.y(kBorderRatio * end), p.x(end) - 30, p.y(kBorderRatio * end) + 12,
      html_say("ish.ratio_line"));
}

struct Dot {
  std::uint64_t nuclei = 0;
  bool second = false;
};

std::uint32_t most_of(const IshReport& r, std::uint32_t NucleusCount::*channel) {
  std::uint32_t most = 0;
  for (const NucleusCount& nucleus : r.score.nuclei) {
    most = std::max(most, nucleus.*channel);
  }
  return most;
}

}  // namespace

const char* const kIshColours = R"css(
svg .nuclei { fill:var(--negative); fill-opacity:.55; stroke:var(--negative); stroke-width:1; }
svg .nuclei.second { fill:var(--positive); stroke:var(--positive); stroke-width:2; }
svg .cross { stroke:var(--mark); stroke-width:2.5; } svg .halo { stroke:var(--halo); stroke-width:5.5; }
svg .bar { fill:var(--negative); fill-opacity:.7; } svg .bar.second { fill:var(--positive); }
svg rect.part.g1 { fill:var(--g1); } svg rect.part.g2 { fill:var(--g2); } svg rect.part.g3 { fill:var(--g3); }
svg rect.part.g4 { fill:var(--g4); } svg rect.part.g5 { fill:var(--g5); }
svg.bar text.in { fill:var(--ink); }
)css";

std::string ish_map_svg(const IshReport& r, const std::string& id) {
  const CountSums& s = r.score.count.sums;
  if (s.cep17 == 0 || s.nuclei == 0) {
    return {};
  }
  const double ratio = static_cast<double>(s.her2) / static_cast<double>(s.cep17);
  IshPoint point{ratio, ratio, s.her2_mean(), s.her2_mean(), {}, {}};
  for (const CountedWay& way : r.score.ways) {
    if (way.moments) {
      point.regions.push_back(region_outline(belief_of(*way.moments), 0.95));
    }
  }
  return ish_svg(point, true, id);
}

std::string ish_scatter_words(const IshReport& r) {
  const CountSums& s = r.score.count.sums;
  return say(r.score.second.found ? "ish.scatter_with_second" : "ish.scatter",
             {{"nuclei", s.nuclei}, {"her2", number_in(s.her2_mean(), 2)}, {"cep17", number_in(s.cep17_mean(), 2)}});
}

std::string ish_scatter_svg(const IshReport& r, const std::string& id) {
  CountPlot p;
  p.x_most = std::max<double>(4, most_of(r, &NucleusCount::cep17));
  p.y_most = std::max<double>(8, most_of(r, &NucleusCount::her2));
  std::map<std::pair<std::uint32_t, std::uint32_t>, Dot> dots;
  for (std::size_t i = 0; i < r.score.nuclei.size(); ++i) {
    const NucleusCount& nucleus = r.score.nuclei[i];
    Dot& dot = dots[{nucleus.cep17, nucleus.her2}];
    ++dot.nuclei;
    dot.second = r.score.second.found && r.score.second.member[i];
  }
  std::uint64_t most = 1;
  for (const auto& [at, dot] : dots) {
    most = std::max(most, dot.nuclei);
  }
  const double room = std::min({p.width / (p.x_most + 1), p.height / (p.y_most + 1) * 1.6, 30.0}) / 2;
  std::string out =
      open_svg(id, "0 0 400 294", say("ish.her2_and_cep17_signals_of_each_nucleus"), ish_scatter_words(r));
  out += fmt::format("<rect class=\"plain\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", p.left, p.top, p.width,
                     p.height);
  out += ratio_line(p) + ticks(p) + axis_names(p, say("ish.cep17_signals"), say("ish.her2_signals"));
  for (const auto& [at, dot] : dots) {
    const double radius = std::max(2.2, room * std::sqrt(static_cast<double>(dot.nuclei) / static_cast<double>(most)));
    out += fmt::format("<circle class=\"nuclei{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>",
                       dot.second ? " second" : "", p.x(at.first), p.y(at.second), radius);
  }
  const double x = p.x(r.score.count.sums.cep17_mean());
  const double y = p.y(r.score.count.sums.her2_mean());
  for (const char* kind : {"halo", "cross"}) {
    out += fmt::format("<path class=\"{0}\" d=\"M{1:.1f} {2:.1f}H{3:.1f}M{4:.1f} {5:.1f}V{6:.1f}\"/>", kind, x - 8, y,
                       x + 8, x, y - 8, y + 8);
  }
  return out + "</svg>\n";
}

std::string ish_histogram_svg(const IshReport& r, IshChannel channel, const std::string& id) {
  std::uint32_t NucleusCount::*const which = channel == IshChannel::her2 ? &NucleusCount::her2 : &NucleusCount::cep17;
  CountPlot p;
  p.top = 8;
  p.height = 120;
  p.x_most = std::max<double>(8, most_of(r, which));
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> bars;  // all, of them second population
  std::uint64_t most = 1;
  for (std::size_t i = 0; i < r.score.nuclei.size(); ++i) {
    auto& [all, second] = bars[r.score.nuclei[i].*which];
    ++all;
    second += r.score.second.found && r.score.second.member[i] ? 1U : 0U;
    most = std::max(most, all);
  }
  std::vector<std::string> parts;
  for (const auto& [signals, nuclei] : bars) {
    parts.push_back(fmt::format("{}: {}", signals, nuclei.first));
  }
  const std::string name(name_of(channel));
  std::string out =
      open_svg(id, "0 0 400 172", say("ish.signals_per_nucleus", {{"name", name}}),
               say("ish.nuclei_by_signals", {{"name", name}, {"bars", fmt::format("{}", fmt::join(parts, ", "))}}));
  const double wide = std::max(p.width / (p.x_most + 1) - 2, 1.0);
  const auto bar = [&](const char* kind, double at, std::uint64_t from, std::uint64_t nuclei) {
    const double scale = (p.height - 6) / static_cast<double>(most);
    if (nuclei > 0) {
      out += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", kind,
                         p.x(at) - wide / 2, p.top + p.height - scale * static_cast<double>(from + nuclei), wide,
                         scale * static_cast<double>(nuclei));
    }
  };
  for (const auto& [signals, nuclei] : bars) {
    bar("bar", signals, 0, nuclei.first - nuclei.second);
    bar("bar second", signals, nuclei.first - nuclei.second, nuclei.second);
  }
  for (double v = 0; v <= p.x_most; v += tick_step(p.x_most)) {
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", p.x(v),
                       p.top + p.height + 15, number_in(v, 0));
  }
  for (const std::uint64_t v : {std::uint64_t{0}, most}) {
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", p.left - 6,
                       p.top + p.height - (v == 0 ? 0 : p.height - 6) + 4, v);
  }
  out += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", p.left, p.left + p.width,
                     p.top + p.height, p.top + p.height);
  return out + axis_names(p, say("ish.signals_per_nucleus", {{"name", name}}), say("ish.nuclei")) + "</svg>\n";
}

std::string ish_group_bar(const IshScore& score, const std::string& id) {
  constexpr double kBar = 396;
  if (!score.groups) {
    return {};
  }
  std::string out = fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 400 30\" role=\"img\" aria-labelledby=\"{0}-t\"><title "
      "id=\"{0}-t\">{1}</title>",
      id, html_say("ish.probability_of_each_group", {{"groups", html_text(groups_words(score))}}));
  double at = 2;
  for (std::size_t g = 0; g < kIshGroups; ++g) {
    const double wide = kBar * (*score.groups)[g];
    if (wide < 0.5) {
      continue;
    }
    out +=
        fmt::format("<rect class=\"part g{}\" x=\"{:.1f}\" y=\"2\" width=\"{:.1f}\" height=\"26\"/>", g + 1, at, wide);
    if (wide >= 22) {
      out += fmt::format("<text class=\"in\" x=\"{:.1f}\" y=\"20\">{}</text>", at + wide / 2, g + 1);
    }
    at += wide;
  }
  return out + "</svg>\n";
}

}  // namespace her2
