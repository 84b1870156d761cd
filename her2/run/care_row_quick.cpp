// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_row.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>
#include <utility>

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
  menopause,
  recorded_npi,
  recorded_stage,
  meanings,
  ignored,
  goes_slow
};
struct Column {
  std::string_view fact;
  PlainFact meaning;
  std::vector<std::pair<std::string_view, int>> codes;  // of a choice
};
const std::vector<Column>& columns() {
  static const std::vector<std::pair<std::string_view, int>> kYes{{"no", 0}, {"yes", 1}};
  static const std::vector<std::pair<std::string_view, int>> kReceptor{
      {"negative", 0}, {"positive", 1}, {"low-positive", 1}};
  static const std::vector<Column> kAll{
      {"age_years", age, {}},
      {"size_mm", size, {}},
      {"positive_nodes", nodes, {}},
      {"grade", grade, {{"1", 1}, {"2", 2}, {"3", 3}}},
      {"er_status", er_status, kReceptor},
      {"er_percent", er_percent, {}},
      {"pgr_status", pgr_status, kReceptor},
      {"pgr_percent", pgr_percent, {}},
      {"ki67_percent", ki67, {}},
      {"detection", detection, {{"clinical", 0}, {"screening", 1}}},
      {"smoking", smoking, {{"never", 0}, {"former", 0}, {"current", 1}}},
      {"given_radiotherapy", radiotherapy, kYes},
      {"heart_dose_gy", heart, {}},
      {"given_endocrine", endocrine, {{"no", 0}, {"five-years", 1}, {"ten-years", 2}}},
      {"given_chemotherapy", chemotherapy, {{"none", 0}, {"second-generation", 2}, {"third-generation", 3}}},
      {"given_trastuzumab", trastuzumab, kYes},
      {"given_bisphosphonate", bisphosphonate, kYes},
      {"pt", pt, {{"0", 0}, {"is", 1}, {"1mi", 2}, {"1a", 3}, {"1b", 4}, {"1c", 5}, {"2", 6}, {"3", 7}, {"4", 8}}},
      {"pn", pn, {{"0", 0}, {"1mi", 1}, {"1", 2}, {"2", 3}, {"3", 4}}},
      {"m_category", m, {{"0", 0}, {"1", 1}}},
      {"menopausal_status", menopause, {{"pre", 0}, {"post", 1}}},
      {"recorded_npi", recorded_npi, {}},
      {"recorded_stage", recorded_stage, {}}};
  return kAll;
}
// Facts that lead away from the quick way: they may contradict or replace what the plain columns say.
constexpr std::array<std::string_view, 25> kSlowFacts{"ct",
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
                                                      "anatomic_stage",
                                                      "clinical_stage",
                                                      "yp_stage",
                                                      "t_for_stage",
                                                      "n_for_stage",
                                                      "recurrence_score",
                                                      "neoadjuvant_chemo",
                                                      "hpf_area_mm2",
                                                      "sex"};

// Widens the chances by one possible case, whose treatment lies between two arms.
void widen(CareRow& row, const PredictCurves& curves, PredictArm low_arm, PredictArm high_arm) {
  const auto a = static_cast<std::size_t>(low_arm), b = static_cast<std::size_t>(high_arm);
  const std::array<CareRow::Span, CareRow::kChances> now{{{curves.alive[a][4], curves.alive[b][4]},
                                                          {curves.alive[a][9], curves.alive[b][9]},
                                                          {curves.alive[a][14], curves.alive[b][14]},
                                                          {curves.alive[0][9], curves.alive[0][9]},
                                                          {curves.breast[b][9], curves.breast[a][9]},
                                                          {curves.other[a][9], curves.other[b][9]}}};
  for (std::size_t i = 0; i < now.size(); ++i) {
    CareRow::Span& all = row.chances[i];
    all = row.has_chances ? CareRow::Span{std::min(all.low, now[i].low), std::max(all.high, now[i].high)} : now[i];
  }
  row.has_chances = true;
}

constexpr unsigned kTen = 1U << 2U, kFiveOrTen = 1U << 1U | kTen;  // codes of given_endocrine

// T of a size in mm (stage.h: t_of_size), as an index.
int t_index(double mm) { return mm <= 1 ? 2 : mm < 5.5 ? 3 : mm < 10.5 ? 4 : mm < 20.5 ? 5 : mm < 50.5 ? 6 : 7; }

}  // namespace

// A row of plain values.
struct CareRowTeller::Plain {
  std::array<double, meanings> number{};
  std::array<unsigned, meanings> codes{};  // bit c: the choice may stand for c; 0: not recorded
  std::array<bool, meanings> known{};

