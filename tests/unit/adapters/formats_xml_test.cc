// The door to XML: what is read, with its lines, and what is refused.
#include "adapters/formats/xml/xml.h"

#include <doctest/doctest.h>

#include <optional>

using namespace adapters::formats;

namespace {

std::string refusal(std::string_view bytes, const xml::Limits& limits = {}) {
  const auto tree = xml::parse(bytes, limits);
  REQUIRE_FALSE(tree.ok());
  return tree.error().message();
}

std::string utf16(std::string_view ascii, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : ascii) out += little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

}  // namespace

TEST_CASE("elements keep their names, namespaces, attributes, text, lines and nil") {
  const auto tree = xml::parse(R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<a:root xmlns:a="urn:one" xmlns="urn:two" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <item k="v &amp; w">  t&#233;xt <![CDATA[<raw>]]> </item>
  <item xsi:nil="true"
        NV="7701003"/>
  <last/>
</a:root>)");
  REQUIRE_MESSAGE(tree.ok(), tree.error().message());
  const xml::Element& root = tree->root();
  CHECK(root.name == "root");
  CHECK(root.space == "urn:one");
  CHECK(root.line == 3);
  CHECK(root.attributes.empty());
  REQUIRE(root.children.size() == 3);
  const auto& item = root.children[0];
  CHECK(item.space == "urn:two");
  CHECK(item.attribute("k") == "v & w");
  CHECK(item.text == "t\xC3\xA9xt <raw>");
  CHECK(item.line == 4);
  CHECK_FALSE(item.nil);
  CHECK(root.children[1].nil);
  CHECK(root.children[1].attribute("NV") == "7701003");
  CHECK(root.child("last")->line == 7);
  CHECK(root.child("none") == nullptr);
}

TEST_CASE("a prefix stands for what the nearest element around it says") {
  const auto tree = xml::parse(R"(<p:a xmlns:p="urn:outer"><p:b xmlns:p="urn:inner" p:k="1"/><p:c xmlns="urn:own"><d/></p:c><e/></p:a>)");
  REQUIRE_MESSAGE(tree.ok(), tree.error().message());
  const auto& root = tree->root();
  CHECK(root.space == "urn:outer");
  CHECK(root.child("b")->space == "urn:inner");
  CHECK(root.child("b")->attributes.at(0).space == "urn:inner");
  CHECK(root.child("c")->space == "urn:outer");
  CHECK(root.child("c")->child("d")->space == "urn:own");
  CHECK(root.child("e")->space.empty());
}

TEST_CASE("a tree outlives the bytes it was read from, and the document it was copied from") {
  std::string bytes = "<a k='value of some length'>a text that comes <!-- -->in three <![CDATA[pieces]]><b>&amp;</b></a>";
  std::optional<xml::Document> kept;
  {
    const auto tree = xml::parse(bytes);
    REQUIRE(tree.ok());
    kept = *tree;
  }
  bytes.assign(bytes.size(), '!');
  CHECK(kept->root().text == "a text that comes in three pieces");
  CHECK(kept->root().attribute("k") == "value of some length");
  CHECK(kept->root().child("b")->text == "&");
}

TEST_CASE("UTF-16 of both orders is read, and other encodings are refused by name") {
  const std::string text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a>\n<b>x</b></a>";
  for (const bool little : {true, false}) {
    const auto tree = xml::parse(utf16(text, little));
    REQUIRE_MESSAGE(tree.ok(), tree.error().message());
    CHECK(tree->root().child("b")->text == "x");
    CHECK(tree->root().child("b")->line == 3);
  }
  CHECK(xml::parse("\xEF\xBB\xBF<a/>").ok());
  CHECK(refusal("<?xml version='1.0' encoding='EBCDIC'?><a/>").find("write it in UTF-8") != std::string::npos);
  CHECK(xml::parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>In\xE8s</a>")->root().text == "In\xC3\xA8s");
  CHECK(xml::parse("<?xml version='1.0' encoding='windows-1252'?><a>\x93x\x94</a>")->root().text == "\xE2\x80\x9Cx\xE2\x80\x9D");
  CHECK(refusal("<?xml version='1.0' encoding='UTF-16'?><a/>").find("encoding it names") != std::string::npos);
  CHECK(refusal("<a>\xFF</a>") == "line 1: the bytes are not UTF-8; write the document in UTF-8 or UTF-16 and say so");
  CHECK_FALSE(xml::parse(utf16("<a/>", true).substr(0, 7)).ok());
}

TEST_CASE("a document type is refused, and no entity of its own is ever resolved") {
  const std::string doctype = refusal("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<a>&x;</a>");
  CHECK(doctype == "line 2: a document type declaration is not read; leave the DOCTYPE out");
  const auto undeclared = xml::parse("<a>&x;</a>");
  REQUIRE(undeclared.ok());
  CHECK(undeclared->root().text == "&x;");
}

TEST_CASE("what is not well-formed is refused with its line") {
  CHECK(refusal("<a>\n<b></a>").starts_with("line 2: not well-formed XML"));
  CHECK(refusal("").starts_with("line 1: not well-formed XML"));
  CHECK(refusal("<a/><b/>") == "line 1: a second root element");
  CHECK(refusal("<a x='1'\n x='2'/>") == "line 1: the same attribute twice");
  CHECK(refusal("<a><p:b/></a>") == "line 1: a prefix without a namespace");
  CHECK(refusal("<a>\n\x01</a>") == "line 2: a control character");
  CHECK(refusal("<a>&#1;</a>") == "line 1: a character that XML does not have");
  CHECK(refusal("<a>&#xD800;</a>") == "line 1: a character that XML does not have");
}

TEST_CASE("size, depth and numbers of elements, attributes and prefixes are limited") {
  CHECK(refusal("<a/>", {.bytes = 3}).find("over this reader's limit") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  for (int i = 0; i < 65; ++i) deep += "</a>";
  CHECK(refusal(deep).find("nested too deep") != std::string::npos);
  CHECK(refusal("<a><b/><b/></a>", {.elements = 2}).find("more elements than are read") != std::string::npos);
  CHECK(xml::parse("<a><b/><b/></a>", {.elements = 3}).ok());
  CHECK(xml::parse("<a b='1' c='2'/>", {.attributes = 2}).ok());
  CHECK(refusal("<a>\n<b c='1' d='2' e='3'/></a>", {.attributes = 2}) == "line 2: more attributes than are read");
  CHECK(refusal("<a xmlns:b='1'>\n<c xmlns:d='2'/></a>", {.attributes = 2}) == "line 2: more attributes than are read");  // xml: is the third
}
