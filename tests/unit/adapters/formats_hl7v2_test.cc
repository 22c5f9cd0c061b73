// HL7 v2: lossless reading and writing, values, character sets, acknowledgements.
#include <filesystem>

#include "adapters/formats/hl7v2/ack.h"
#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/text.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

namespace hl7 = adapters::formats::hl7v2;

namespace {

hl7::Message read(const std::string& name) {
  auto m = hl7::parse(kit::sample(name));
  REQUIRE_MESSAGE(m.ok(), name);
  return std::move(m).value();
}
const std::string kHead = "MSH|^~\\&|A|B|C|D|20261005||ADT^A01|ID1|P|2.5.1\r";

}  // namespace

TEST_CASE("every sample is rendered back byte for byte, or refused by name") {
  for (const auto& entry : std::filesystem::directory_iterator(std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".hl7") continue;
    CAPTURE(name);
    const std::string bytes = kit::sample(name);
    const auto file = hl7::parse_file(bytes);
    CHECK(file.ok() == !name.starts_with("bad_"));
    if (file.ok()) CHECK(hl7::render(*file) == bytes);
    if (!file.ok()) CHECK_FALSE(file.error().where.empty());
  }
}

TEST_CASE("values are found by path") {
  const auto m = read("ref_i12_full.hl7");
  CHECK(m.value("MSH-1") == "|");
  CHECK(m.value("MSH-2") == "^~\\&");
  CHECK(m.value("MSH-10") == "STB-0002");
  CHECK(m.value("PID-5.1") == "Testcase");
  CHECK(m.value("PID-3[2].4") == "STATE");
  CHECK(m.value("PRD[RT]-4.9") == "HARBORLIGHT");
  CHECK(m.value("PRD[2]-1.1") == "RT");
  CHECK(m.value("OBX[3]-5.2") == "High risk");
  CHECK(m.value("IN1-36") == "MEM-0001");
  CHECK(m.value("PID-99").empty());
  CHECK(m.value("nonsense").empty());
  CHECK(m.repetitions(*m.find("PID"), 3) == 2);
  CHECK(m.place(*m.find("OBX", 3), 5, 2) == "OBX[3]-5.2");
}

TEST_CASE("escapes become what they stand for") {
  const auto m = read("ref_i12_full.hl7");
  CHECK(m.value("NTE-3") == "Arrived with a friend.\nCalm, cooperative & oriented.");
  const hl7::Delimiters d;
  CHECK(hl7::unescape("\\F\\\\S\\\\R\\\\E\\\\T\\ \\X4142\\ \\H\\x\\N\\ \\Zq\\ \\open", d) == "|^~\\& AB x \\Zq\\ \\open");
  for (const std::string text : {"a|b^c~d\\e&f", "two\nlines", "\\F\\"}) CHECK(hl7::unescape(hl7::escape(text, d), d) == text);
}

TEST_CASE("delimiters come from the message") {
  const auto m = read("ref_i12_odd_delimiters.hl7");
  CHECK(m.value("PID-5.2") == "Minimal");
  CHECK(m.value("NTE-3") == "Odd delimiters: star * and bang !");
  const auto doubled = hl7::parse("MSH|^~\\\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rPID|1||x&y\r");
  REQUIRE(doubled.ok());
  CHECK(doubled->value("PID-3.1.2") == "y");
}

TEST_CASE("text comes out as UTF-8 whatever the message is written in") {
  CHECK(read("ref_i12_utf8.hl7").value("PID-5.1") == "Núñez");
  CHECK(read("ref_i12_latin1.hl7").value("PID-5.1") == "Müller");
  CHECK(read("ref_i12_latin1.hl7").value("NTE-3") == "Spricht Französisch; wohnt in der Straße 9.");
}

TEST_CASE("a character set that is not named is refused unless a default is configured") {
  const std::string bytes = kit::sample("bad_charset.hl7");
  CHECK(hl7::parse(bytes).error().where == "MSH[1]-18");
  const auto m = hl7::parse(bytes, {.max_bytes = 1 << 20, .default_charset = "ISO-8859-1"});
  REQUIRE(m.ok());
  CHECK(m->value("PID-5.1") == "Müller");
  CHECK(hl7::charset_named("BIG-5").error().kind == base::Kind::kUnsupported);
}

