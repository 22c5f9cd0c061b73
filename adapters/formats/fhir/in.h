// Reading, by resource: each function takes what it knows of a resource and leaves the rest unread. Only .cc files of this folder include it.
#pragma once

#include "adapters/formats/fhir/document.h"

namespace adapters::formats::fhir {

// Values. Empty nodes read as empty values.
schemas::Code code_in(const Node& codeable_concept);         // the first coding; systems named as in v2 where the two have one ("LN")
std::string words_in(const Node& codeable_concept);          // its text, else a coding's display, else its code
std::string code_of(const Node& codeable_concept, std::string_view system);  // "" if it has no coding of that system
schemas::Name name_in(const Node& human_name);
schemas::Name best_name(const Node& names);                  // official, else usual, else the first
schemas::Address address_in(const Node& addresses);
std::string telecom_in(const Node& telecoms, std::string_view system);
std::string identifier_in(const Node& identifiers);          // the first value
std::string display_in(const Node& reference);               // display, else its identifier, else the reference itself
std::string moment_in(const Node& value, Read& r);           // a dateTime as written; "" with a warning if it is none
std::string note_in(const Node& annotations);                // lines

// Pieces of a Referral, from a resource of that type.
void patient_in(const Node& patient, schemas::Subject& s, Read& r);
schemas::Subject subject_in(const Node& reference, const Node& owner, Read& r);  // follows it, or keeps what it says
schemas::Contact person_in(const Node& reference, Read& r, std::string* agency);  // Practitioner, PractitionerRole, Organization, Device
std::string agency_in(const Node& organization_or_reference);
void clinical_in(const Node& resource, schemas::Referral& out, Read& r);  // anything but the request itself; leaves unknown types unread
bool is_clinical(std::string_view type);
void labels_in(const Node& resource, std::vector<std::string>& labels, Read& r);
std::vector<schemas::Attachment> attachment_in(const Node& attachment, Read& r);  // none or one

// Whole messages. They fill kind, body, refs and thread.
void referral_in(const Node& request, const Node& task, Read& r);  // either may be empty
void task_in(const Node& task, Read& r);
void appointment_in(const Node& appointment, Read& r);
void encounter_in(const Node& encounter, Read& r);
void communication_in(const Node& communication, Read& r);
void document_in(const Node& document, Read& r);
void consent_in(const Node& consent, Read& r);

void refs_in(const Node& identifiers, Read& r);              // their values to refs; a UUID of a thread to thread
void ref_in(const Node& reference, Read& r);                 // of a request or Task that is spoken of
void warn(Read& r, const Node& where, std::string what);

}  // namespace adapters::formats::fhir
