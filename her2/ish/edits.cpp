// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/edits.h"

#include <array>
#include <map>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr std::array<std::string_view, 3> kActions{"accept", "reject", "recount"};

class Finder {
 public:
  explicit Finder(const NucleusTable& table) : table_(table) {
    for (std::size_t i = 0; i < table.nuclei.size(); ++i) {
      by_id_[table.id(i)].push_back(i);
    }
  }

  [[nodiscard]] Result<std::size_t> find(const IshEdit& edit) const {
    if (const auto found = by_id_.find(edit.nucleus); found != by_id_.end() && !edit.nucleus.empty()) {
      if (found->second.size() > 1) {
        return fail(
            fmt::format("{} nuclei have the name {}; give each a name of its own", found->second.size(), edit.nucleus),
            edit.place);
      }
      return found->second.front();
    }
    if (edit.at) {
      for (std::size_t i = 0; i < table_.nuclei.size(); ++i) {
        if (table_.fields[table_.nuclei[i].field].name == edit.field && contains(table_.contour(i), *edit.at)) {
          return i;
        }
      }
    }
    return fail(fmt::format("the nucleus {} is not among the {} of {}; take ids from its nuclei.csv",
                            edit.nucleus.empty() ? "at this place" : edit.nucleus, table_.nuclei.size(), table_.name),
                edit.place);
  }

 private:
  const NucleusTable& table_;
  std::map<std::string, std::vector<std::size_t>> by_id_;
};

}  // namespace

std::string_view name_of(IshEdit::Action action) { return kActions.at(static_cast<std::size_t>(action)); }

std::optional<IshEdit::Action> edit_action(std::string_view name) {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (kActions.at(i) == name) {
      return static_cast<IshEdit::Action>(i);
    }
  }
  return std::nullopt;
}

std::optional<NucleusVerdict> nucleus_verdict(std::string_view name) {
  for (std::size_t i = 0; i < kNucleusVerdicts; ++i) {
    if (name_of(static_cast<NucleusVerdict>(i)) == name) {
      return static_cast<NucleusVerdict>(i);
    }
  }
  return std::nullopt;
}

Result<NucleusTable> with_edits(NucleusTable table, std::span<const IshEdit> edits) {
  if (edits.empty()) {
    return table;
  }
  std::vector<std::size_t> nuclei;
  {
    const Finder finder(table);
    for (const IshEdit& edit : edits) {
      const auto found = finder.find(edit);
      if (!found) {
        return tl::unexpected(found.error());
      }
      nuclei.push_back(*found);
    }
  }
  for (std::size_t e = 0; e < edits.size(); ++e) {
    IshNucleus& nucleus = table.nuclei[nuclei[e]];
    nucleus.editor = edits[e].author.empty() ? "not stated" : edits[e].author;
    nucleus.confidence = 100;
    switch (edits[e].action) {
      case IshEdit::Action::accept: nucleus.verdict = NucleusVerdict::accepted; break;
      case IshEdit::Action::reject: nucleus.verdict = edits[e].reason; break;
      case IshEdit::Action::recount:
        nucleus.verdict = NucleusVerdict::accepted;
        nucleus.counts[0] = {edits[e].her2, 0, {}};
        nucleus.counts[1] = {edits[e].cep17, 0, {}};
        break;
    }
  }
  return table;
}

}  // namespace her2
