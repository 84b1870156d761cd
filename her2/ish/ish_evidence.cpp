// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/ish_evidence.h"

#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

// Adds facts of one table; the first thing that is wrong is kept.
class FactAdder {
 public:
  FactAdder(const NucleusTable& table, const Dictionary& dictionary, Specimen& specimen)
      : dictionary_(dictionary), specimen_(specimen) {
    source_.file = table.name;
    source_.author = table.software;
    if (!table.profile_name.empty()) {
      source_.profile = fmt::format("{} (SHA-256 {})", table.profile_name, table.profile_sha256);
    }
  }

  void add(const char* name, const Value& value, std::string place, std::vector<std::string> from = {}) {
    const auto id = dictionary_.find(name);
    if (!id) {
      wrong(fmt::format("the dictionary of facts has no {}, which is what ISH counts", name));
      return;
    }
    if (const auto found = specimen_.facts.find(*id);
        found != specimen_.facts.end() && !found->second.value.is_missing()) {
      wrong(
          fmt::format("the specimen {} states {} already; take it out of the case, so that the counted nuclei give it",
                      specimen_.id, name));
      return;
    }
    Source source = source_;
    source.place = std::move(place);
    specimen_.facts[*id] = {*id, value, std::move(source), std::move(from)};
  }
  void add_choice(const char* name, const char* value, std::string place) {
    const auto id = dictionary_.find(name);
    const auto index = id ? dictionary_[*id].index_of(value) : std::nullopt;
    if (!index) {
      wrong(fmt::format("the dictionary of facts has no {} with the value {}", name, value));
      return;
    }
    add(name, Value::of_choice(*index), std::move(place));
  }
  void add_whole(const char* name, std::uint64_t value, std::string place) {
    add(name, Value::of_number(Decimal{static_cast<std::int64_t>(value), 0}), std::move(place));
  }
  void add_percent(const char* name, std::uint64_t part, std::uint64_t all, const char* of) {
    add(name, Value::of_number(Rational(std::uint64_t{100} * part, all)), fmt::format("{} of {} {}", part, all, of));
  }

  void wrong(std::string reason) {
    if (!error_) {
      error_ = Error{source_.file, {}, std::move(reason)};
    }
  }
  [[nodiscard]] Result<void> done() const {
    if (error_) {
      return tl::unexpected(*error_);
    }
    return {};
  }

 private:
  const Dictionary& dictionary_;
  Specimen& specimen_;
  Source source_;
  std::optional<Error> error_;
};

std::string conditional_words(const IshScore& score) {
  std::string out = fmt::format(
      "the nuclei that were found and accepted; means of {} nuclei as a bivariate t distribution of their logarithms",
      score.count.sums.nuclei);
  if (score.ways.size() > 1) {
    out += fmt::format(", {} ways to read doubtful signals and clusters alike", score.ways.size());
  }
  if (score.count.moments && score.count.moments->areas > 1) {
    out += fmt::format(", nuclei of {} areas resembling each other as they do", score.count.moments->areas);
  }
  return out;
}

void add_ensemble(const IshScore& score, const Dictionary& dictionary, Specimen& specimen) {
  Ensemble ensemble;
  for (const char* name : {"her2_total", "cep17_total", "cells"}) {
    ensemble.ids.push_back(*dictionary.find(name));
  }
  for (const CountedWay& way : score.ways) {
    if (!way.moments) {
      return;
    }
    for (const auto& [her2, cep17] :
         replicates_of(belief_of(*way.moments), way.sums.nuclei, kIshReplicates / score.ways.size())) {
      ensemble.rows.push_back({Decimal{static_cast<std::int64_t>(her2), 0},
                               Decimal{static_cast<std::int64_t>(cep17), 0},
                               Decimal{static_cast<std::int64_t>(way.sums.nuclei), 0}});
    }
  }
  ensemble.conditional_on = conditional_words(score);
  specimen.ensembles.push_back(std::move(ensemble));
}

void add_second(const IshScore& score, FactAdder& facts) {
  const SecondPopulation& second = score.second;
  if (!second.found) {
    return;
  }
  facts.add_percent("second_population_percent", second.members, score.count.sums.nuclei, "counted nuclei");
  const auto group = [](const CountSums& s) { return ish_group(s.her2, s.cep17, s.nuclei); };
  if (group(second.second) == 1 && group(second.first) != 1) {
    facts.add_percent("amplified_percent", second.members, score.count.sums.nuclei, "counted nuclei");
  }
}

}  // namespace

Result<void> add_ish_facts(const NucleusTable& table, const IshScore& score, const Dictionary& dictionary,
                           Specimen& specimen) {
  const CountSums& sums = score.count.sums;
  if (sums.nuclei == 0) {
    return fail("no nucleus was counted, so there are no means of them", {}, table.name);
  }
  FactAdder facts(table, dictionary, specimen);
  const std::string nuclei = fmt::format("{} counted nuclei", sums.nuclei);
  facts.add_choice("probe", "dual", nuclei);
  facts.add_whole("cells", sums.nuclei, nuclei);
  const bool bound = score.tally.at_least > 0;
  if (bound) {
    facts.add("her2_total", Value::of_interval(Bound{Rational(sums.her2), false}, std::nullopt),
              fmt::format("{}; {} with more signals than can be counted", nuclei, score.tally.at_least));
  } else {
    facts.add_whole("her2_total", sums.her2, nuclei);
  }
  facts.add_whole("cep17_total", sums.cep17, nuclei);
  if (score.tally.areas_known) {
    facts.add_whole("invasive_areas", score.tally.areas, nuclei);
  }
  if (table.assay != IshAssay::counts) {
    if (score.tally.scorable > 0) {
      facts.add_percent("unscorable_signal_percent", score.tally.unscorable, score.tally.scorable, "signals in nuclei");
    }
    if (score.tally.clear > 0) {
      facts.add_percent("cytoplasmic_signal_percent", score.tally.cytoplasmic, score.tally.clear, "clear signals");
    }
  }
  add_second(score, facts);
  if (auto done = facts.done(); !done) {
    return done;
  }
  if (!bound && score.groups) {
    add_ensemble(score, dictionary, specimen);
  }
  return {};
}

Result<void> add_recount_facts(const NucleusTable& table, const CountSums& sums, const Recount& recount,
                               const Dictionary& dictionary, Specimen& specimen) {
  if (sums.nuclei == 0) {
    return fail("no nucleus was counted, so it cannot be a recount", {}, table.name);
  }
  FactAdder facts(table, dictionary, specimen);
  const std::string nuclei = fmt::format("{} counted nuclei", sums.nuclei);
  facts.add_whole("recount_cells", sums.nuclei, nuclei);
  facts.add_whole("recount_her2_total", sums.her2, nuclei);
  facts.add_whole("recount_cep17_total", sums.cep17, nuclei);
  if (recount.blinded) {
    facts.add_choice("recount_blinded", *recount.blinded ? "yes" : "no", nuclei);
  }
  if (recount.in_ihc_2_area) {
    facts.add_choice("recount_in_ihc_2_area", *recount.in_ihc_2_area ? "yes" : "no", nuclei);
  }
  return facts.done();
}

}  // namespace her2