TEST_CASE("UTF-8 is checked strictly") {
  CHECK(hl7::valid_utf8("Zoë 日本"));
  for (const std::string bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) CHECK_FALSE(hl7::valid_utf8(bad));
}

TEST_CASE("line feeds inside a field of a CR message are text; elsewhere they end segments") {
  CHECK(read("ref_i12_line_feed_in_text.hl7").value("NTE-3") == "two\nlines in one field");
  CHECK(read("ref_i12_bom_lf.hl7").segments.size() == 6);
  CHECK_FALSE(hl7::parse("MSH|^~\\&|A\nPID|1\nloose words\n").ok());
}

TEST_CASE("a 10 MB field is read and written back") {
  const std::string big(10u << 20, 'A');
  const std::string bytes = kHead + "OBX|1|ED|X||^AP^PDF^Base64^" + big + "||||||F\r";
  const auto m = hl7::parse(bytes);
  REQUIRE(m.ok());
  CHECK(m->value("OBX-5.5") == big);
  CHECK(m->value("OBX-11") == "F");
  CHECK((hl7::render(*m) == bytes));
}

TEST_CASE("batches open into their messages, and a count that lies is refused") {
  const auto file = hl7::parse_file(kit::sample("batch_of_two.hl7"));
  REQUIRE(file.ok());
  CHECK(file->parts.size() == 6);
  CHECK(file->parts[3].value("MSH-10") == "STB-0007");
  CHECK(hl7::parse(kit::sample("batch_of_two.hl7")).error().kind == base::Kind::kUnsupported);
  CHECK(hl7::parse_file(kit::sample("bad_batch_count.hl7")).error().where == "BTS[1]-1");
  CHECK(hl7::parse_file("BHS|^~\\&\rMSH|^~\\&|A\r").ok());  // each envelope segment is optional
  CHECK(hl7::parse_file("MSH|^~\\&|A\rBTS|1\rFTS|1\r").ok());
  CHECK(hl7::parse_file("FTS|1\r").error().where == "FTS[1]");
  CHECK(hl7::parse_file("MSH|^~\\&|A\rFTS|1\rMSH|^~\\&|A\r").error().where == "FTS[1]");
}

TEST_CASE("what cannot be read is refused with its place and without its contents") {
  const auto where = [](std::string_view bytes) { return hl7::parse(bytes).error().where; };
  CHECK(where("") == "segment[1]");
  CHECK(where("PID|1||secret\r") == "segment[1]");
  CHECK(where("MSH|^~\\&|A\rPID|1\rsecret words\r") == "segment[3]");
  CHECK(where("MSH|\r") == "MSH[1]-2");
  CHECK(where("MSH|^~^|") == "MSH[1]-2");
  CHECK(hl7::parse(std::string("MSH|^~\\&|A\0B\r", 14)).error().where == "offset 10");
  CHECK(hl7::parse(std::string(100, 'x'), {.max_bytes = 10, .default_charset = {}}).error().kind == base::Kind::kTooLarge);
  CHECK(hl7::parse("MSH|^~\\&|A\rPID|1\rsecret words\r").error().message().find("secret") == std::string::npos);
}

TEST_CASE("an original-mode error names the field in the form of the sender's version") {
  const auto m = read("ref_i12_minimal.hl7");
  const base::Instant at{1791208924000};
  const std::string ack = hl7::build_ack(&m, "AE", {{hl7::kRequiredMissing, "PID[1]-5.1", "the patient's name is missing"}}, "A1", at);
  CHECK(ack ==
        "MSH|^~\\&|HANDOFF|HARBORLIGHT|STBRIGID_EHR|STBRIGID|20261005140204.000+0000||ACK^I12^ACK|A1|P|2.5.1\rMSA|AE|STB-0001\r"
        "ERR||PID^1^5^1^1|101^Required field missing^HL70357|E||||the patient's name is missing\r");
  const auto old = read("ref_i12_test_flag.hl7");
  CHECK(hl7::build_ack(&old, "AE", {{hl7::kRequiredMissing, "PID[1]-5.1", "x"}}, "A1", at).find("\rERR|PID^1^5^101\r") !=
        std::string::npos);
  const auto answer = hl7::read_ack(ack);
  REQUIRE(answer.ok());
  CHECK(answer->code == "AE");
  CHECK(answer->control_id == "STB-0001");
  CHECK(answer->where == "PID^1^5^1^1");
}

