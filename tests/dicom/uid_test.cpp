// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/uid.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

// By Python: int.from_bytes of the first 16 bytes of hashlib.sha256, with version and variant of RFC 9562.
TEST(DerivedUid, IsTheNumberOfTheHash) {
  EXPECT_EQ(derived_uid(""), "2.25.302652579918966106791432553938847512868");
  EXPECT_EQ(derived_uid("her2 slide abc"), "2.25.103521621948240527394407132283559674858");
  EXPECT_TRUE(is_uid(derived_uid("anything")));
}

TEST(IsUid, TakesWhatDicomAllows) {
  for (const char* good : {"1.2.840.10008.1.1", "2.25.0", "1"}) {
    EXPECT_TRUE(is_uid(good)) << good;
  }
  for (const std::string& bad : {std::string(), std::string("1."), std::string(".1"), std::string("1..2"),
                                 std::string("1.02"), std::string("1.2a"), std::string(65, '1')}) {
    EXPECT_FALSE(is_uid(bad)) << bad;
  }
}

}  // namespace
}  // namespace her2
