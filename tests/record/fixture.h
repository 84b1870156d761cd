// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "her2/exchange/case_json.h"
#include "her2/record/acts.h"
#include "her2/record/recorded_case.h"
#include "her2/record/sqlite_store.h"
#include "her2/record/store_verify.h"
#include "tests/message/fixture.h"
#include "tests/run/table_fixture.h"

namespace her2::test {

inline Actor actor(const std::string& author = "Dr Lindt") { return {"2026-11-23T10:00:00Z", author, "her2 test"}; }

inline const RecordContext& context() {
  static const PlanFor plan_for = [](const std::string& tumour) -> Result<Plan> {
    const Scheme* scheme = real_catalog().default_scheme(tumour);
    return scheme == nullptr ? Result<Plan>(fail("no scheme for " + tumour)) : make_plan(real_catalog(), *scheme);
  };
  static const RecordContext context{dictionary(), plan_for};
  return context;
}

// random_case with ids that a case file can hold.
inline Case recordable_case(std::uint64_t seed) {
  Case out = random_case(seed);
  for (auto& specimen : out.specimens) {
    for (char& c : specimen.id) {
      c = static_cast<unsigned char>(c) < 0x20 ? '_' : c;
    }
  }
  return out;
}

inline Case small_case(const std::string& id, const std::map<std::string, std::string>& facts) {
  Case out;
  out.id = id;
  out.specimens.push_back(specimen(facts));
  out.specimens.back().id = "core";
  return out;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    std::abort();
  }
  return std::move(*result);
}

inline Result<std::optional<AuditEntry>> record(CaseStore& store, const Case& subject) {
  const Incoming document{subject, "case.json", std::string(64, 'a')};
  return store.write(actor(), subject.id, [&](const CaseRecord* now, RowIds& ids) {
    return new_case(now, ids, context(), subject.id, subject.tumour, &document);
  });
}

inline Result<std::optional<AuditEntry>> add(CaseStore& store, const Case& subject) {
  const Incoming document{subject, "more.json", std::string(64, 'b')};
  return store.write(actor(), subject.id,
                     [&](const CaseRecord* now, RowIds& ids) { return add_evidence(now, ids, context(), document); });
}

inline Result<std::optional<AuditEntry>> amend(CaseStore& store, const Case& subject) {
  const Incoming document{subject, "other.json", std::string(64, 'c')};
  return store.write(actor(), subject.id, [&](const CaseRecord* now, RowIds& ids) {
    return amend_evidence(now, ids, context(), document, "read again");
  });
}

inline Result<std::optional<AuditEntry>> sign_it(CaseStore& store, const std::string& id) {
  return store.write(actor("Dr Sy"), id, [&](const CaseRecord* now, RowIds& ids) {
    return sign(now, ids, context(), "final report", "pathologist");
  });
}

inline Case recorded(CaseStore& store, const std::string& id, RowId as_of = kNow) {
  const auto found = must(store.find(id));
  EXPECT_TRUE(found) << id;
  return must(case_of(*found, dictionary(), as_of));
}

// A store in a folder of its own.
struct TestStore {
  TempFolder folder;
  std::string path = folder / "cases.her2";
  std::unique_ptr<CaseStore> store = must(create_store(path, actor()));
};

}  // namespace her2::test
