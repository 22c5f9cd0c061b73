// CSV: RFC 4180 in and out, and what files in the field add to it.
#include "adapters/formats/csv/csv.h"

#include <doctest/doctest.h>

using namespace adapters::formats;
using Cells = std::vector<std::string>;
using namespace std::string_literals;

namespace {

csv::Table table(std::string_view text, const csv::Options& o = {}) {
  auto out = csv::read(text, o);
  REQUIRE_MESSAGE(out.ok(), out.error().message());
  return std::move(out).value();
}
base::Error refused(std::string_view text, const csv::Options& o = {}) {
  const auto out = csv::read(text, o);
  REQUIRE_FALSE(out.ok());
  return out.error();
}

}  // namespace

TEST_CASE("quotes hold delimiters, line ends and doubled quotes") {
  const auto t = table("id,note\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,d\r\n");
  CHECK(t.header == Cells{"id", "note"});
  REQUIRE(t.rows.size() == 2);
  CHECK(t.rows[0].cells == Cells{"1", "a, \"b\"\r\nc"});
  CHECK(t.rows[0].number == 2);
  CHECK(t.rows[1].number == 3);  // as a spreadsheet counts, not lines
  CHECK(t.column("note") == 1);
  CHECK_FALSE(t.column("Note"));
}

TEST_CASE("CRLF, LF and CR end a row, empty lines do not count, and the last line end may be missing") {
  for (const char* text : {"a,b\r\n1,2\r\n\r\n3,4", "a,b\n1,2\n\n3,4\n", "a,b\r1,2\r\r3,4\r"}) {
    const auto t = table(text);
    REQUIRE(t.rows.size() == 2);
    CHECK(t.rows[1].cells == Cells{"3", "4"});
    CHECK(t.rows[1].number == 4);
  }
  CHECK(table("a,b\n1,").rows[0].cells == Cells{"1", ""});
  CHECK(table("a\n\"\"\n").rows.empty());
}

TEST_CASE("the delimiter is the one that the header has most of, unless it is declared") {
  CHECK(table("a;b,c;d\n").delimiter == ';');
  CHECK(table("a\tb\n").header == Cells{"a", "b"});
  CHECK(table("\"a,b,c\"|d\n").header == Cells{"a,b,c", "d"});
  CHECK(table("a;b\n", {.delimiter = ','}).header == Cells{"a;b"});
}

TEST_CASE("a byte order mark is passed over, and columns without a name get one") {
  const auto t = table("\xEF\xBB\xBF,b , c\n1,2,3\n");
  CHECK(t.header == Cells{"column 1", "b", "c"});
  CHECK(table("\n\xEF\xBB\xBF" "a,b\n").header == Cells{"a", "b"});
}

TEST_CASE("another charset is converted, and bytes that are not text are refused with their place") {
  CHECK(table("name\nIn\xE8s\n", {.charset = "ISO-8859-1"}).rows[0].cells[0] == "In\xC3\xA8s");
  CHECK(refused("id,name\n1,x\n2,In\xE8s\n").where == "3:name");
  CHECK(table("\xFF\xFEi\0d\0\t\0n\0\n\0"s "1\0\t\0\xE8\0\n\0"s).rows[0].cells == Cells{"1", "\xC3\xA8"});
  CHECK(table("\xFE\xFF\0i\0\n\0" "1"s).rows[0].cells == Cells{"1"});
  CHECK(refused("\xFF\xFEi\0d"s).where == "1:1");
}

TEST_CASE("what cannot be told apart is refused with its row and column") {
  CHECK(refused("").where == "1:1");
  CHECK(refused("\n\n").where == "1:1");
  CHECK(refused("a,b\n1,\0\n"s).where == "2:b");
  CHECK(refused("a,b\n1,\"x\0\"\n"s).where == "2:b");
  CHECK(refused("a,b\n1,\"x\n2,y\n").what == "a quote is opened and never closed");
  CHECK(refused("a,b\n1,\"x\"y\n").where == "2:b");
  CHECK(refused("a,a\n1,2\n").where == "1:2");
  CHECK(refused("a,b\n1," + std::string(50, 'x') + "\n", {.max_row = 40}).kind == base::Kind::kTooLarge);
  CHECK(refused("a,b,c\n", {.max_columns = 2}).where == "1:3");
  CHECK(table("a,b\n1,5\" pipe\n").rows[0].cells[1] == "5\" pipe");
}

TEST_CASE("cells that a spreadsheet would run go out with an apostrophe and come back without") {
  const Cells cells = {"=1+1", "+1-555-0101", "-3", "@x", "'=already", "plain", "o'clock", "", "a,b", "say \"x\"", "'"};
  const std::string row = csv::write_row(cells);
  CHECK(row.starts_with("'=1+1,'+1-555-0101,'-3,'@x,''=already,plain,o'clock,,\"a,b\",\"say \"\"x\"\"\",'\r\n"));
  const auto t = table("a,b,c,d,e,f,g,h,i,j,k\r\n" + row);
  CHECK(t.rows[0].cells == cells);
  CHECK(table("a\n=1+1\n").rows[0].cells == Cells{"=1+1"});
}

TEST_CASE("a mapping file says how its files are written") {
  const auto options = [](const char* text) { return csv::options_from(schemas::Config::parse(text).value()); };
  CHECK(options("[csv]\ndelimiter = \"tab\"\ncharset = \"windows-1252\"\n")->delimiter == '\t');
  CHECK(options("")->delimiter == 0);
  CHECK_FALSE(options("[csv]\ndelimiter = \"x\"\n").ok());
  CHECK(options("[csv]\ncharset = \"EBCDIC\"\n").error().where == "csv.charset");
}
