// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/html_page.h"

namespace her2 {
namespace {

constexpr double kWidth = 560, kHeight = 330, kLeft = 46, kRight = 14, kTop = 14, kBottom = 40;
constexpr std::size_t kYears = kPredictYears;
constexpr int kIcons = 100;

double x_of(double year) { return kLeft + (kWidth - kLeft - kRight) * year / static_cast<double>(kYears); }
double y_of(double percent) { return kTop + (kHeight - kTop - kBottom) * (100 - percent) / 100; }

double middle(const PredictCurves& low, const PredictCurves& high, PredictArm arm, std::size_t year) {
  return year == 0 ? 100.0 : (low.alive_in(arm)[year - 1] + high.alive_in(arm)[year - 1]) / 2;
}

struct Part {
  std::string label;
  std::string style;  // class
  int count = 0;
};

// Arms that add something, surgery first.
std::vector<PredictArm> arms_of(const PredictAnswer& answer) {
  std::vector<PredictArm> out{PredictArm::surgery};
  for (std::size_t arm = 1; arm < kPredictArms; ++arm) {
    if (answer.arms[arm]) {
      out.push_back(static_cast<PredictArm>(arm));
    }
  }
  return out;
}

PredictArm last_arm(const PredictAnswer& answer) {
  PredictArm last = PredictArm::surgery;
  for (const PredictArm arm : arms_of(answer)) {
    last = arm == PredictArm::extended ? last : arm;  // ten years of hormone therapy stand beside, not on, the others
  }
  return last;
}

// Whole people out of a hundred, so that they add up (largest remainders).
std::vector<Part> people(const PredictAnswer& answer) {
  const auto& low = answer.curves.low;
  const auto& high = answer.curves.high;
  constexpr std::size_t kAt = 10;
  const PredictArm last = last_arm(answer);
  std::vector<Part> parts;
  std::vector<double> shares;
  double below = 0;
  for (const PredictArm arm : arms_of(answer)) {
    if (arm == PredictArm::extended) {
      continue;
    }
    const double alive = middle(low, high, arm, kAt);
    parts.push_back({arm == PredictArm::surgery ? say("care.alive_after_surgery_alone")
                                                : say("care.alive_through", {{"arm", arm_words(arm)}}),
                     fmt::format("arm{}", static_cast<int>(arm)), 0});
    shares.push_back(std::max(0.0, alive - below));
    below = alive;
  }
  const auto at = static_cast<std::size_t>(last);
  parts.push_back({say("care.dead_of_breast_cancer"), "dead-breast", 0});
  shares.push_back((low.breast[at][kAt - 1] + high.breast[at][kAt - 1]) / 2);
  parts.push_back({say("care.dead_of_another_cause"), "dead-other", 0});
  shares.push_back((low.other[at][kAt - 1] + high.other[at][kAt - 1]) / 2);
  int total = 0;
  std::vector<std::pair<double, std::size_t>> rest;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].count = static_cast<int>(std::floor(shares[i]));
    total += parts[i].count;
    rest.emplace_back(shares[i] - std::floor(shares[i]), i);
  }
  std::stable_sort(rest.begin(), rest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; total < kIcons; i = (i + 1) % rest.size()) {
    ++parts[rest[i].second].count;
    ++total;
  }
  return parts;
}

std::string axes() {
  std::string out;
  for (const int percent : {0, 20, 40, 60, 80, 100}) {
    out += fmt::format(
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" class=\"grid\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"tick\" text-anchor=\"end\">{}</text>\n",
        kLeft, kWidth - kRight, y_of(percent), y_of(percent), kLeft - 6, y_of(percent) + 4, percent);
  }
  for (const int year : {0, 5, 10, 15}) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"tick\" text-anchor=\"middle\">{}</text>\n", x_of(year),
                       kHeight - kBottom + 18, year);
  }
  out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"tick\" text-anchor=\"middle\">{}</text>\n",
                     (kLeft + kWidth - kRight) / 2, kHeight - 6, html_say("care.years_after_surgery"));
  return out;
}

}  // namespace

