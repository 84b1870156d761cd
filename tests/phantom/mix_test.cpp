// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "her2/phantom/write.h"

namespace her2 {
namespace {

TEST(PhantomMix, ReadsShares) {
  const auto mix = read_mix("unstained=60,faint_incomplete=30,strong_complete=10.5");
  ASSERT_TRUE(mix);
  EXPECT_EQ(mix->unstained, 60);
  EXPECT_EQ(mix->incomplete[0], 30);
  EXPECT_EQ(mix->complete[3], 10.5);
}

TEST(PhantomMix, SaysWhatIsWrong) {
  EXPECT_FALSE(read_mix(""));
  EXPECT_FALSE(read_mix("faint=1"));
  EXPECT_FALSE(read_mix("faint_complete"));
  EXPECT_FALSE(read_mix("faint_complete=-1"));
  EXPECT_FALSE(read_mix("faint_complete=nan"));
  EXPECT_FALSE(read_mix("faint_complete=1x"));
  EXPECT_EQ(read_mix("pale=1").error().reason.substr(0, 29), "there is no class 'pale'; the");
  EXPECT_FALSE(preset_mix("4+"));
  EXPECT_FALSE(phantom_stain("pink"));
}

}  // namespace
}  // namespace her2
