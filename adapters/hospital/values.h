// HL7 v2 data types as values of the canonical model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/hl7v2/message.h"
#include "schemas/model.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

// "20261005140204-0500" -> "2026-10-05T14:02:04-05:00", "199203" -> "1992-03". A time without an offset gets `offset` ("+00:00").
// nullopt if it is not a date; "" stays "".
std::optional<std::string> iso_time(std::string_view hl7_time, std::string_view offset);
// The offset of an HL7 time as "+hh:mm"; "" if it has none.
std::string offset_of(std::string_view hl7_time);

// One repetition of a field; HL7's explicit nothing ("") reads as empty.
struct At {
  const hl7::Message& message;
  const hl7::Segment& segment;
  unsigned field;
  unsigned repetition = 1;
  [[nodiscard]] std::string part(unsigned component, unsigned subcomponent = 0) const;
};
schemas::Name name_of(const At& xpn);
schemas::Code code_of(const At& cwe);
schemas::Address address_of(const At& xad);
std::string phone_of(const At& xtn);  // "" for one that is not a telephone
std::string email_of(const At& xtn);
schemas::Name person_of(const At& xcn);       // a provider, whose number comes first
std::string plain(const schemas::Name& n);    // "Given Family"
// NTE-3, a line each repetition; all of the message's notes.
std::vector<std::string> note_lines(const hl7::Message& m);
std::string joined(const std::vector<std::string>& lines);  // with line feeds
std::string offset_in(const hl7::Message& m, const std::string& fallback);  // that MSH-7 carries
std::string sex_of(const std::string& code);  // table 0001
// PID-3, each with its assigning authority, without what is marked as a social security number unless it is to be kept (PID-19 then too).
std::vector<schemas::Identifier> identifiers_of(const hl7::Message& m, const hl7::Segment& pid, bool keep_ssn);
// PID-3, 5, 7, 8 and no more: what it takes to tell who is meant.
schemas::Subject match_keys(const hl7::Message& m, std::string_view offset);
// With PID-11 and 13 as well: what a person is looked for by; it goes nowhere.
schemas::Subject person_in(const hl7::Message& m, const std::string& utc_offset);

}  // namespace adapters::hospital
