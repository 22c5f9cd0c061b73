// Every XML file of a corpus is read, read in part or refused as a NIEM document, with reasons. HANDOFF_CORPUS names a folder of other
// people's files; without it the samples of the repository stand in. Prints a line a file.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "adapters/formats/niem/look.h"
#include "adapters/formats/xml/xml.h"
#include "schemas/body.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

namespace fs = std::filesystem;
using namespace adapters::formats;

namespace {

struct Totals {
  unsigned files = 0, read = 0, partial = 0, refused = 0;
};

// Texts that stand in arrests and charges and nowhere else.
void collect(const xml::Element& e, bool inside, std::set<std::string>& there, std::set<std::string>& elsewhere) {
  inside = inside || !niem::may_leave(e.name);
  if (e.text.size() > 4) (inside ? there : elsewhere).emplace(e.text);
  for (const auto& c : e.children) collect(c, inside, there, elsewhere);
}

void check_incident(const niem::Incident& i, const std::set<std::string>& secrets) {
  const base::Bytes bytes = schemas::encode_body(i.body);
  CHECK(schemas::decode_body(bytes).ok());
  for (const auto& [field, text] : i.said) CHECK_MESSAGE(!secrets.contains(text), field);
  CHECK((!i.error || !i.error->mend.empty()));
}

void look(const fs::path& path, Totals& t) {
  CAPTURE(path.string());
  ++t.files;
  const std::string bytes = kit::read_file(path);
  const auto incidents = niem::read(bytes, {"America/New_York"});
  const bool niem_like = incidents.ok() && !incidents->empty();
  if (!niem_like) {
    ++t.refused;
    if (!incidents.ok()) CHECK_FALSE(incidents.error().what.empty());
    return;
  }
  std::set<std::string> there, elsewhere;
  collect(xml::parse(bytes)->root(), false, there, elsewhere);
  std::erase_if(there, [&](const std::string& s) { return elsewhere.contains(s); });
  std::size_t refused = 0, doubts = 0;
  for (const auto& i : *incidents) {
    check_incident(i, there);
    refused += i.error.has_value(), doubts += i.warnings.size() + i.unmapped.size();
  }
  const bool none = refused == incidents->size(), all = refused == 0 && doubts == 0;
  ++(none ? t.refused : all ? t.read : t.partial);
  std::cout << "  "
            << (none  ? "refused "
                : all ? "read    "
                      : "partial ")
            << path.filename().string() << ": " << incidents->size() << " incidents, " << doubts << " doubts"
            << (none ? ", " + incidents->front().error->what : "") << "\n";
}

}  // namespace

TEST_CASE("every XML file of the corpus is read as NIEM, or refused with a reason") {
  const char* named = std::getenv("HANDOFF_CORPUS");
  const fs::path root = named != nullptr ? fs::path(named) : fs::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples";
  Totals t;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto kind = entry.path().extension();
    if (kind == ".xml" || kind == ".xsd") look(entry.path(), t);
  }
  std::cout << t.files << " files: " << t.read << " read, " << t.partial << " partial, " << t.refused << " refused\n";
  CHECK(t.files == t.read + t.partial + t.refused);
  CHECK(t.files > 0);
}
