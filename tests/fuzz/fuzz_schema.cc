// Any bytes as a document against a schema: it never throws, and its findings hold no more than a line and words of ours.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "adapters/formats/xml/schema.h"

namespace {

adapters::formats::xml::Schema schema() {
  std::string path = "/tmp/handoff-fuzz-XXXXXX";
  const int fd = ::mkstemp(path.data());
  if (fd < 0) std::abort();
  ::close(fd);
  std::ofstream(path) << R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
 <xs:element name="box"><xs:complexType><xs:sequence>
  <xs:element name="color" maxOccurs="9"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="red"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="at" type="xs:dateTime" minOccurs="0" nillable="true"/>
  <xs:element name="n" type="xs:integer" minOccurs="0"/>
 </xs:sequence><xs:attribute name="id" type="xs:string" use="required"/></xs:complexType></xs:element>
</xs:schema>)";
  auto read = adapters::formats::xml::Schema::load(path);
  ::unlink(path.c_str());
  if (!read.ok()) std::abort();
  return std::move(read).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto made = schema();
  const auto found = made.check({reinterpret_cast<const char*>(data), size}, 20);
  if (found.size() > 20) std::abort();
  for (const auto& f : found) {
    if (f.line == 0 || f.what.empty() || f.what.size() > 200) std::abort();
  }
  return 0;
}
