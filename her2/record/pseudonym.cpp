// SPDX-License-Identifier: Apache-2.0
#include "her2/record/pseudonym.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "her2/core/hmac.h"
#include "her2/core/output_file.h"
#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr std::size_t kLeastKey = 16;
constexpr std::size_t kDigits = 32;
constexpr std::size_t kTellingId = 5;  // shorter ids ("core", "A1") stand in many texts

class Search {
 public:
  explicit Search(const Case& subject) {
    add(subject.id);
    for (const auto& specimen : subject.specimens) {
      add(specimen.id);
    }
  }

  [[nodiscard]] Result<void> in(const std::string& text, const std::string& where) const {
    const std::string low = lowered(text);
    for (const auto& id : ids_) {
      if (low.find(lowered(id)) != std::string::npos) {
        return fail(fmt::format("{} holds the identifier that is to be replaced; take it out there first", where));
      }
    }
    return {};
  }

 private:
  void add(const std::string& id) {
    if (id.size() >= kTellingId) {
      ids_.push_back(id);
    }
  }

  std::vector<std::string> ids_;
};

}  // namespace

Result<Pseudonymiser> Pseudonymiser::from_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  auto key = read_file(path, kMost);
  if (!key) {
    return tl::unexpected(key.error());
  }
  if (key->size() < kLeastKey) {
    return fail(fmt::format("holds {} bytes; a key has at least {}, such as 32 random ones", key->size(), kLeastKey),
                {}, path);
  }
  return Pseudonymiser(std::move(*key));
}

std::string Pseudonymiser::pseudonym(const std::string& identifier) const {
  return "P-" + hmac_sha256_hex(key_, identifier).substr(0, kDigits);
}

Result<Case> Pseudonymiser::pseudonymised(Case subject) const {
  const Search search(subject);
  for (auto& specimen : subject.specimens) {
    for (auto& [id, fact] : specimen.facts) {
      fact.source.file.clear();
      for (const auto* text : {&fact.source.text, &fact.source.place, &fact.source.author, &fact.source.profile}) {
        if (auto clean = search.in(*text, "the source of a fact"); !clean) {
          return tl::unexpected(clean.error());
        }
      }
    }
    for (const auto& ensemble : specimen.ensembles) {
      if (auto clean = search.in(ensemble.conditional_on, "the text of an ensemble"); !clean) {
        return tl::unexpected(clean.error());
      }
    }
    for (const auto& note : specimen.notes) {
      if (auto clean = search.in(note, "a note"); !clean) {
        return tl::unexpected(clean.error());
      }
    }
    specimen.id = pseudonym(specimen.id);
  }
  subject.id = pseudonym(subject.id);
  return subject;
}

}  // namespace her2
