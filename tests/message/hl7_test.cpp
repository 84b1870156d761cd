// SPDX-License-Identifier: Apache-2.0
#include "her2/message/hl7_read.h"
#include "her2/message/hl7_text.h"
#include "her2/message/hl7_write.h"
#include "tests/message/fixture.h"

namespace her2 {
namespace {

using test::code_book;
using test::dictionary;

const Hl7Options kOptions{"20261123100000+0000", "Lab & Co", "LIS", "", "", false, false, {}, {}, {}, {}, {}};

std::string message_of(const Case& subject, const Hl7Options& options = kOptions) {
  const auto status = case_status(test::real_plan("2023"), subject, {SpecimenPolicy::each, false});
  return hl7_results(subject, status, dictionary(), code_book(), options);
}

Result<Case> read(std::string_view text) { return parse_hl7(text, dictionary(), code_book(), "m.hl7"); }

std::string fact(const Case& subject, const char* name, std::size_t specimen = 0) {
  const auto id = *dictionary().find(name);
  return value_text(dictionary()[id], subject.specimens.at(specimen).value(id));
}

Case one(std::initializer_list<std::pair<const char*, const char*>> facts) {
  Case out;
  out.id = "17";
  out.specimens.emplace_back().id = "core";
  for (const auto& [name, text] : facts) {
    const auto id = *dictionary().find(name);
    out.specimens[0].facts[id] = {id, *parse_value(dictionary()[id], text), {}, {}};
  }
  return out;
}

constexpr const char* kHead =
    "MSH|^~\\&|LIS|LAB|||20240302||ORU^R01|1|P|2.5.1\rPID|1||MRN7^^^H||Doe^Jane\rOBR|1|||22637-3\r";

TEST(Hl7, a_case_comes_back_whole) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Case subject = test::random_case(seed);
    const std::string message = message_of(subject);
    const auto back = read(message);
    ASSERT_TRUE(back) << back.error().text();
    test::expect_same_facts(subject, *back);
    if (testing::Test::HasFailure()) {
      FAIL() << "seed " << seed << "\n" << message.substr(0, 3000);
    }
  }
}

TEST(Hl7, escapes_are_undone) {
  const std::string odd = "a|b^c~d\\e&f\ng\th \xC2\xB5";
  EXPECT_EQ(hl7_unescaped(hl7_escaped(odd), {}), odd);
  EXPECT_EQ(hl7_unescaped("\\F\\\\S\\\\X41\\\\H\\x\\N\\\\Zfoo\\\\", {}), "|^Ax \\");
}

