// SPDX-License-Identifier: Apache-2.0
#include "her2/run/ish_run.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/exchange/case_json.h"
#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/ish_html.h"
#include "her2/report/ish_json.h"
#include "her2/run/case_status.h"
#include "her2/run/decided.h"
#include "her2/run/ish_verdicts.h"

namespace her2 {
namespace {

// Schemes that decide by dual-probe counts, the current one first.
constexpr std::array<std::string_view, 4> kSchemes{"breast-2023", "breast-2018", "breast-2013", "breast-2007"};
constexpr std::string_view kFromIhcOption = "--ihc";

class IshComposition {
 public:
  IshComposition(const IshRun& run, const Catalog& catalog) : run_(run), catalog_(catalog) {}

  Result<IshReport> go() {
    if (auto counted = count(); !counted) {
      return tl::unexpected(counted.error());
    }
    auto input = make_case();
    if (!input) {
      return tl::unexpected(input.error());
    }
    if (auto decided = decide(*input); !decided) {
      return tl::unexpected(decided.error());
    }
    out_.case_json = case_json(*input, catalog_.dictionary);
    out_.verdicts = ish_verdicts(out_.table, out_.score);
    for (const std::string& warning : run_.warnings) {
      if (said_of_a_field(warning)) {
        continue;
      }
      out_.verdicts.push_back({"measurement", Severity::warning, "Measurement", warning});
    }
    if (!run_.unused.empty()) {
      out_.verdicts.push_back(
          {"columns", Severity::ok, "Columns", fmt::format("Not used: {}.", fmt::join(run_.unused, ", "))});
    }
    return std::move(out_);
  }

 private:
  Result<void> count() {
    if (run_.readers.empty() || run_.readers.size() > 2) {
      return fail(fmt::format("there are {} readers; the counts of one or two are expected", run_.readers.size()));
    }
    auto table = with_edits(run_.readers[0].table, run_.edits);
    if (!table) {
      return tl::unexpected(table.error());
    }
    out_.table = std::move(*table);
    out_.reader = run_.readers[0].reader;
    out_.software = "her2 " HER2_VERSION;
    out_.edits = run_.edits;
    std::set<std::string> authors;
    for (const IshEdit& edit : run_.edits) {
      authors.insert(edit.author.empty() ? "not stated" : edit.author);
    }
    out_.edit_authors.assign(authors.begin(), authors.end());
    out_.score = score_ish(out_.table, run_.level);
    if (out_.score.tally.counted() == 0) {
      return fail(nothing_words(), {}, out_.table.name);
    }
    count_areas();
    if (run_.readers.size() == 2) {
      IshReader& second = out_.second.emplace();
      second.name = run_.readers[1].reader;
      second.score = score_ish(run_.readers[1].table, run_.level);
      second.comparison = compare_readers(out_.table, run_.readers[1].table);
    }
    return {};
  }

  std::string nothing_words() const {
    const IshTally& tally = out_.score.tally;
    std::vector<std::string> parts;
    for (std::size_t v = 1; v < kNucleusVerdicts; ++v) {
      if (tally.nuclei.at(v) > 0) {
        parts.push_back(fmt::format("{} {}", tally.nuclei.at(v), words(static_cast<NucleusVerdict>(v))));
      }
    }
    return parts.empty() ? std::string("no nucleus was found")
                         : fmt::format("none of the {} nuclei can be counted: {}", tally.found, fmt::join(parts, ", "));
  }

  [[nodiscard]] bool said_of_a_field(const std::string& warning) const {
    return std::any_of(out_.table.fields.begin(), out_.table.fields.end(), [&](const IshField& field) {
      return std::find(field.notices.begin(), field.notices.end(), warning) != field.notices.end();
    });
  }

  void count_areas() {
    std::map<std::uint32_t, CountSums> by_area;
    for (const NucleusCount& nucleus : out_.score.nuclei) {
      by_area[nucleus.area].add(nucleus);
    }
    for (const auto& [area, sums] : by_area) {
      if (by_area.size() > 1) {
        out_.areas.push_back({area < out_.table.areas.size() ? out_.table.areas[area] : "", sums,
                              ish_group(sums.her2, sums.cep17, sums.nuclei)});
      }
    }
  }

