// Documents against an XML Schema.
#include "adapters/formats/xml/schema.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace adapters::formats;
namespace fs = std::filesystem;

namespace {

struct Folder {
  std::string path;
  Folder() {
    path = (fs::temp_directory_path() / "handoff-xsd-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
  }
  ~Folder() { fs::remove_all(path); }
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name) << text;
    return path + "/" + name;
  }
};

const std::string kTypes = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
 <xs:simpleType name="Color"><xs:restriction base="xs:string"><xs:enumeration value="red"/><xs:enumeration value="blue"/></xs:restriction></xs:simpleType>
</xs:schema>)";
const std::string kMain = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
 <xs:include schemaLocation="types.xsd"/>
 <xs:element name="box"><xs:complexType><xs:sequence>
  <xs:element name="color" type="Color"/>
  <xs:element name="weight" type="xs:integer" minOccurs="0" nillable="true"/>
  <xs:element name="name"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="20"/></xs:restriction></xs:simpleType></xs:element>
 </xs:sequence></xs:complexType></xs:element>
</xs:schema>)";

}  // namespace

TEST_CASE("a valid document has no findings; others have lines, elements and no contents") {
  const Folder dir;
  dir.put("types.xsd", kTypes);
  const auto schema = xml::Schema::load(dir.put("main.xsd", kMain));
  REQUIRE_MESSAGE(schema.ok(), (schema.ok() ? "" : schema.error().message()));
  CHECK(schema->check("<box><color>red</color><name>x</name></box>").empty());
  const auto found = schema->check("<box>\n<color>Canaryworth</color>\n<weight>Canaryworth</weight>\n<name>Canaryworth Canaryworth</name>\n</box>");
  REQUIRE(found.size() == 3);
  CHECK(found[0].line == 2);
  CHECK(found[0].what == "color: not one of the codes that the schema lists");
  CHECK(found[1].line == 3);
  CHECK(found[1].what == "weight: not of the type that the schema says");
  CHECK(found[2].what == "name: too long");
  for (const auto& f : found) CHECK(f.what.find("Canary") == std::string::npos);
  const auto missing = schema->check("<box><color>red</color></box>");
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].what.starts_with("box: not expected here, or something"));
  CHECK(schema->check("<box><color>red</color><name>x</name><Canary/></box>").size() == 1);
  CHECK(schema->check(std::string("<box>") + std::string(70000, '\n') + "<color>green</color><name>x</name></box>")[0].line == 70001);
  std::string many = "<box>";
  for (int i = 0; i < 300; ++i) many += "\n<color>green</color>";
  CHECK(schema->check(many + "</box>", 10).size() <= 10);
}

TEST_CASE("nothing is fetched or expanded, and a schema that cannot be read is refused with its mend") {
  const Folder dir;
  dir.put("types.xsd", kTypes);
  const auto schema = xml::Schema::load(dir.put("main.xsd", kMain));
  REQUIRE(schema.ok());
  const std::string secret = dir.put("secret", "red");
  for (const std::string& document : {"<!DOCTYPE box [<!ENTITY e SYSTEM \"file://" + secret + "\">]><box><color>&e;</color><name>x</name></box>",
                                      std::string("<!DOCTYPE box SYSTEM \"http://127.0.0.1:1/x.dtd\"><box><color>red</color><name>x</name></box>"), std::string("<box>"), std::string()}) {
    CHECK_FALSE(schema->check(document).empty());
  }
  CHECK(xml::Schema::load(dir.path + "/none.xsd").error().kind == base::Kind::kNotFound);
  CHECK(xml::Schema::load(dir.put("bad.xsd", "<xs:schema")).error().kind == base::Kind::kMalformed);
  CHECK(xml::Schema::load(dir.put("lacks.xsd", R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="B"/></xs:schema>)")).error().kind ==
        base::Kind::kMalformed);
}