TEST(Hl7, says_score_status_and_means_in_codes) {
  const std::string message = message_of(one({{"ihc_score", "2+"}, {"ratio", "1.60"}, {"copies", ">= 4"}}));
  EXPECT_NE(message.find("|CWE|85319-2^HER2 [Presence] in Breast cancer specimen by Immune stain^LN^ihc_score^HER2 IHC "
                         "score^99HER2F||LA11842-4^2+^LN^2+^2+^99HER2V|"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("|NM|49683-6"), std::string::npos);
  EXPECT_NE(message.find("||1.60|{ratio}^{ratio}^UCUM|"), std::string::npos);
  EXPECT_NE(message.find("|SN|74860-8"), std::string::npos);
  EXPECT_NE(message.find("||>=^4|"), std::string::npos);
  EXPECT_NE(message.find("For research use only"), std::string::npos);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

std::vector<std::string> fields(const std::string& message, const std::string& segment) {
  const auto at = message.find("\r" + segment + "|") + 1;
  std::vector<std::string> out;
  std::string line = message.substr(at, message.find('\r', at) - at) + "|";
  for (std::size_t end = line.find('|'); end != std::string::npos; end = line.find('|')) {
    out.push_back(line.substr(0, end));
    line.erase(0, end + 1);
  }
  return out;
}

TEST(Hl7, volume_v_has_its_fixed_fields) {
  Case subject = one({{"ihc_score", "1+"}});
  subject.specimens[0].kind = "core";
  subject.specimens[0].date = "2026-03-02";
  subject.specimens.push_back(subject.specimens[0]);
  subject.specimens[1].id = "node";
  Hl7Options options = kOptions;
  options.naaccr = true;
  options.facility_address = "Main St 1";
  options.facility_phone = "555-0100";
  options.provider_address = "High St 2";
  options.patient = PatientIdentity{"HOSP", "7", "Doe", "Jo", "female", "1970-01-02"};
  const std::string message = message_of(subject, options);
  EXPECT_NE(message.find("|VOL_V_50_ORU_R01^NAACCR_CP^2.16.840.1.113883.9.8^ISO\r"), std::string::npos);
  EXPECT_EQ(fields(message, "PID").at(3), "17^^^HER2~7^^^HOSP^MR");
  const auto orc = fields(message, "ORC");
  ASSERT_EQ(orc.size(), 25U);
  EXPECT_EQ(orc[1], "RE");
  EXPECT_EQ((std::vector<std::string>(orc.begin() + 21, orc.end())),
            (std::vector<std::string>{"Lab \\T\\ Co", "Main St 1", "555-0100", "High St 2"}));
  const auto obr = fields(message, "OBR");
  EXPECT_EQ(obr.at(4), "11529-5^Surgical pathology study^LN");
  EXPECT_EQ(obr.at(22), "20261123100000+0000");
  EXPECT_EQ(obr.at(25), "P");
  EXPECT_NE(message.find("22633-2^Specimen^LN|1|core, collected 2026-03-02"), std::string::npos);
  EXPECT_NE(message.find("22633-2^Specimen^LN|2|"), std::string::npos);
  const auto back = read(message);
  ASSERT_TRUE(back) << back.error().text();
  test::expect_same_facts(subject, *back);
  EXPECT_EQ(message_of(subject).find("22633-2"), std::string::npos) << "only when asked for";
}

TEST(Hl7, orders_ish_only_where_it_is_due) {
  const auto order = [](const Case& subject) {
    return hl7_ish_order(subject, case_status(test::real_plan("2023"), subject, {SpecimenPolicy::each, false}),
                         kOptions);
  };
  const auto due = order(one({{"ihc_score", "2+"}}));
  ASSERT_TRUE(due) << due.error().text();
  EXPECT_NE(due->find("OML^O21^OML_O21"), std::string::npos);
  EXPECT_NE(due->find("74885-5"), std::string::npos);
  EXPECT_FALSE(order(one({{"ihc_score", "1+"}})));
  EXPECT_FALSE(order(one({{"ihc_score", "3+"}})));
}

TEST(Hl7, reads_what_others_write) {
  const auto got = read(std::string(kHead) +
                        "OBX|1|CE|85319-2^HER2^LN||LA11842-4^2+^LN||||||F\r"
                        "OBX|2|NM|85329-1^ER %^LN||90|%|||||F\r"
                        "OBX|3|SN|74860-8^copies^LN||>=^6.0||||||F\r"
                        "OBX|4|SN|49683-6^ratio^LN||^44^/^20||||||F\r"
                        "OBX|5|ST|85330-9^Ki-67^LN||15-20|%|||||P\r"
                        "OBX|6|NM|85325-9^PgR %^LN||5|%|||||X\r"
                        "OBX|7|TX|22637-3^dx^LN||Invasive carcinoma||||||F\r"
                        "SPM|1|B12||TUMOR^^HL70487|||||||||||||20240301\r");
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(got->specimens.at(0).id, "B12");
  EXPECT_EQ(got->specimens.at(0).date, "2024-03-01");
  EXPECT_EQ(fact(*got, "ihc_score"), "2+");
  EXPECT_EQ(fact(*got, "er_percent"), "90");
  EXPECT_EQ(fact(*got, "copies"), ">= 6");
  EXPECT_EQ(fact(*got, "ratio"), "2.2");
  EXPECT_EQ(fact(*got, "pgr_percent"), "missing");
  EXPECT_EQ(got->specimens[0].notes.size(), 2U);
  EXPECT_TRUE(got->id.starts_with("hl7-")) << "no identifier of the patient is taken over";
}

TEST(Hl7, line_ends_frames_and_character_sets) {
  const std::string result = "OBX|1|ST|85319-2^x^LN||1+||||||F|||||^M\xFCller\r";
  const std::string latin =
      std::string("\x0BMSH|^~\\&|L||||20240302||ORU^R01|1|P|2.5.1||||||8859/1\nOBR|1\r\n") + result + "\x1C\r";
  const auto got = read(latin);
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(got->specimens[0].facts.begin()->second.source.author, "M\xC3\xBCller");
}

TEST(Hl7, refuses_with_one_sentence) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "is no HL7 v2 message"},
      {"PID|1", "is no HL7 v2 message"},
      {"MSH|||||x|", "five different signs"},
      {"MSH|^~\\&|||||||ADT^A01", "segment 1, MSH-9: is a message of type \"ADT\""},
      {"MSH|^~\\&|||||||ORU^R01|||||||||BIG-5", "the character set \"BIG-5\" is not read"},
      {kHead, "holds no OBX with a code that is known here (0 were looked at)"},
      {std::string(kHead) + kHead, "a second message begins here"},
      {std::string(kHead) + "OBX|1|ST|85319-2^x^LN||5+", "segment 4, OBX"},
      {std::string(kHead) + "OBX|1|NM|85329-1^x^LN||5|mm", "is given in \"mm\", not in %"},
      {std::string(kHead) + "OBX|1|ED|85329-1^x^LN||5|%", "OBX-2 of ER, tumour nuclei stained is \"ED\""},
      {std::string(kHead) + "OBX|1|NM|85329-1^x^LN||5~6|%", "2 values"},
      {std::string(kHead) + "OBX|1|NM|85329-1^x^LN||5|%\rOBX|2|NM|85329-1^x^LN||6|%", "a correction is marked by C"},
      {std::string(kHead) + "OBX|1|ST|85319-2^\xFF^LN||1+", "is not UTF-8"},
  };
  for (const auto& [text, expected] : cases) {
    const auto refused = read(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().text().find(expected), std::string::npos) << refused.error().text();
  }
}

}  // namespace
}  // namespace her2