  [[nodiscard]] int code(PlainFact fact) const { return codes[fact] == 0 ? 0 : std::countr_zero(codes[fact]); }
};

CareRowTeller::CareRowTeller(const Dictionary& dictionary, const BoundMap& map, const PrognosisOptions& options)
    : dictionary_(dictionary), options_(options) {
  for (const FactId fact : map.facts()) {
    const FactType& type = dictionary[fact];
    const auto plain = std::find_if(columns().begin(), columns().end(),
                                    [&](const Column& column) { return column.fact == type.name; });
    const bool is_slow = std::find(kSlowFacts.begin(), kSlowFacts.end(), type.name) != kSlowFacts.end();
    meaning_.push_back(plain != columns().end() ? plain->meaning : is_slow ? goes_slow : ignored);
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
    if (meaning == ignored || value.kind == RowValue::Kind::missing) {
      continue;
    }
    if (value.kind == RowValue::Kind::unknown && meaning >= pgr_status && meaning != pt && meaning != pn &&
        meaning != m && meaning != goes_slow) {
      continue;  // not recorded, for the models
    }
    if (meaning == goes_slow || value.kind == RowValue::Kind::unknown) {
      return false;
    }
    plain.known[meaning] = true;
    if (meaning == recorded_stage) {
      continue;  // looked at beside M only
    }
    if (value.kind == RowValue::Kind::choice) {
      for (std::uint64_t rest = value.choices; rest != 0; rest &= rest - 1) {
        const int code = codes_[slot][static_cast<std::size_t>(std::countr_zero(rest))];
        if (code < 0) {
          return false;
        }
        plain.codes[meaning] |= 1U << static_cast<unsigned>(code);
      }
      const bool several = !std::has_single_bit(plain.codes[meaning]);
      if (several && meaning != chemotherapy && meaning != menopause && plain.codes[meaning] != kFiveOrTen) {
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
  constexpr int kMenopause = 60;
  const bool contradicts =
      (x.codes[menopause] == 1 && x.number[age] >= kMenopause) || (x.known[recorded_stage] && x.known[m]);
  if (!enough || contradicts || x.code(m) == 1) {
    return std::nullopt;
  }
  const auto known_code = [&](PlainFact fact) {
    return !x.known[fact] ? Known::unknown : x.code(fact) == 1 ? Known::yes : Known::no;
  };
  const auto known_if = [](bool yes) { return yes ? Known::yes : Known::no; };
  PredictTumour out;
  out.age = x.number[age];
  out.size_mm = x.number[size];
  out.nodes = x.number[nodes];
  out.grade = x.code(grade);
  out.er = x.known[er_status] ? x.code(er_status) == 1 : x.number[er_percent] >= 1;
  out.screened = known_code(detection);
  out.pgr =
      x.known[pgr_status] || !x.known[pgr_percent] ? known_code(pgr_status) : known_if(x.number[pgr_percent] >= 1);
  out.ki67 = x.known[ki67] ? known_if(x.number[ki67] > 10) : Known::unknown;
  out.her2 = her2 == "positive" ? Known::yes : her2 == "negative" ? Known::no : Known::unknown;
  out.smokes = x.code(smoking) == 1;
  return out;
}

// T, N and stage where categories and measurements say the same. False: the long way is needed.
template <class Plain>
bool tell_extent(const Plain& x, CareRow& out) {
  const double count = x.number[nodes];
  const int t_size = t_index(x.number[size]), n_count = count == 0 ? 0 : count <= 3 ? 2 : count <= 9 ? 3 : 4;
  if (x.known[pt] != x.known[pn]) {
    return false;
  }
  constexpr int kT4 = 8;
  const int t = x.known[pt] ? x.code(pt) : t_size, n = x.known[pn] ? x.code(pn) : n_count;
  const bool agree = (t == kT4 || t == t_size) && (n >= n_count || (n == 1 && n_count == 2));
  const auto stage =
      agree ? anatomic_stage(static_cast<unsigned>(t), static_cast<unsigned>(n), 0) : std::optional<unsigned>();
  if (!stage) {
    return false;
  }
  out.t = kTNames[static_cast<std::size_t>(t)];
  out.n = kNNames[static_cast<std::size_t>(n)];
  out.stage = kStageNames[*stage];
  if (!x.known[pn] && n == 2) {  // one to three nodes may be micrometastases
    const auto lower = anatomic_stage(static_cast<unsigned>(t), 1, 0);
    out.n = "1mi|1";
    out.stage = *lower == *stage ? out.stage : std::string(kStageNames[*lower]) + "|" + out.stage;
  }
  return true;
}

// What contradictions.h says of a recorded index: "", "npi-size-term", "npi-differs"; nothing where the long way is
// needed.
template <class Plain>
std::optional<std::string_view> npi_notice(const Plain& x) {
  if (!x.known[recorded_npi]) {
    return "";
  }
  // in millionths: whole numbers where no more digits are written
  const double recorded = x.number[recorded_npi] * 1e6, size_part = x.number[size] * 2000;
  const double near = std::round(recorded), part = std::round(size_part);
  if (std::abs(recorded - near) > 1e-4 || std::abs(size_part - part) > 1e-6) {
    return std::nullopt;
  }
  const double nodes_part = x.number[nodes] < 1 ? 1 : x.number[nodes] < 4 ? 2 : 3;
  const double rest = 1e6 * (x.code(grade) + nodes_part);
  constexpr double kNear = 10'000;
  return std::abs(near - rest - 10 * part) <= kNear ? ""
         : std::abs(near - rest - part) <= kNear    ? "npi-size-term"
                                                    : "npi-differs";
}

}  // namespace

bool CareRowTeller::quick(const MappedRow& row, std::string_view her2, CareRow& out) {
  Plain x;
  if (options_.clinical_table != nullptr || options_.pathological_table != nullptr || !read(row, x)) {
    return false;
  }
  auto tumour = tumour_of(x, her2);
  const auto notice = npi_notice(x);
  const bool second = options_.model == PredictModel::v2_2;
  const bool radiated = x.code(radiotherapy) == 1 && !second;
  PredictTreatment with{radiated, radiated ? x.number[heart] : 0, x.code(endocrine) > 0,
                        0,        x.code(trastuzumab) == 1,       x.code(bisphosphonate) == 1};
  out.clear();
  if (!tumour || !notice || !check_predict(*tumour, with) || !tell_extent(x, out)) {
    return false;
  }
  out.notices = *notice;
  const double index = npi(tumour->size_mm, tumour->grade, tumour->nodes);
  const double survival = npi_survival(std::clamp(index, 2.0, 6.9));
  out.has_npi = true;
  out.npi = {index, index};
  out.npi_survival = {survival, survival};
  out.npi_group = npi_group_name(npi_group(tumour->size_mm, tumour->grade, tumour->nodes));
  tell_chances(x, *tumour, with, out);
  return true;
}

// Every combination of what is not known and has no value of the model's own.
void CareRowTeller::tell_chances(const Plain& x, PredictTumour tumour, PredictTreatment with, CareRow& out) const {
  const bool second = options_.model == PredictModel::v2_2;
  const bool smoking_open = !x.known[smoking] && !second, heart_open = with.radiotherapy && !x.known[heart];
  const unsigned chemo = x.known[chemotherapy] ? x.codes[chemotherapy] : 1;
  const bool ten = x.known[endocrine] && x.codes[endocrine] == kTen;
  const bool may_be_ten = x.known[endocrine] && (x.codes[endocrine] & kTen) != 0;
  for (unsigned rest = chemo; rest != 0; rest &= rest - 1) {
    with.chemotherapy = std::countr_zero(rest);
    for (int smokes = 0; smokes <= (smoking_open ? 1 : 0); ++smokes) {
      tumour.smokes = smoking_open ? smokes == 1 : tumour.smokes;
      for (int heavy = 0; heavy <= (heart_open ? 1 : 0); ++heavy) {
        with.heart_gy = !heart_open ? with.heart_gy : heavy == 1 ? kPredictHeart.high : kPredictHeart.low;
        widen(out, predict(options_.model, PredictOutcome::death, tumour, with),
              ten ? PredictArm::extended : PredictArm::bisphosphonate,
              may_be_ten ? PredictArm::extended : PredictArm::bisphosphonate);
      }
    }
  }
  std::vector<std::string> open;
  if (smoking_open) {
    open.emplace_back("smoking");
  }
  if (heart_open) {
    open.emplace_back("heart_dose_gy");
  }
  if (!std::has_single_bit(chemo)) {
    open.emplace_back("given_chemotherapy");
  }
  out.unknown = joined_words(open, ';');
  const bool one =
      std::all_of(out.chances.begin(), out.chances.end(), [](const auto& chance) { return chance.low == chance.high; });
  out.predict = one ? CareState::answered : CareState::open;
}

}  // namespace her2
