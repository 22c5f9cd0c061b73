// The fields of the canonical model, in one list each: id (as in body.fbs), name (as in JSON), member. Read by body.cc and json_model.cc.
#pragma once

#include "schemas/fields.h"
#include "schemas/model.h"

namespace schemas {

template <class F>
void fields(Tag<Absent>, F&& f) {
  f(0, "field", &Absent::field);
  f(1, "reason", &Absent::reason);
}
template <class F>
void fields(Tag<Code>, F&& f) {
  f(0, "system", &Code::system);
  f(1, "code", &Code::code);
  f(2, "text", &Code::text);
}
template <class F>
void fields(Tag<Name>, F&& f) {
  f(0, "family", &Name::family);
  f(1, "given", &Name::given);
  f(2, "middle", &Name::middle);
  f(3, "suffix", &Name::suffix);
}
template <class F>
void fields(Tag<Address>, F&& f) {
  f(0, "line", &Address::line);
  f(1, "city", &Address::city);
  f(2, "state", &Address::state);
  f(3, "postal", &Address::postal);
  f(4, "country", &Address::country);
}
template <class F>
void fields(Tag<Identifier>, F&& f) {
  f(0, "system", &Identifier::system);
  f(1, "value", &Identifier::value);
}
template <class F>
void fields(Tag<Contact>, F&& f) {
  f(0, "name", &Contact::name);
  f(1, "role", &Contact::role);
  f(2, "phone", &Contact::phone);
  f(3, "email", &Contact::email);
}
template <class F>
void fields(Tag<Subject>, F&& f) {
  f(0, "name", &Subject::name);
  f(1, "unknown", &Subject::unknown);
  f(2, "descriptor", &Subject::descriptor);
  f(3, "dob", &Subject::dob);
  f(4, "age_band", &Subject::age_band);
  f(5, "sex", &Subject::sex);
  f(6, "gender", &Subject::gender);
  f(7, "race", &Subject::race);
  f(8, "ethnicity", &Subject::ethnicity);
  f(9, "language", &Subject::language);
  f(10, "phone", &Subject::phone);
  f(11, "safe_to_contact", &Subject::safe_to_contact);
  f(12, "marital", &Subject::marital);
  f(13, "deceased", &Subject::deceased);
  f(14, "interpreter", &Subject::interpreter);
  f(15, "address", &Subject::address);
  f(16, "ids", &Subject::ids);
  f(17, "contacts", &Subject::contacts);
}
template <class F>
void fields(Tag<Risk>, F&& f) {
  f(0, "self", &Risk::self);
  f(1, "others", &Risk::others);
  f(2, "grave", &Risk::grave);
  f(3, "weapons", &Risk::weapons);
}
template <class F>
void fields(Tag<Hold>, F&& f) {
  f(0, "state", &Hold::state);
  f(1, "form", &Hold::form);
  f(2, "initiator", &Hold::initiator);
  f(3, "basis", &Hold::basis);
  f(4, "start", &Hold::start);
  f(5, "expires", &Hold::expires);
}
template <class F>
void fields(Tag<Observation>, F&& f) {
  f(0, "code", &Observation::code);
  f(1, "value", &Observation::value);
  f(2, "unit", &Observation::unit);
  f(3, "at", &Observation::at);
  f(4, "abnormal", &Observation::abnormal);
  f(5, "status", &Observation::status);
}
template <class F>
void fields(Tag<Attachment>, F&& f) {
  f(0, "media_type", &Attachment::media_type);
  f(1, "title", &Attachment::title);
  f(2, "sha256", &Attachment::sha256);
  f(3, "data", &Attachment::data);
}
template <class F>
void fields(Tag<Source>, F&& f) {
  f(0, "format", &Source::format);
  f(1, "bytes", &Source::bytes);
}
template <class F>
void fields(Tag<Referral>, F&& f) {
  f(0, "subject", &Referral::subject);
  f(1, "reasons", &Referral::reasons);
  f(2, "service", &Referral::service);
  f(3, "urgency", &Referral::urgency);
  f(4, "requester", &Referral::requester);
  f(5, "requester_agency", &Referral::requester_agency);
  f(6, "target_service_person", &Referral::target_service_person);
  f(7, "authority_basis", &Referral::authority_basis);
  f(8, "consent_ref", &Referral::consent_ref);
  f(9, "location_now", &Referral::location_now);
  f(10, "incident_ref", &Referral::incident_ref);
  f(11, "source_ref", &Referral::source_ref);
  f(12, "requested_at", &Referral::requested_at);
  f(13, "effective_from", &Referral::effective_from);
  f(14, "effective_until", &Referral::effective_until);
  f(15, "risk", &Referral::risk);
  f(16, "hold", &Referral::hold);
  f(17, "med_clearance", &Referral::med_clearance);
  f(18, "transport_needed", &Referral::transport_needed);
  f(19, "diagnoses", &Referral::diagnoses);
  f(20, "allergies", &Referral::allergies);
  f(21, "medications", &Referral::medications);
  f(22, "observations", &Referral::observations);
  f(23, "payer", &Referral::payer);
  f(24, "member_id", &Referral::member_id);
  f(25, "labels", &Referral::labels);
  f(26, "notes", &Referral::notes);
  f(27, "attachments", &Referral::attachments);
}
template <class F>
void fields(Tag<StatusUpdate>, F&& f) {
  f(0, "status", &StatusUpdate::status);
  f(1, "at", &StatusUpdate::at);
  f(2, "actor_role", &StatusUpdate::actor_role);
  f(3, "actor_name", &StatusUpdate::actor_name);
  f(4, "callback", &StatusUpdate::callback);
  f(5, "reason_class", &StatusUpdate::reason_class);
  f(6, "reason", &StatusUpdate::reason);
  f(7, "text", &StatusUpdate::text);
  f(8, "outcome", &StatusUpdate::outcome);
  f(9, "appointment_at", &StatusUpdate::appointment_at);
  f(10, "place", &StatusUpdate::place);
  f(11, "expected_at", &StatusUpdate::expected_at);
  f(12, "hold_until", &StatusUpdate::hold_until);
  f(13, "next_action", &StatusUpdate::next_action);
  f(14, "in_reply_to_ref", &StatusUpdate::in_reply_to_ref);
}
template <class F>
void fields(Tag<SecureMessage>, F&& f) {
  f(0, "text", &SecureMessage::text);
  f(1, "author_role", &SecureMessage::author_role);
  f(2, "author_name", &SecureMessage::author_name);
  f(3, "attachments", &SecureMessage::attachments);
}
template <class F>
void fields(Tag<Acknowledgement>, F&& f) {
  f(0, "ack_of", &Acknowledgement::ack_of);
  f(1, "level", &Acknowledgement::level);
  f(2, "errors", &Acknowledgement::errors);
}
template <class F>
void fields(Tag<Capacity>, F&& f) {
  f(0, "service", &Capacity::service);
  f(1, "state", &Capacity::state);
  f(2, "count", &Capacity::count);
  f(3, "as_of", &Capacity::as_of);
  f(4, "ttl_minutes", &Capacity::ttl_minutes);
  f(5, "accepts", &Capacity::accepts);
  f(6, "phone", &Capacity::phone);
}
template <class F>
void fields(Tag<Seen>, F&& f) {
  f(0, "size", &Seen::size);
  f(1, "root", &Seen::root);
  f(2, "log_sig", &Seen::log_sig);
}
template <class F>
void fields(Tag<Body>, F&& f) {
  f(4, "custom", &Body::custom);
  f(5, "absent", &Body::absent);
  f(6, "source", &Body::source);
  f(7, "seen", &Body::seen);
  f(8, "parent_thread", &Body::parent_thread);
  f(9, "episode", &Body::episode);
  f(10, "accompanies", &Body::accompanies);
}

// What each typed payload is called: as a kind in the registry, and as a key in JSON.
template <class T>
struct PayloadName;
template <>
struct PayloadName<Referral> {
  static constexpr const char *kKind = "Referral", *kKey = "referral";
};
template <>
struct PayloadName<StatusUpdate> {
  static constexpr const char *kKind = "StatusUpdate", *kKey = "status_update";
};
template <>
struct PayloadName<SecureMessage> {
  static constexpr const char *kKind = "SecureMessage", *kKey = "secure_message";
};
template <>
struct PayloadName<Acknowledgement> {
  static constexpr const char *kKind = "Acknowledgement", *kKey = "acknowledgement";
};
template <>
struct PayloadName<Capacity> {
  static constexpr const char *kKind = "CapacityUpdate", *kKey = "capacity";
};

// Calls f(Tag<T>) for each typed payload.
template <class F>
void each_payload(F&& f) {
  f(Tag<Referral>{});
  f(Tag<StatusUpdate>{});
  f(Tag<SecureMessage>{});
  f(Tag<Acknowledgement>{});
  f(Tag<Capacity>{});
}

}  // namespace schemas