TEST_CASE("an acknowledgement is possible even when nothing could be read") {
  const auto answer = hl7::read_ack(hl7::build_ack(nullptr, "AR", {{hl7::kSegmentSequence, "", "no MSH segment"}}, "A2", {}));
  REQUIRE(answer.ok());
  CHECK(answer->code == "AR");
  CHECK(answer->control_id.empty());
  CHECK(hl7::parse_header("MSH|^~\\&|A|B|C|D|2026||REF^I12|X9|P|2.5\rgarbage").value().value("MSH-10") == "X9");
}

TEST_CASE("MSH-15 and MSH-16 decide which acknowledgement is sent") {
  using hl7::Verdict;
  const auto code = [](std::string accept, std::string application, Verdict v) {
    return hl7::ack_code({!accept.empty() || !application.empty(), accept, application}, v);
  };
  CHECK(code("", "", Verdict::kAccept) == "AA");
  CHECK(code("", "", Verdict::kError) == "AE");
  CHECK(code("AL", "NE", Verdict::kAccept) == "CA");
  CHECK(code("AL", "AL", Verdict::kReject) == "CR");
  CHECK(code("ER", "NE", Verdict::kAccept) == "");
  CHECK(code("ER", "NE", Verdict::kError) == "CE");
  CHECK(code("NE", "AL", Verdict::kAccept) == "AA");
  CHECK(code("NE", "SU", Verdict::kError) == "");
}

TEST_CASE("one field of a segment can be replaced") {
  const hl7::Delimiters d;
  CHECK(hl7::with_field("RF1|P^Pending|S", 1, "A^Accepted", d) == "RF1|A^Accepted|S");
  CHECK(hl7::with_field("RF1|P", 11, "T", d) == "RF1|P||||||||||T");
}

TEST_CASE("every version from 2.1 to 2.8 is read, and its acknowledgement has the form of that version") {
  for (const std::string version : {"2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.2"}) {
    CAPTURE(version);
    const std::string truncation = version >= "2.7" ? "#" : "";  // a fifth delimiter since 2.7
    const std::string bytes = "MSH|^~\\&" + truncation + "|A|B|C|D|20261005||ADT^A01|1|P|" + version + "\rPID|1||7^^^STB||Roe^Rey\rZZZ|any|thing^at~all\r";
    const auto m = hl7::parse(bytes);
    REQUIRE(m.ok());
    CHECK((hl7::render(*m) == bytes));
    CHECK(m->value("ZZZ-2[2]") == "all");
    const auto ack = hl7::parse(hl7::build_ack(&*m, "AE", {{hl7::kDataType, "PID[1]-5", "x"}}, "9", {}));
    REQUIRE(ack.ok());
    CHECK(ack->value("MSH-12") == version);
    CHECK(ack->value("MSA-2") == "1");
    const bool modern = version >= "2.5";
    CHECK(ack->value(modern ? "ERR-2" : "ERR-1").starts_with("PID^1^5"));
    CHECK(ack->value("ERR-8") == (modern ? "x" : ""));
  }
}

TEST_CASE("each character set that is read comes out as UTF-8 and goes back to the same bytes") {
  for (const std::string name : {"8859/1", "8859/2", "8859/3", "8859/4", "8859/5", "8859/7", "8859/9", "8859/15", "WINDOWS-1252", "KS X 1001", "UNICODE UTF-8"}) {
    CAPTURE(name);
    const auto charset = hl7::charset_named(name);
    REQUIRE(charset.ok());
    std::string bytes;
    for (const char* text : {"Müller", "Łódź", "Ħamrun", "Ольга", "Αθήνα", "Œuvre", "김치"}) {
      const std::string there = hl7::from_utf8(text, *charset);
      const auto back = hl7::to_utf8(there, *charset);
      REQUIRE(back.ok());
      if (*back == text) bytes = there;  // this set has all of its letters
    }
    REQUIRE_FALSE(bytes.empty());
    const auto m = hl7::parse("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5||||||" + name + "\rPID|1||||" + bytes + "\r");
    REQUIRE(m.ok());
    CHECK(hl7::from_utf8(m->value("PID-5.1"), *charset) == bytes);
  }
}
