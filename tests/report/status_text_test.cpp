// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "her2/report/plain_text.h"
#include "tests/report/cases.h"

namespace her2 {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(StatusText, SaysTheStatusInTheFirstLine) {
  EXPECT_THAT(status_text(test::decided_case()), StartsWith("HER2 negative · HER2-low"));
  EXPECT_THAT(status_text(test::open_case()), StartsWith("HER2 open · negative or blinded recount due"));
  EXPECT_THAT(status_text(test::refused_case()), StartsWith("HER2: no answer"));
  EXPECT_THAT(status_text(test::several_case()), StartsWith("HER2 positive"));
}

TEST(StatusText, NoLineIsWiderThanAsked) {
  for (const auto& [name, status] : test::all_cases()) {
    for (const int width : {40, 57, 80, 100, 500}) {
      std::istringstream lines(status_text(status, {.colour = false, .width = width, .unicode = true}));
      for (std::string line; std::getline(lines, line);) {
        ASSERT_LE(display_width(line), static_cast<std::size_t>(std::min(width, 100))) << name << ": " << line;
      }
    }
  }
}

TEST(StatusText, TextOfTheCaseCannotSteerTheTerminal) {
  const std::string text = status_text(test::hostile_case());
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(StatusText, ColourAddsNothingButColour) {
  const std::string plain = status_text(test::conflict_case());
  std::string inked = status_text(test::conflict_case(), {.colour = true, .width = 80, .unicode = true});
  EXPECT_NE(plain, inked);
  for (std::size_t at = 0; (at = inked.find('\x1b')) != std::string::npos;) {
    inked.erase(at, inked.find('m', at) - at + 1);
  }
  EXPECT_EQ(plain, inked);
}

TEST(StatusText, PlainSignsAreAscii) {
  const std::string text = status_text(test::decided_case(), {.colour = false, .width = 80, .unicode = false});
  for (const char c : text) {
    ASSERT_TRUE(static_cast<unsigned char>(c) < 0x80) << text;
  }
}

TEST(PlainText, WrapsByColumnsNotBytes) {
  EXPECT_EQ(wrap("äöü äöü", 3), (std::vector<std::string>{"äöü", "äöü"}));
  EXPECT_EQ(wrap("abcdefg", 3), (std::vector<std::string>{"abc", "def", "g"}));
  EXPECT_EQ(wrap("", 10), (std::vector<std::string>{""}));
  EXPECT_EQ(display_width("漢字"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

TEST(PlainText, PrintableIsOneLineOfValidUtf8) {
  EXPECT_EQ(printable("a\r\n\tb"), "a b");
  EXPECT_EQ(printable("\x1b[0m"), "\uFFFD[0m");
  EXPECT_EQ(printable("\xc3"), "\uFFFD");
  EXPECT_EQ(printable("\xe2\x80\xae"), "\uFFFD");              // right-to-left override
  EXPECT_EQ(printable("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(printable("≥ 2"), "≥ 2");
}

}  // namespace
}  // namespace her2
