// SPDX-License-Identifier: Apache-2.0
#include "her2/record/merge.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/value.h"
#include "her2/record/recorded_case.h"

namespace her2 {
namespace {

bool same_number(const std::string& a, const std::string& b) {
  const auto left = Decimal::parse(a);
  const auto right = Decimal::parse(b);
  return left && right && left->rational() == right->rational();
}

auto origin(const RecordedFact& fact) {
  return std::tie(fact.value, fact.source_file, fact.source_place, fact.source_text, fact.author, fact.profile,
                  fact.derived_from);
}

class Merge {
 public:
  Merge(const CaseRecord& now, const Incoming& document, MergeMode mode, const Dictionary& dictionary, RowIds& ids,
        CaseRecord& rows)
      : document_(document),
        mode_(mode),
        dictionary_(dictionary),
        ids_(ids),
        rows_(rows),
        current_(current_rows(now)),
        case_id_(now.head->id) {}

  Result<void> run() {
    for (const auto& specimen : document_.subject.specimens) {
      const auto row = take_specimen(specimen);
      if (!row) {
        return tl::unexpected(row.error());
      }
      if (auto taken = take_facts(specimen, *row); !taken) {
        return taken;
      }
      if (auto taken = take_ensembles(specimen, *row); !taken) {
        return taken;
      }
      take_notes(specimen, *row);
    }
    return {};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> contradicts(const std::string& what, const std::string& recorded,
                                                  const std::string& stated, const std::string& author) const {
    return fail(fmt::format("{} is recorded as {}{} and this document says {}; 'her2 case amend' replaces it", what,
                            in_quotes(recorded), author.empty() ? "" : fmt::format(" (by {})", in_quotes(author)),
                            in_quotes(stated)));
  }

  // The document's row, made when the first of its facts is.
  RowId evidence() {
    if (evidence_ == 0) {
      evidence_ = ids_.next<RecordedEvidence>();
      rows_.evidence.push_back(
          {evidence_, 0, case_id_, mode_ == MergeMode::add ? "add" : "amend", document_.file, document_.sha256});
    }
    return evidence_;
  }

  Result<RowId> take_specimen(const Specimen& specimen) {
    const auto at = std::find_if(current_.specimens.begin(), current_.specimens.end(),
                                 [&](const auto* row) { return row->name == specimen.id; });
    RecordedSpecimen row{0, 0, case_id_, specimen.id, specimen.kind, specimen.site, specimen.date};
    if (at != current_.specimens.end()) {
      const RecordedSpecimen& known = **at;
      const std::tuple<const char*, const std::string&, std::string&> parts[] = {
          {"kind", known.kind, row.kind}, {"site", known.site, row.site}, {"date", known.date, row.date}};
      for (const auto& [name, recorded, stated] : parts) {
        if (stated.empty()) {
          stated = recorded;
        } else if (!recorded.empty() && stated != recorded && mode_ == MergeMode::add) {
          return contradicts(fmt::format("the {} of specimen {}", name, in_quotes(specimen.id)), recorded, stated, {});
        }
      }
      if (std::tie(row.kind, row.site, row.date) == std::tie(known.kind, known.site, known.date)) {
        return known.id;
      }
    }
    row.id = ids_.next<RecordedSpecimen>();
    rows_.specimens.push_back(row);
    return row.id;
  }

  Result<void> take_facts(const Specimen& specimen, RowId specimen_row) {
    for (const auto& [id, fact] : specimen.facts) {
      RecordedFact row = recorded_fact(fact, dictionary_);
      const auto known = current_.facts.find({specimen.id, row.name});
      if (known != current_.facts.end()) {
        const RecordedFact& recorded = *known->second;
        if (origin(recorded) == origin(row)) {
          continue;
        }
        if (mode_ == MergeMode::add && recorded.value != row.value && !same_number(recorded.value, row.value)) {
          return contradicts(fmt::format("{} of specimen {}", row.name, in_quotes(specimen.id)), recorded.value,
                             row.value, recorded.author);
        }
      }
      row.id = ids_.next<RecordedFact>();
      row.case_id = case_id_;
      row.evidence = evidence();
      row.specimen = specimen_row;
      rows_.facts.push_back(std::move(row));
    }
    return {};
  }

  Result<void> take_ensembles(const Specimen& specimen, RowId specimen_row) {
    for (const auto& ensemble : specimen.ensembles) {
      RecordedEnsemble row = recorded_ensemble(ensemble, dictionary_);
      bool there = false;
      if (const auto known = current_.ensembles.find(specimen.id); known != current_.ensembles.end()) {
        for (const auto* other : known->second) {
          there = there || std::tie(other->facts, other->replicates, other->conditional_on) ==
                               std::tie(row.facts, row.replicates, row.conditional_on);
          if (!there && mode_ == MergeMode::add && !fits_beside(*other, ensemble)) {
            return fail(
                fmt::format("the replicates of {} of specimen {} are recorded otherwise; 'her2 case amend' "
                            "replaces them",
                            in_quotes(other->facts), in_quotes(specimen.id)));
          }
        }
      }
      if (!there) {
        row.id = ids_.next<RecordedEnsemble>();
        row.case_id = case_id_;
        row.evidence = evidence();
        row.specimen = specimen_row;
        rows_.ensembles.push_back(std::move(row));
      }
    }
    return {};
  }

  [[nodiscard]] bool fits_beside(const RecordedEnsemble& other, const Ensemble& ensemble) const {
    const std::string names = " " + other.facts + " ";
    return std::none_of(ensemble.ids.begin(), ensemble.ids.end(),
                        [&](FactId id) { return names.find(" " + dictionary_[id].name + " ") != std::string::npos; });
  }

  void take_notes(const Specimen& specimen, RowId specimen_row) {
    for (const auto& note : specimen.notes) {
      const auto known = current_.notes.find(specimen.id);
      const bool there =
          known != current_.notes.end() &&
          std::any_of(known->second.begin(), known->second.end(), [&](const auto* row) { return row->says == note; });
      if (!there) {
        rows_.notes.push_back({ids_.next<RecordedNote>(), 0, case_id_, evidence(), specimen_row, note});
      }
    }
  }

  const Incoming& document_;
  MergeMode mode_;
  const Dictionary& dictionary_;
  RowIds& ids_;
  CaseRecord& rows_;
  CurrentRows current_;
  RowId case_id_, evidence_ = 0;
};

}  // namespace

Result<void> merge(const CaseRecord& now, const Incoming& document, MergeMode mode, const Dictionary& dictionary,
                   RowIds& ids, CaseRecord& rows) {
  return Merge(now, document, mode, dictionary, ids, rows).run();
}

}  // namespace her2