const char* const kCareColours = R"css(
.arm0 { fill:#5b7f95; } .arm1 { fill:#9a6fb0; } .arm2 { fill:#2f9e77; } .arm3 { fill:#d98a2b; } .arm4 { fill:#b8478c; }
.arm5 { fill:#7d8b2e; } .arm6 { fill:#4d7ddb; } .dead-breast { fill:#8d2f2f; } .dead-other { fill:#8a8f96; }
.plot .grid { stroke:var(--line); stroke-width:1; } .plot .tick { fill:var(--quiet); font-size:12px; }
.plot .lost { fill:none; stroke:var(--mark); stroke-width:1.6; stroke-dasharray:5 4; }
.plot { max-width:36rem; } .icons { max-width:20rem; }
.key { display:inline-block; width:.9rem; height:.9rem; vertical-align:-.1rem; margin-right:.4rem; max-width:.9rem; }
)css";

bool worth_drawing(const PredictAnswer& answer) {
  constexpr double kMostPoints = 10;
  constexpr std::size_t kTen = 9;
  const auto wide = [&](PredictArm arm) {
    return answer.curves.high.alive_in(arm)[kTen] - answer.curves.low.alive_in(arm)[kTen] > kMostPoints;
  };
  return answer.has_curves && !wide(PredictArm::surgery) && !wide(last_arm(answer));
}

std::string arm_words(PredictArm arm) {
  switch (arm) {
    case PredictArm::surgery: return say("care.surgery");
    case PredictArm::radiotherapy: return say("care.radiotherapy");
    case PredictArm::endocrine: return say("care.hormone_therapy");
    case PredictArm::chemotherapy: return say("care.chemotherapy");
    case PredictArm::trastuzumab: return say("care.trastuzumab");
    case PredictArm::bisphosphonate: return say("care.bisphosphonates");
    case PredictArm::extended: return say("care.hormone_therapy_for_ten_years");
  }
  return {};
}

std::vector<BenefitRow> benefit_rows(const PredictAnswer& answer) {
  std::vector<BenefitRow> out;
  for (const PredictArm arm : arms_of(answer)) {
    const auto at = static_cast<std::size_t>(arm);
    BenefitRow row{arm_words(arm), static_cast<int>(at), {}, {}};
    for (const std::size_t year : {5U, 10U, 15U}) {
      const bool surgery = arm == PredictArm::surgery;
      row.low.push_back(surgery ? answer.curves.low.alive[at][year - 1] : answer.curves.benefit_low[at][year - 1]);
      row.high.push_back(surgery ? answer.curves.high.alive[at][year - 1] : answer.curves.benefit_high[at][year - 1]);
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::string survival_svg(const PredictAnswer& answer, const std::string& id) {
  const auto& low = answer.curves.low;
  const auto& high = answer.curves.high;
  std::string out = fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{}-title\">\n<title "
      "id=\"{}-title\">{}</title>\n",
      kWidth, kHeight, id, id, html_say("care.chance_of_being_alive_by_year_with"));
  std::vector<double> below(kYears + 1, 0.0);
  for (const PredictArm arm : arms_of(answer)) {
    if (arm == PredictArm::extended) {
      continue;
    }
    std::string points;
    std::vector<double> above(kYears + 1);
    for (std::size_t year = 0; year <= kYears; ++year) {
      above[year] = middle(low, high, arm, year);
      points += fmt::format("{:.1f},{:.1f} ", x_of(static_cast<double>(year)), y_of(above[year]));
    }
    for (std::size_t year = kYears + 1; year-- > 0;) {
      points += fmt::format("{:.1f},{:.1f} ", x_of(static_cast<double>(year)), y_of(below[year]));
    }
    out += fmt::format("<polygon class=\"arm{}\" points=\"{}\"/>\n", static_cast<int>(arm), points);
    below = above;
  }
  out += axes();
  const auto last = static_cast<std::size_t>(last_arm(answer));
  std::string points;
  for (std::size_t year = 0; year <= kYears; ++year) {
    const double other = year == 0 ? 0 : (low.other[last][year - 1] + high.other[last][year - 1]) / 2;
    points += fmt::format("{:.1f},{:.1f} ", x_of(static_cast<double>(year)), y_of(100 - other));
  }
  out += fmt::format("<polyline class=\"lost\" points=\"{}\"/>\n</svg>\n", points);
  return out;
}

std::string icon_array_svg(const PredictAnswer& answer, const std::string& id) {
  constexpr int kSide = 10, kStep = 20;
  std::string out = fmt::format(
      "<svg class=\"icons\" viewBox=\"0 0 {0} {0}\" role=\"img\" aria-labelledby=\"{1}-title\">\n<title "
      "id=\"{1}-title\">{2}</title>\n",
      kSide * kStep, id, html_say("care.icons_title"));
  int at = 0;
  for (const Part& part : people(answer)) {
    for (int i = 0; i < part.count; ++i, ++at) {
      const int x = at % kSide * kStep, y = at / kSide * kStep;
      if (part.style.starts_with("arm")) {
        out += fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"8\"/>", part.style, x + 10, y + 10);
        if (part.style != "arm0") {  // a plus: alive through a treatment
          out += fmt::format("<path d=\"M{} {}h8m-4 -4v8\" stroke=\"#fff\" stroke-width=\"2\" fill=\"none\"/>", x + 6,
                             y + 10);
        }
      } else if (part.style == "dead-breast") {
        out +=
            fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"15\" height=\"15\"/>", part.style, x + 3, y + 3);
      } else {
        out += fmt::format("<path class=\"{}\" d=\"M{} {}l8 14h-16z\"/>", part.style, x + 10, y + 3);
      }
    }
    out += '\n';
  }
  return out + "</svg>\n";
}

std::vector<std::string> icon_words(const PredictAnswer& answer) {
  std::vector<std::string> out;
  for (const Part& part : people(answer)) {
    out.push_back(fmt::format("{} {}", part.count, part.label));
  }
  return out;
}

}  // namespace her2
