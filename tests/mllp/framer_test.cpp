// SPDX-License-Identifier: Apache-2.0
#include "her2/mllp/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace her2 {
namespace {

using testing::HasSubstr;

TEST(MllpFramer, MessagesComeOutWhateverThePieces) {
  const std::string stream = "\r\n" + mllp_frame("MSH|one\r") + " " + mllp_frame("") + mllp_frame("MSH|two\rPID|1\r");
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    MllpFramer framer(100);
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      ASSERT_TRUE(framer.feed(std::string_view(stream).substr(at, piece)));
    }
    EXPECT_EQ(framer.next(), "MSH|one\r");
    EXPECT_EQ(framer.next(), "");
    EXPECT_EQ(framer.next(), "MSH|two\rPID|1\r");
    EXPECT_EQ(framer.next(), std::nullopt);
    EXPECT_EQ(framer.held(), 0U);
    EXPECT_FALSE(framer.within());
  }
}

TEST(MllpFramer, AMessageOverTheLimitLosesTheStreamButNotWhatWasWhole) {
  MllpFramer framer(10);
  const auto fed = framer.feed(mllp_frame("0123456789") + mllp_frame("0123456789a"));
  ASSERT_FALSE(fed);
  EXPECT_THAT(fed.error().reason, HasSubstr("more than 10 bytes"));
  EXPECT_EQ(framer.next(), "0123456789");
  EXPECT_EQ(framer.next(), std::nullopt);
  EXPECT_EQ(framer.held(), 0U);
  EXPECT_FALSE(framer.feed(mllp_frame("x")));
  EXPECT_EQ(framer.next(), std::nullopt);
}

TEST(MllpFramer, WhatIsNoFrameIsRefused) {
  EXPECT_THAT(MllpFramer(10).feed("GET / HTTP/1.1").error().reason, HasSubstr("byte 47 stands outside of a frame"));
  EXPECT_THAT(MllpFramer(10)
                  .feed("\x0B"
                        "ab\x1C"
                        "c")
                  .error()
                  .reason,
              HasSubstr("1C stands within a message"));
}

TEST(MllpFramer, SaysThatAMessageHasBegun) {
  MllpFramer framer(10);
  EXPECT_FALSE(framer.within());
  ASSERT_TRUE(
      framer.feed("\x0B"
                  "abc"));
  EXPECT_TRUE(framer.within());
  EXPECT_EQ(framer.held(), 3U);
  ASSERT_TRUE(framer.feed("\x1C"));
  EXPECT_TRUE(framer.within());
  ASSERT_TRUE(framer.feed("\r"));
  EXPECT_FALSE(framer.within());
}

}  // namespace
}  // namespace her2
