// Incident documents of NIEM 2 to 6 (N-DEx in LEXS, NIBRS submissions, incident reports of records systems) as Referrals, by the names of
// their elements, whatever their prefixes and extension schemas. Pure; thread-safe. Sources: niem.gov core and justice domain, N-DEx
// IncidentArrest 2.1 / LEXS 3.1, NIBRS IEPD 4.2 and 2019.
//
// What is read, by default (domain of police records): number, category, date and time, place and outcome of the incident; of the person
// who is its subject name, date of birth or age, sex, telephone, injury; weapons. Arrests, charges, warrants, custody, court and history,
// numbers of identity and victims are left out: nothing of them gets any further than this room, and `withheld` names their places.
// NIEM has no words for service, urgency, callback and authority: the mapping gives them as constants.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::formats::niem {

struct Incident {
  std::string where;                                      // "line 40": of the element that holds it
  std::string number;                                     // the incident's, at its agency; may be empty
  schemas::Body body;                                     // a Referral, as far as the document goes; with an error not for sending
  std::vector<std::pair<std::string, std::string>> said;  // field of the model -> text: all that of the document is in the body
  std::vector<std::string> withheld;                      // paths that were left out on purpose
  std::vector<std::string> unmapped;                      // paths of elements that no NIEM schema has: a mapping must name them
  std::vector<base::Error> warnings;                      // what could not be read; where: line or field
  std::optional<base::Error> error;                       // why this one is no referral
};
struct Options {
  std::string zone;  // of the tz database, for times without an offset; empty: such times are not read
};

// kUnsupported: not NIEM, or no incidents but answers of a criminal-justice system, schemas, zero reports; kMalformed, kTooLarge: as
// xml::parse. Paths are those of mapping/record.h with record = record_element(), without places.
base::Result<std::vector<Incident>> read(std::string_view bytes, const Options& options = {});

// Whether a path of the mapping language stays clear of what is withheld: arrests and the like are criminal-justice information, whatever a
// mapping calls them.
bool may_leave(std::string_view path);

// The name of the elements that hold one incident each; empty: the document is one. Records of the mapping language are the same elements,
// in the same order.
base::Result<std::string> record_element(std::string_view bytes);

}  // namespace adapters::formats::niem
