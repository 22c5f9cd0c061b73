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
  std::string self, others, grave, weapons, weapons_secured, means;
};
struct Hold {  // an involuntary hold: neither a consent nor an arrest
  std::string state, form, initiator, basis, start, expires;  // expires: computed from the state pack (hold.h), or as written on the form
  std::string rights_advised, form_attached;                  // yes | no | unknown
  std::string outcome;                                        // released | upheld | converted
};
struct Clearance {     // medical clearance
  std::string status;  // not_required | requested | in_progress | cleared | not_cleared
  std::string by, at, bac, tox;
};
struct Moment {  // one time of a timeline, under its name at the source ("on_scene", "eTimes.12")
  std::string name, at;
};
struct Observation {
  Code code;
  std::string value, unit, at, abnormal, status;
};
struct Attachment {
  std::string media_type, title, sha256;  // sha256: hex
  base::Bytes data;        // small ones inline; large ones travel as blob parts
  base::Id blob{};         // of those: what the parts are called, and the size of the whole
  std::uint64_t size = 0;
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
  std::string dependents, veteran, housing;
  std::string subtype;  // "mobile_crisis", ...
  std::string setting;  // where it was asked: emergency | inpatient | outpatient | ambulatory
  Code trigger;         // type of the call that began it
  std::string co_response, police_outcome, restraint, injury;
  std::int32_t prior_contacts = -1;
  std::string criminal_history;  // never leaves criminal-justice agencies: label chri
  std::vector<Moment> timeline;
  std::vector<Code> medications_given;
  std::vector<std::string> refusals;
  std::string discharge_plan;
  Clearance clearance;
};
struct StatusUpdate {
  std::string status;  // lifecycle.h names
  base::Instant at;
  std::string actor_role, actor_name, callback;
  std::string reason_class, reason, text;  // decline class and fine code, cancel reason
  std::string outcome, appointment_at, place, expected_at, hold_until, next_action;
  std::string in_reply_to_ref;  // the requester's source_ref / incident_ref
  // An update without a status may raise the escalation, an overlay that changes no state (lifecycle.h).
  std::int32_t esc_level = 0;              // 0 none, 1-3
  std::string deadline;                    // the timer that raised it: "decide", "view", ...
  std::uint64_t late_ms = 0;               // by how much the timer fired late
  std::vector<std::string> alternatives;   // other agencies that may be asked, by slug
  std::int32_t est_days = -1;              // CAP_WAITLIST
  std::int32_t attempts = -1;              // no-show: how often
  std::string last_attempt_at, safety_alert;
  Hold hold;                               // its outcome, where statute lets the reader know
};
struct SecureMessage {
  std::string text, author_role, author_name;
  std::vector<Attachment> attachments;
};
// A warm handoff has two sides. `offer`: what the one who brings the person says. `take`: what the one who receives found; responsibility
// passes at its `at`, not before. `refuse`: not taken. Three transfers that are often taken for one are named apart.
struct HandoffReport {
  std::string phase;  // offer | take | refuse
  std::string at, place, condition;
  Contact person;                                              // who offers, takes or refuses
  std::string custody, clinical, legal;                        // who holds each after this report: "offerer", "taker", "none"
  std::string restraint, weapons_screened, belongings;
  Hold hold;
  Clearance clearance;
  std::vector<Observation> observations;
  std::string disagreements, reason;                           // take: what differs from the offer; refuse: why
  base::Id offer{};                                            // take, refuse: the offer's message id
};
struct EncounterNotification {
  std::string event;  // arrived | admitted | transferred | discharged | left
  std::string facility, at;
  Subject subject;  // match keys
  std::string visit, disposition, follow_up_at, in_reply_to_ref;
};
struct CapacityInquiry {  // no person in it
  std::string service, age_band, urgency;
  std::vector<std::string> needs;  // coded
};
struct CapacityReply {
  base::Id inquiry{};
  std::string service, state;  // as in Capacity
  std::int32_t count = -1;
  base::Instant as_of;
  std::uint32_t ttl_minutes = 60;
  std::string accepts, phone, wait;
};
// A person's consent to a disclosure (42 CFR 2.31; HIPAA authorization). Recipients: slugs, "kind:hospital_ed", or "treating" (the single
// consent for treatment, payment and operations). Scope: labels, or "*" for all but psych_notes, which must be named.
struct Consent {
  std::string id, form_version;
  Subject subject;
  std::string discloser;  // slug; "*": any agency of the consortium
  std::vector<std::string> recipients, scope, purposes;
  base::Instant granted_at, expires, revoked_at;  // 0: not so
  std::string expires_event;
  std::string method, signer;                     // written | electronic | verbal; patient | guardian | ...
  bool part2 = false, legal = false;              // legal: the separate consent for proceedings (2.31(d))
  std::string text;                               // its copy or explanation, which goes with what is disclosed (2.32)
};
struct FollowUp {
  std::string mark, result;  // FU24 | FU72 | FU30; reached | not_reached | declined | na
  std::int32_t attempts = -1;
  std::string at, by_role, text;
};
struct Correction {
  base::Id target{}, replacement{};
  std::string action, reason, text;  // action: correct | retract
};
struct BreakGlass {  // told to the privacy officers of both agencies at once
  std::string reason, text;  // code and words; both needed
  std::string person, role;
  base::Instant at, until;   // at most an hour
  base::Id opened{};         // message whose withheld fields are asked for
  std::vector<std::string> fields;
  base::Bytes content;       // the answer: that message once more, as a body (body.h), cut to what an emergency opens
};
// What the coordinator learns of a lifecycle event (decisions D2, D10): no name, no diagnosis, no fine reason, no free text. Its message,
// thread and place are those of the view that it accompanies.
struct LoopFacts {
  std::string kind;        // of the view: Referral, StatusUpdate, FollowUp, HandoffReport
  std::string status;      // lifecycle name; empty: nothing changed but what follows
  base::Instant at;
  base::Id target{};       // of the opening Referral: the agency that is asked
  std::string urgency, service, decline_class;
  std::int32_t esc_level = 0;
  std::string deadline;    // the timer that fired
  std::string mark, result;         // follow-up
  std::string handoff;              // phase
  base::Instant appointment_at;
  std::uint64_t at_index = 0;       // sent late: place of the view (D14); 0: this very batch
  base::Hash label_commit{};        // H(nonce, labels)
  base::Id retracts{};              // a Correction: the message that no longer counts
};
// One piece of an attachment that is too large for the message that names it (Attachment::blob). Counts for nothing by itself.
struct BlobPart {
  base::Id blob{};
  std::uint32_t part = 0, of = 0;   // 0 to of - 1
  base::Hash sha256{};              // of the whole
  std::uint64_t size = 0;           // of the whole
  base::Bytes bytes;
};
struct Emergency {  // 42 CFR 2.51: what must be recorded of a disclosure in a medical emergency
  std::string recipient, affiliation, discloser, at, nature;
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

using Payload = std::variant<Referral, StatusUpdate, SecureMessage, Acknowledgement, Capacity, HandoffReport, EncounterNotification,
                             CapacityInquiry, CapacityReply, Consent, FollowUp, Correction, BreakGlass, LoopFacts, BlobPart, Opaque>;

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
  // Under which authority it is said, and what the policy made of it (policy/decide.h). A Referral's own basis, consent_ref and labels count too.
  std::string authority_basis, consent_ref;
  std::vector<std::string> labels;
  std::string court_order;           // reference, for the bases that need one
  std::string good_faith;            // 45 CFR 164.512(j): the statement
  Emergency emergency;               // basis medical_emergency_2_51
  base::Id forwards{};               // message whose content is passed on
  // Written by the sender's agent when it seals.
  std::string view;                  // the allowlist that this reader's copy was cut to
  std::vector<std::string> rules;    // ids of the rules that decided
  base::Hash policy_hash{};          // SHA-256 of the policy's text; the version is in the header
  std::string notice;                // 42 CFR 2.32, where it must travel
  Consent consent_copy;              // 2.32 again: the consent itself, where it must travel
  base::Instant entered_at;          // written on paper first, and typed in at this time (paper.h); 0: not so
};

}  // namespace schemas
