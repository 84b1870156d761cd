// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_row.h"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "her2/care/contradictions.h"
#include "her2/care/npi.h"
#include "her2/care/stage.h"

namespace her2 {
namespace {

// What a column of the quick way says. Facts that are not listed but that some part of care reads send a row the slow
// way.
enum PlainFact : std::uint8_t {
  age,
  size,
  nodes,
  grade,
  er_status,
  er_percent,
  pgr_status,
  pgr_percent,
  ki67,
  detection,
  smoking,
  radiotherapy,
  heart,
  endocrine,
  chemotherapy,
  trastuzumab,
  bisphosphonate,
  pt,
  pn,
  m,
  kMeanings,
  kIgnored,
  kSlow
};
struct Column {
  std::string_view fact;
  PlainFact meaning;
  std::vector<std::pair<std::string_view, int>> codes;  // of a choice
};
const std::vector<Column>& columns() {
  static const std::vector<std::pair<std::string_view, int>> yes{{"no", 0}, {"yes", 1}};
  static const std::vector<std::pair<std::string_view, int>> receptor{
      {"negative", 0}, {"positive", 1}, {"low-positive", 1}};
  static const std::vector<Column> all{
      {"age_years", age, {}},
      {"size_mm", size, {}},
      {"positive_nodes", nodes, {}},
      {"grade", grade, {{"1", 1}, {"2", 2}, {"3", 3}}},
      {"er_status", er_status, receptor},
      {"er_percent", er_percent, {}},
      {"pgr_status", pgr_status, receptor},
      {"pgr_percent", pgr_percent, {}},
      {"ki67_percent", ki67, {}},
      {"detection", detection, {{"clinical", 0}, {"screening", 1}}},
      {"smoking", smoking, {{"never", 0}, {"former", 0}, {"current", 1}}},
      {"given_radiotherapy", radiotherapy, yes},
      {"heart_dose_gy", heart, {}},
      {"given_endocrine", endocrine, {{"no", 0}, {"five-years", 1}}},
      {"given_chemotherapy", chemotherapy, {{"none", 0}, {"second-generation", 2}, {"third-generation", 3}}},
      {"given_trastuzumab", trastuzumab, yes},
      {"given_bisphosphonate", bisphosphonate, yes},
      {"pt", pt, {{"0", 0}, {"is", 1}, {"1mi", 2}, {"1a", 3}, {"1b", 4}, {"1c", 5}, {"2", 6}, {"3", 7}, {"4", 8}}},
      {"pn", pn, {{"0", 0}, {"1mi", 1}, {"1", 2}, {"2", 3}, {"3", 4}}},
      {"m_category", m, {{"0", 0}, {"1", 1}}}};
  return all;
}
// Facts that lead away from the quick way: they may contradict or replace what the plain columns say.
constexpr std::array<std::string_view, 28> kSlowFacts{"ct",
                                                      "cn",
                                                      "ypt",
                                                      "ypn",
                                                      "yp_nodes",
                                                      "size_clinical_mm",
                                                      "node_deposit_mm",
                                                      "yp_deposit_mm",
                                                      "t4_features",
                                                      "inflammatory",
                                                      "tubule_score",
                                                      "tubule_percent",
                                                      "pleomorphism_score",
                                                      "mitotic_score",
                                                      "mitoses_10_hpf",
                                                      "nottingham_score",
                                                      "recorded_stage",
                                                      "anatomic_stage",
                                                      "clinical_stage",
                                                      "yp_stage",
                                                      "recorded_npi",
                                                      "menopausal_status",
                                                      "t_for_stage",
                                                      "n_for_stage",
                                                      "recurrence_score",
                                                      "neoadjuvant_chemo",
                                                      "hpf_area_mm2",
                                                      "sex"};

constexpr auto kAllArms = static_cast<std::size_t>(PredictArm::bisphosphonate);

std::array<double, CareRow::kChances> chances_of(const PredictCurves& curves) {
  return {curves.alive[kAllArms][4], curves.alive[kAllArms][9],  curves.alive[kAllArms][14],
          curves.alive[0][9],        curves.breast[kAllArms][9], curves.other[kAllArms][9]};
}

std::string joined(const std::vector<std::string>& words, char separator) {
  std::string out;
  for (const auto& word : words) {
    out += out.empty() ? "" : std::string(1, separator);
    out += word;
  }
  return out;
}

// The values that a choice may have in some reading, joined by |.
std::string values_of(const Dictionary& dictionary, const std::vector<FactValues>& readings, std::string_view name) {
  const auto id = dictionary.find(name);
  std::uint64_t mask = 0;
  for (const auto& facts : readings) {
    const auto found = id ? facts.find(*id) : facts.end();
    mask |= found != facts.end() && found->second.state == Value::State::choice ? found->second.choices : 0;
  }
  std::vector<std::string> words;
  for (unsigned i = 0; mask != 0 && i < dictionary[*id].values.size(); ++i) {
    if ((mask >> i & 1U) != 0) {
      words.push_back(dictionary[*id].values[i]);
    }
  }
  return joined(words, '|');
}

// T of a size in mm (stage.h: t_of_size), as an index.
int t_index(double mm) { return mm <= 1 ? 2 : mm < 5.5 ? 3 : mm < 10.5 ? 4 : mm < 20.5 ? 5 : mm < 50.5 ? 6 : 7; }

}  // namespace

// A row of plain values. A choice is -1 where it is not recorded.
struct CareRowTeller::Plain {
  std::array<double, kMeanings> number{};
  std::array<int, kMeanings> code{};
  std::array<bool, kMeanings> known{};
};

void CareRow::clear() {
  t.clear();
  n.clear();
  stage.clear();
  prognostic_stage.clear();
  npi_group.clear();
  unknown.clear();
  notices.clear();
  refused.clear();
  has_npi = has_chances = false;
  predict = CareState::open;
}

CareRowTeller::CareRowTeller(const Dictionary& dictionary, const BoundMap& map, const PrognosisOptions& options)
    : dictionary_(dictionary), options_(options) {
  for (const FactId fact : map.facts()) {
    const FactType& type = dictionary[fact];
    const auto plain = std::find_if(columns().begin(), columns().end(),
                                    [&](const Column& column) { return column.fact == type.name; });
    const bool slow = std::find(kSlowFacts.begin(), kSlowFacts.end(), type.name) != kSlowFacts.end();
    meaning_.push_back(plain != columns().end() ? plain->meaning : slow ? kSlow : kIgnored);
    std::vector<int> codes(type.values.size(), -1);
    for (const auto& [name, code] : plain != columns().end() ? plain->codes : decltype(plain->codes){}) {
      if (const auto index = type.index_of(name)) {
        codes[*index] = code;
      }
    }
    codes_.push_back(std::move(codes));
  }
}

bool CareRowTeller::take_number(const RowValue& value, double& out) {
  constexpr std::array<double, 10> kTens{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  constexpr std::int64_t kMost = std::int64_t{1} << 53U;
  if (value.kind != RowValue::Kind::decimal || value.number.scale >= kTens.size() || value.number.mantissa > kMost) {
    return false;
  }
  out = static_cast<double>(value.number.mantissa) / kTens[value.number.scale];  // both exact: rounded once
  return true;
}

bool CareRowTeller::read(const MappedRow& row, Plain& plain) const {
  for (std::size_t slot = 0; slot < row.values.size(); ++slot) {
    const RowValue& value = row.values[slot];
    const std::uint8_t meaning = meaning_[slot];
    if (meaning == kIgnored || value.kind == RowValue::Kind::missing) {
      continue;
    }
    if (meaning == kSlow || value.kind == RowValue::Kind::unknown) {
      return false;
    }
    plain.known[meaning] = true;
    if (value.kind == RowValue::Kind::choice) {
      plain.code[meaning] = std::has_single_bit(value.choices)
                                ? codes_[slot][static_cast<std::size_t>(std::countr_zero(value.choices))]
                                : -1;
      if (plain.code[meaning] < 0) {
        return false;
      }
    } else if (!take_number(value, plain.number[meaning])) {
      return false;
    }
  }
  return true;
}

namespace {

// The tumour as PREDICT takes it; nothing where the long way is needed.
template <class Plain>
std::optional<PredictTumour> tumour_of(const Plain& x, std::string_view her2) {
  const bool enough =
      x.known[age] && x.known[size] && x.known[nodes] && x.known[grade] && (x.known[er_status] || x.known[er_percent]);
  if (!enough || x.code[m] == 1) {
    return std::nullopt;
  }
  const auto known_code = [&](PlainFact fact) {
    return !x.known[fact] ? Known::unknown : x.code[fact] == 1 ? Known::yes : Known::no;
  };
  const auto known_if = [](bool yes) { return yes ? Known::yes : Known::no; };
  PredictTumour out;
  out.age = x.number[age];
  out.size_mm = x.number[size];
  out.nodes = x.number[nodes];
  out.grade = x.code[grade];
  out.er = x.known[er_status] ? x.code[er_status] == 1 : x.number[er_percent] >= 1;
  out.screened = known_code(detection);
  out.pgr =
      x.known[pgr_status] || !x.known[pgr_percent] ? known_code(pgr_status) : known_if(x.number[pgr_percent] >= 1);
  out.ki67 = x.known[ki67] ? known_if(x.number[ki67] > 10) : Known::unknown;
  out.her2 = her2 == "positive" ? Known::yes : her2 == "negative" ? Known::no : Known::unknown;
  out.smokes = x.code[smoking] == 1;
  return out;
}

struct Extent {
  unsigned t = 0, n = 0, stage = 0;
};

// T, N and stage where categories and measurements say the same and give one stage.
template <class Plain>
std::optional<Extent> extent_of(const Plain& x) {
  const double count = x.number[nodes];
  const int t_size = t_index(x.number[size]), n_count = count == 0 ? 0 : count <= 3 ? 2 : count <= 9 ? 3 : 4;
  if (x.known[pt] != x.known[pn] || (!x.known[pn] && n_count == 2)) {
    return std::nullopt;  // one to three nodes may be micrometastases: two stages
  }
  constexpr int kT4 = 8;
  const int t = x.known[pt] ? x.code[pt] : t_size, n = x.known[pn] ? x.code[pn] : n_count;
  const bool agree = (t == kT4 || t == t_size) && (n >= n_count || (n == 1 && n_count == 2));
  const auto stage =
      agree ? anatomic_stage(static_cast<unsigned>(t), static_cast<unsigned>(n), 0) : std::optional<unsigned>();
  return stage ? std::optional(Extent{static_cast<unsigned>(t), static_cast<unsigned>(n), *stage}) : std::nullopt;
}

}  // namespace

bool CareRowTeller::quick(const MappedRow& row, std::string_view her2, CareRow& out) {
  Plain x;
  if (options_.clinical_table != nullptr || options_.pathological_table != nullptr || !read(row, x)) {
    return false;
  }
  auto tumour = tumour_of(x, her2);
  const auto extent = extent_of(x);
  const bool second = options_.model == PredictModel::v2_2;
  const PredictTreatment with{x.code[radiotherapy] == 1 && !second,
                              x.number[heart],
                              x.code[endocrine] == 1,
                              x.code[chemotherapy],
                              x.code[trastuzumab] == 1,
                              x.code[bisphosphonate] == 1};
  if (!tumour || !extent || (with.radiotherapy && !x.known[heart]) || !check_predict(*tumour, with)) {
    return false;
  }
  out.clear();
  out.t = kTNames[extent->t];
  out.n = kNNames[extent->n];
  out.stage = kStageNames[extent->stage];
  const double index = npi(tumour->size_mm, tumour->grade, tumour->nodes);
  const double survival = npi_survival(std::clamp(index, 2.0, 6.9));
  out.has_npi = true;
  out.npi = {index, index};
  out.npi_survival = {survival, survival};
  out.npi_group = npi_group_name(npi_group(tumour->size_mm, tumour->grade, tumour->nodes));
  out.has_chances = true;
  const auto first = chances_of(predict(options_.model, PredictOutcome::death, *tumour, with));
  for (std::size_t i = 0; i < first.size(); ++i) {
    out.chances[i] = {first[i], first[i]};
  }
  const bool smoking_open = !x.known[smoking] && !second;
  if (smoking_open) {
    tumour->smokes = true;
    const auto other = chances_of(predict(options_.model, PredictOutcome::death, *tumour, with));
    for (std::size_t i = 0; i < first.size(); ++i) {
      out.chances[i] = {std::min(first[i], other[i]), std::max(first[i], other[i])};
    }
    out.unknown = "smoking";
  }
  out.predict = smoking_open ? CareState::open : CareState::answered;
  return true;
}

void CareRowTeller::slow(const MappedRow& row, std::string_view her2, CareRow& out) const {
  out.clear();
  FactValues facts;
  for (const RowValue& small : row.values) {
    if (small.kind != RowValue::Kind::missing) {
      facts[small.fact] = BoundMap::value(row, small);
    }
  }
  if (const auto id = dictionary_.find("her2_status"); id && (her2 == "positive" || her2 == "negative")) {
    facts[*id] = Value::of_choice(dictionary_[*id].index_of(her2).value_or(0));
  }
  const Reconciled reconciled = reconcile_care(dictionary_, facts);
  std::vector<std::string> notices;
  for (const auto& discrepancy : reconciled.discrepancies) {
    notices.push_back(discrepancy.id);
  }
  out.notices = joined(notices, ';');
  std::vector<CareResult> npis, predictions, prognostic;
  std::vector<FactValues> readings;
  for (const auto& reading : reconciled.readings) {
    readings.push_back(with_stage_facts(dictionary_, reading.facts));
    const FactValues& now = readings.back();
    npis.push_back(npi_result(dictionary_, now));
    predictions.push_back(
        predict_answer(dictionary_, now, options_.model, PredictOutcome::death, PredictWith::recorded).result);
    const bool surgery = options_.pathological_table != nullptr;
    prognostic.push_back(
        prognostic_stage_result(dictionary_, now, surgery ? options_.pathological_table : options_.clinical_table,
                                surgery ? StageTable::Kind::pathological : StageTable::Kind::clinical));
  }
  out.t = values_of(dictionary_, readings, "t_for_stage");
  out.n = values_of(dictionary_, readings, "n_for_stage");
  out.stage = values_of(dictionary_, readings, "anatomic_stage");
  out.prognostic_stage = joined(united(prognostic).groups, '|');
  const CareResult index = united(npis);
  if (!index.groups.empty()) {
    out.has_npi = true;
    out.npi = {index.numbers[0].low, index.numbers[0].high};
    out.npi_survival = {index.numbers[1].low, index.numbers[1].high};
    out.npi_group = joined(index.groups, '|');
  }
  const CareResult chances = united(predictions);
  out.predict = chances.state;
  out.refused = chances.state == CareState::refused ? chances.says : "";
  out.unknown = joined(chances.unknown, ';');
  if (!chances.numbers.empty() && chances.state != CareState::refused) {
    static constexpr std::array<std::string_view, CareRow::kChances> kIds{"alive_5_treated",   "alive_10_treated",
                                                                          "alive_15_treated",  "alive_10_surgery",
                                                                          "breast_10_treated", "other_10_treated"};
    out.has_chances = true;
    for (const auto& number : chances.numbers) {
      const auto at = std::find(kIds.begin(), kIds.end(), number.id);
      if (at != kIds.end()) {
        out.chances[static_cast<std::size_t>(at - kIds.begin())] = {number.low, number.high};
      }
    }
  }
}

}  // namespace her2