  Result<Specimen*> joined_specimen(Case& input) {
    if (!run_.specimen.empty()) {
      for (Specimen& specimen : input.specimens) {
        if (specimen.id == run_.specimen) {
          return &specimen;
        }
      }
      return fail(fmt::format("has no specimen {}", run_.specimen), {}, run_.joined_file);
    }
    if (input.specimens.size() == 1) {
      return &input.specimens[0];
    }
    std::vector<std::string> ids;
    for (const Specimen& specimen : input.specimens) {
      ids.push_back(specimen.id);
    }
    return fail(fmt::format("has {} specimens; say with --specimen which one was counted: {}", ids.size(),
                            fmt::join(ids, ", ")),
                {}, run_.joined_file);
  }

  Result<Case> make_case() {
    Case input;
    if (run_.joined) {
      input = *run_.joined;
    } else {
      input.id = std::filesystem::path(out_.table.name).filename().string();
      input.specimens.emplace_back();
      input.specimens[0].id = input.id;
      input.specimens[0].kind = "other";
    }
    if (!run_.case_id.empty()) {
      input.id = run_.case_id;
    }
    auto found = joined_specimen(input);
    if (!found) {
      return tl::unexpected(found.error());
    }
    Specimen& specimen = **found;
    if (auto done = add_ihc(specimen); !done) {
      return tl::unexpected(done.error());
    }
    if (auto done = add_ish_facts(out_.table, out_.score, catalog_.dictionary, specimen); !done) {
      return tl::unexpected(done.error());
    }
    if (out_.second && wants_recount(specimen)) {
      out_.second->is_recount = true;
      const CountSums& sums = out_.second->score.count.sums;
      if (auto done = add_recount_facts(run_.readers[1].table, sums, run_.recount, catalog_.dictionary, specimen);
          !done) {
        return tl::unexpected(done.error());
      }
    }
    specimen_ = static_cast<std::size_t>(&specimen - input.specimens.data());
    return input;
  }

  Result<void> add_ihc(Specimen& specimen) {
    const auto id = catalog_.dictionary.find("ihc_score");
    if (!id) {
      return fail("the dictionary of facts has no ihc_score");
    }
    if (!run_.ihc_score.empty()) {
      auto value = parse_value(catalog_.dictionary[*id], run_.ihc_score);
      if (!value) {
        return tl::unexpected(located(value.error(), std::string(kFromIhcOption)));
      }
      Source source;
      source.place = kFromIhcOption;
      specimen.facts[*id] = {*id, *value, source, {}};
      out_.ihc_source = kFromIhcOption;
    }
    const Value value = specimen.value(*id);
    out_.ihc = value.is_missing() ? "" : value_text(catalog_.dictionary[*id], value);
    if (out_.ihc_source.empty() && !out_.ihc.empty()) {
      out_.ihc_source = run_.joined_file;
    }
    return {};
  }

  // Groups 2 to 4 are recounted by an additional observer where IHC is 2+; a count that was not called for is compared,
  // not used.
  [[nodiscard]] bool wants_recount(const Specimen& specimen) const {
    const auto group = out_.score.count.group;
    if (!group || *group < 2 || *group > 4 || out_.second->score.count.sums.nuclei == 0) {
      return false;
    }
    const auto id = catalog_.dictionary.find("ihc_score");
    const Value ihc = id ? specimen.value(*id) : Value::missing();
    const auto two = id ? catalog_.dictionary[*id].index_of("2+") : std::nullopt;
    return ihc.state != Value::State::choice || (two && (ihc.choices >> *two & 1U) != 0);
  }

