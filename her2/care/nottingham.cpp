// SPDX-License-Identifier: Apache-2.0
#include "her2/care/nottingham.h"

#include <array>
#include <set>

#include "her2/care/model_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 3> kGrades{"1", "2", "3"};
constexpr double kField = 0.274;  // mm2; limits for other fields are not in the sources read

ModelInput from_points(std::string name, const std::set<int>& points) {
  return {std::move(name), {points.begin(), points.end()}, false, true};
}

std::set<int> tubules_of(const ModelInput& percent) {
  std::set<int> out;
  for (const double at : percent.values) {
    out.insert(tubule_points(at));
  }
  if (percent.continuous && out.size() > 1 && out.contains(1) && out.contains(3)) {
    out.insert(2);
  }
  return out;
}

// Reads one of the three parts: its points, else what they follow from.
void read_tubules(ModelInputs& inputs, const Dictionary& dictionary, const FactValues& facts) {
  if (inputs.find("tubule_score") != nullptr || inputs.find("tubule_percent") == nullptr) {
    inputs.number("tubules", "tubule_score", 1, 3);
    return;
  }
  CareResult scratch;
  ModelInputs percent(dictionary, facts, scratch);
  percent.number("tubules", "tubule_percent", 0, 100);
  inputs.put(from_points("tubules", tubules_of(percent.inputs().front())), "tubule_percent",
             inputs.find("tubule_percent"));
}

void read_mitoses(ModelInputs& inputs, const Dictionary& dictionary, const FactValues& facts, CareResult& out) {
  const Value* area = inputs.find("hpf_area_mm2");
  const bool field = area != nullptr && area->exact_number() && area->exact_number()->convert_to<double>() == kField;
  if (inputs.find("mitotic_score") != nullptr || inputs.find("mitoses_10_hpf") == nullptr || !field) {
    if (inputs.find("mitotic_score") == nullptr && inputs.find("mitoses_10_hpf") != nullptr) {
      out.assumes.push_back(say("prognosis.nottingham_assumes"));
    }
    inputs.number("mitoses", "mitotic_score", 1, 3);
    return;
  }
  CareResult scratch;
  ModelInputs count(dictionary, facts, scratch);
  count.number("mitoses", "mitoses_10_hpf", 0, 10'000);
  std::set<int> points;
  for (const double at : count.inputs().front().values) {
    for (const int one : mitotic_points(at)) {
      points.insert(one);
    }
  }
  if (points.contains(1) && points.contains(3)) {
    points.insert(2);
  }
  inputs.put(from_points("mitoses", points), "mitoses_10_hpf", inputs.find("mitoses_10_hpf"));
}

}  // namespace

int nottingham_grade(int score) { return score <= 5 ? 1 : score <= 7 ? 2 : 3; }
int tubule_points(double percent) { return percent > 75 ? 1 : percent >= 10 ? 2 : 3; }
std::vector<int> mitotic_points(double mitoses) {
  if (mitoses == 20) {
    return {2, 3};
  }
  return {mitoses < 10 ? 1 : mitoses < 20 ? 2 : 3};
}

CareResult nottingham_result(const Dictionary& dictionary, const FactValues& facts) {
  CareResult out;
  out.id = "nottingham_grade";
  out.title = say("prognosis.nottingham_title");
  out.valid = say("prognosis.nottingham_valid");
  out.numbers = {{"nottingham_score", say("prognosis.score"), say("prognosis.points"), 0, 0, 0}};
  out.sources = {say("prognosis.nottingham_source_1"), say("prognosis.nottingham_source_2")};
  out.unconfirmed = {say("prognosis.nottingham_unconfirmed_1")};
  ModelInputs inputs(dictionary, facts, out);
  read_tubules(inputs, dictionary, facts);
  inputs.number("nuclei", "pleomorphism_score", 1, 3);
  read_mitoses(inputs, dictionary, facts, out);
  evaluate(out, inputs, kGrades, [](std::span<const double> x) {
    const int score = static_cast<int>(x[0] + x[1] + x[2]);
    return ModelValue{{static_cast<double>(score)}, nottingham_grade(score) - 1};
  });
  return out;
}

}  // namespace her2
