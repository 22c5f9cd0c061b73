// The mapping language: how the columns (or paths) of somebody's records become fields of the canonical model. TOML; the manual is
// docs/guide/mapping.md. Pure; thread-safe; knows no file format: a source is a function from a path to its text (record.h: one a format).
//
// Everything that a source may hold is named in the mapping, with its provenance: what came out of criminal-justice systems (cji, chri)
// is told by where it came from, not by its looks. Such a path may be mapped to referral.criminal_history under label "chri" and to
// nothing else; one that the mapping does not name refuses the whole source. In trees a path under [[ignore]] stands for all below it, and
// "*" for any text; a [[field]] goes before a local [[ignore]] around it, and may not lie in one of another provenance.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/mapping/moment.h"
#include "adapters/formats/mapping/place.h"
#include "adapters/formats/mapping/record.h"
#include "crypto/base/result.h"
#include "schemas/config.h"
#include "schemas/model.h"

namespace adapters::formats::mapping {

enum class Provenance { kLocal, kCji, kChri };

// One [[field]]: what it reads, what it does with it, where it puts it.
struct Field {
  std::vector<std::string> from;  // empty: a constant
  Target to;
  std::string value, fallback;               // constant; `default`
  std::map<std::string, std::string> words;  // `map`
  std::optional<std::string> other;          // for values that `map` does not list
  std::optional<TimeForm> time;
  std::string split, join = " ", label;
  std::string takes;  // value set or shape that its values are checked against (values.h); may be empty
  bool required = false, instead = false;
};

// One [[only]]: records whose text is none of these are passed over.
struct Only {
  std::string from;
  std::vector<std::string> is;
};

struct Mapping {
  std::string format, kind;  // "csv", "Referral"
  bool standard = false;     // base = "standard": what the format's adapter makes comes first, fields of the mapping go over it
  std::string row_id;        // path whose text names a record for good; may be empty
  std::string thread_by;     // path whose text is the reference of the referral that the record belongs to; may be empty
  std::vector<Only> only;
  std::vector<Field> fields;
  std::map<std::string, Provenance, std::less<>> known;  // every path that the mapping names
  std::vector<std::string> ignored;                      // those under [[ignore]], in its order
  [[nodiscard]] bool tree() const { return format != "csv" && format != "tsv"; }
};

// The text behind a path; nothing: there is none.
using Source = std::function<std::optional<std::string>(std::string_view path)>;

struct Mapped {
  schemas::Body body;
  std::vector<base::Error> faults;  // where: the path; all there are. With any, the body is not for sending
  std::vector<base::Error> warnings{};  // where: the path; what a person should look at, though it can be sent
};

// kUsage and kMalformed name the field and the mend. The table named like the format ([csv]) is its reader's and is left to it.
base::Result<Mapping> load(const schemas::Config& config, const std::string& name);

// For each path that the mapping does not name: "unmapped column NCIC_HIT: map it or list it under ignore". For tables.
std::vector<base::Error> unmapped(const Mapping& m, const std::vector<std::string>& paths);
// Why the source as a whole is not taken, for every format: paths of wanted records that the mapping does not name (what = "unmapped ...",
// each once, places of lists as "[]"), columns that it needs and that are missing, and local fields that read, by way of a reference or a
// whole field, what is ignored as cji or chri. Empty: it is fit.
std::vector<base::Error> unfit(const Mapping& m, const Records& source);
// The paths behind those errors that are "unmapped", for reports.
std::vector<std::string> unmapped_paths(const Mapping& m, const Records& source);
// Paths that fields read, each once, in the order of the mapping: all that may leave.
std::vector<std::string> read_paths(const Mapping& m);
// Those, and the ones by which records are told apart and chosen: a source without them cannot be read.
std::vector<std::string> needed_paths(const Mapping& m);

bool wanted(const Mapping& m, const Source& source);  // by [[only]]; apply() does not ask
Mapped apply(const Mapping& m, const Source& source);
// The fields of the mapping over a body of its kind that the format's own adapter has made (base = "standard"). A value takes the place of
// what was there; in lists it is added, or with `instead` comes in place of all that the list held. Faults and warnings as for apply().
std::vector<base::Error> overlay(schemas::Body& body, const Mapping& m, const Record& record, std::vector<base::Error>* warnings = nullptr);

std::string trimmed(std::string_view text);  // without ASCII white space at both ends

}  // namespace adapters::formats::mapping
