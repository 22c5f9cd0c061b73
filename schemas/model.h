// The canonical model: what agencies say to each other, as plain values (domain brief section 2). Lives sealed inside envelopes;
// nothing of it may be logged. Adapters map their formats to and from it. Bytes: schemas/body.fbs through schemas/body.h.
//
// An empty string or vector means "not said". A field that the source *explicitly* left out with a reason (NEMSIS NV/PN, HL7 "")
// is listed in `absent` with that reason, so that typed absence survives.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace schemas {

struct Absent {
  std::string field, reason;  // "subject.dob", "nv:7701003"
};
struct Code {  // a coded value; system may be empty for our own value sets
  std::string system, code, text;
};
struct Name {
  std::string family, given, middle, suffix;
};
struct Address {
  std::string line, city, state, postal, country;
};
struct Identifier {
  std::string system, value;  // MRN with its assigning authority, incident number, ...
};
struct Contact {
  Name name;
  std::string role, phone, email;
};
struct Subject {
  Name name;  // or unknown + descriptor
  bool unknown = false;
  std::string descriptor;
  std::string dob;  // ISO 8601, as precise as known
  std::string age_band, sex, gender, race, ethnicity, language, phone, safe_to_contact, marital, deceased;
  bool interpreter = false;
  Address address;
  std::vector<Identifier> ids;
  std::vector<Contact> contacts;  // next of kin, guardian
};
struct Risk {  // "yes", "no", "unknown" or ""
  std::string self, others, grave, weapons;
};
struct Hold {
  std::string state, form, initiator, basis, start, expires;
};
struct Observation {
  Code code;
  std::string value, unit, at, abnormal, status;
};
struct Attachment {
  std::string media_type, title, sha256;
  base::Bytes data;  // small ones inline; large ones travel as blob parts
};
struct Source {        // the bytes the message was made from, verbatim
  std::string format;  // "hl7v2", "fhir-r4", "cli", ...
  base::Bytes bytes;
};

struct Referral {
  Subject subject;
  std::vector<Code> reasons;
  Code service;
  std::string urgency;           // emergent | urgent | routine
  Contact requester;             // person, role, callback
  std::string requester_agency;  // slug
  std::string target_service_person;
  std::string authority_basis;  // consent | emergency | hold | treatment | ...
  std::string consent_ref;
  std::string location_now;
  std::string incident_ref;  // requester's own reference; returns in every answer
  std::string source_ref;    // id of the order or referral at the source (RF1-6)
  std::string requested_at, effective_from, effective_until;
  Risk risk;
  Hold hold;
  std::string med_clearance;
  bool transport_needed = false;
  std::vector<Code> diagnoses, allergies, medications;
  std::vector<Observation> observations;
  std::string payer, member_id;
  std::vector<std::string> labels;  // general, mh, part2, ...
  std::vector<std::string> notes;
  std::vector<Attachment> attachments;
};
struct StatusUpdate {
  std::string status;  // lifecycle.h names
  base::Instant at;
  std::string actor_role, actor_name, callback;
  std::string reason_class, reason, text;  // decline class and fine code, cancel reason
  std::string outcome, appointment_at, place, expected_at, hold_until, next_action;
  std::string in_reply_to_ref;  // the requester's source_ref / incident_ref
};
struct SecureMessage {
  std::string text, author_role, author_name;
  std::vector<Attachment> attachments;
};
struct Acknowledgement {
  base::Id ack_of{};
  std::string level;                // machine | human | content-rejected
  std::vector<std::string> errors;  // field paths and rules, no contents
};
struct Capacity {
  std::string service, state;  // has | none | waitlist | divert
  std::int32_t count = -1;
  base::Instant as_of;
  std::uint32_t ttl_minutes = 60;
  std::string accepts, phone;
};
// A kind whose typed struct this build does not know: kept byte for byte, shown as such, forwarded unharmed.
struct Opaque {
  std::string type;  // name of the kind
  base::Bytes bytes;
};

using Payload = std::variant<Referral, StatusUpdate, SecureMessage, Acknowledgement, Capacity, Opaque>;

struct Seen {  // newest checkpoint its sender has checked (protocol 4.1)
  std::uint64_t size = 0;
  base::Hash root{};
  base::Fixed<64> log_sig{};
};

struct Body {
  Payload payload;
  std::map<std::string, std::string> custom;  // declared and undeclared custom fields, preserved
  std::vector<Absent> absent;
  Source source;  // may be empty
  Seen seen;
  base::Id parent_thread{};  // re-referral; zero if none
  base::Id episode{};
  base::Hash accompanies{};  // kind 19 sent late: batch_hash of the view it belongs to
};

}  // namespace schemas