  Result<void> decide(const Case& input) {
    std::vector<const Scheme*> schemes;
    if (run_.edition.empty()) {
      for (const std::string_view id : kSchemes) {
        if (const Scheme* scheme = catalog_.scheme(id, input.tumour)) {
          schemes.push_back(scheme);
        }
      }
    } else if (const Scheme* scheme = catalog_.scheme(run_.edition, input.tumour)) {
      schemes.push_back(scheme);
    }
    if (schemes.empty()) {
      return fail(run_.edition.empty() ? fmt::format("no edition decides ISH of the tumour '{}'", input.tumour)
                                       : fmt::format("there is no edition '{}' for {}; see 'her2 guideline list'",
                                                     run_.edition, input.tumour));
    }
    for (const Scheme* scheme : schemes) {
      const auto plan = make_plan(catalog_, *scheme);
      if (!plan) {
        return tl::unexpected(plan.error());
      }
      out_.editions.push_back(edition(*plan, input));
    }
    return {};
  }

  IshEdition edition(const Plan& plan, const Case& input) {
    IshEdition out;
    Case counted = input;
    const Specimen& specimen = input.specimens[specimen_];
    counted.specimens = {specimen};
    const bool own_ensemble = out_.score.groups && out_.score.tally.at_least == 0;
    if (own_ensemble) {
      counted.specimens[0].ensembles.pop_back();  // add_ish_facts puts it last
    }
    out.counted = case_status(plan, counted, {});
    if (!speaks_english()) {
      const Speaking english(english_messages());
      out.english = case_status(plan, counted, {});
    }
    if (!own_ensemble) {
      return out;
    }
    FactValues facts;
    for (const auto& [id, fact] : specimen.facts) {
      facts[id] = fact.value;
    }
    const Shares shares = ensemble_shares(plan, facts, specimen.ensembles);
    out_.replicates = shares.replicates;
    out_.conditional_on = specimen.ensembles.back().conditional_on;
    const FactId status = plan.scheme->answers.front();
    const auto found = shares.counts.find(status);
    if (found == shares.counts.end()) {
      return out;
    }
    std::vector<std::pair<std::uint64_t, int>> order;
    for (const auto& [value, count] : found->second) {
      order.emplace_back(count, value);
    }
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    const FactType& type = plan.dictionary()[status];
    for (const auto& [count, value] : order) {
      PossibleValue likely;
      likely.value = value < 0 ? "open" : type.values[static_cast<std::size_t>(value)];
      likely.probability = rounded_text(Rational(count, shares.replicates), 4);
      const auto rows = shares.rows.find(status);
      if (rows != shares.rows.end() && rows->second.contains(value)) {
        likely.row = rows->second.at(value);
      }
      out.likely.push_back(std::move(likely));
    }
    return out;
  }

  const IshRun& run_;
  const Catalog& catalog_;
  IshReport out_;
  std::size_t specimen_ = 0;  // which one was counted
};

Result<void> write_whole(const std::string& path, const std::string& bytes) {
  auto file = OutputFile::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  if (auto written = file->write(bytes); !written) {
    return written;
  }
  return file->commit();
}

}  // namespace

Result<IshReport> ish_report(const IshRun& run, const Catalog& catalog) { return IshComposition(run, catalog).go(); }

Result<void> write_ish(IshReport& report, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail("this folder cannot be made: " + error.message(), {}, folder);
  }
  std::vector<std::pair<std::string, std::string>> files{{"nuclei.csv", nuclei_csv(report.table)},
                                                         {"case.json", report.case_json}};
  if (!report.edits.empty()) {
    files.emplace_back("edits.json", ish_edits_json(report.edits));
  }
  for (const IhcPicture& picture : report.pictures) {
    files.emplace_back(picture.id + ".png", picture.png);
  }
  for (const auto& [name, bytes] : files) {
    if (auto written = write_whole((std::filesystem::path(folder) / name).string(), bytes); !written) {
      return written;
    }
    report.files.push_back(name);
  }
  report.files.emplace_back("report.html");
  report.files.emplace_back("result.json");
  if (auto written = write_whole((std::filesystem::path(folder) / "report.html").string(), ish_html(report));
      !written) {
    return written;
  }
  return write_whole((std::filesystem::path(folder) / "result.json").string(), ish_json(report));
}

}  // namespace her2
