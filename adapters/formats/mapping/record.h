// What the mapping language sees of a file, whatever its format: records, each a function from a path to its text. Pure; thread-safe.
//
// Paths, by format:
//   csv, tsv   the column's name                      incident_no
//   json       keys and places                        subject.name[0].family
//   xml, niem  element names without prefix, @ for an attribute; from the record's element on. Incident/ActivityDate/DateTime, Person[2]/@id
//   hl7v2      segment, field, component, subcomponent            PID-5.1, OBX[2]-5, PRD[RP]-2.1, ZCR-9
//   nemsis     section and element, groups left out   eSituation/eSituation.09, eSituation/eSituation.10[2], eCustomResults/<id>
//   fhir       as json, inside the resource; with base = "standard" the whole Bundle is one record: ServiceRequest.note[0].text
// Places count from 0 in JSON and from 1 elsewhere, where [1] is not written. "[]" stands for every place: the text is then all of theirs,
// with kBetween between them (an empty one for a place that has none), and the mapping splits or joins it.
// In niem a path goes on through structures:ref: Subject/RoleOfPerson/PersonName/PersonSurName. With base = "standard" its records are the
// incidents (niem/look.h).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "schemas/config.h"

namespace adapters::formats::mapping {

constexpr char kBetween = '\x1f';

struct Record {
  std::string where;               // "row 3", "line 40", "$.incidents[2]", "message 1"
  std::vector<std::string> paths;  // that hold something, in the order of the source
  std::function<std::optional<std::string>(std::string_view path)> text;  // keeps what it needs alive
  std::optional<base::Error> fault{};                                     // this record cannot be read; others can
  // Which of `paths` a written path reads: several for "[]", another's for a reference. None: it reads nothing here.
  std::function<std::vector<std::string>(std::string_view path)> places{};
};
struct Records {
  std::vector<std::string> paths;  // of the whole file: for csv its header, else every path that occurs, each once
  std::vector<Record> records;
};

// `format` as [mapping] format says; `config` is the mapping file, whose table of that name ([csv], [json], [xml] ...) is the reader's own:
//   [csv] delimiter, charset   [json] records = "path"   [xml] record = "Incident"   [hl7v2] charset
// kUnsupported: no such format; kMalformed, kTooLarge: the file, with its place.
base::Result<Records> read_records(std::string_view format, std::string_view bytes, const schemas::Config& config);

bool known_format(std::string_view format);
// The name of the table that is the reader's own: "csv" for tsv, "xml" for niem.
std::string_view table_of(std::string_view format);

}  // namespace adapters::formats::mapping
