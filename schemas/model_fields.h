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
  f(4, "weapons_secured", &Risk::weapons_secured);
  f(5, "means", &Risk::means);
}
template <class F>
void fields(Tag<Hold>, F&& f) {
  f(0, "state", &Hold::state);
  f(1, "form", &Hold::form);
  f(2, "initiator", &Hold::initiator);
  f(3, "basis", &Hold::basis);
  f(4, "start", &Hold::start);
  f(5, "expires", &Hold::expires);
  f(6, "rights_advised", &Hold::rights_advised);
  f(7, "form_attached", &Hold::form_attached);
  f(8, "outcome", &Hold::outcome);
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
  f(4, "blob", &Attachment::blob);
  f(5, "size", &Attachment::size);
}
template <class F>
void fields(Tag<Source>, F&& f) {
  f(0, "format", &Source::format);
  f(1, "bytes", &Source::bytes);
}
template <class F>
void fields(Tag<Clearance>, F&& f) {
  f(0, "status", &Clearance::status);
  f(1, "by", &Clearance::by);
  f(2, "at", &Clearance::at);
  f(3, "bac", &Clearance::bac);
  f(4, "tox", &Clearance::tox);
}
template <class F>
void fields(Tag<Moment>, F&& f) {
  f(0, "name", &Moment::name);
  f(1, "at", &Moment::at);
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
  f(28, "dependents", &Referral::dependents);
  f(29, "veteran", &Referral::veteran);
  f(30, "housing", &Referral::housing);
  f(31, "subtype", &Referral::subtype);
  f(32, "setting", &Referral::setting);
  f(33, "trigger", &Referral::trigger);
  f(34, "co_response", &Referral::co_response);
  f(35, "police_outcome", &Referral::police_outcome);
  f(36, "restraint", &Referral::restraint);
  f(37, "injury", &Referral::injury);
  f(38, "prior_contacts", &Referral::prior_contacts);
  f(39, "criminal_history", &Referral::criminal_history);
  f(40, "timeline", &Referral::timeline);
  f(41, "medications_given", &Referral::medications_given);
  f(42, "refusals", &Referral::refusals);
  f(43, "discharge_plan", &Referral::discharge_plan);
  f(44, "clearance", &Referral::clearance);
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
  f(15, "esc_level", &StatusUpdate::esc_level);
  f(16, "deadline", &StatusUpdate::deadline);
  f(17, "late_ms", &StatusUpdate::late_ms);
  f(18, "alternatives", &StatusUpdate::alternatives);
  f(19, "est_days", &StatusUpdate::est_days);
  f(20, "attempts", &StatusUpdate::attempts);
  f(21, "last_attempt_at", &StatusUpdate::last_attempt_at);
  f(22, "safety_alert", &StatusUpdate::safety_alert);
  f(23, "hold", &StatusUpdate::hold);
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
void fields(Tag<HandoffReport>, F&& f) {
  f(0, "phase", &HandoffReport::phase);
  f(1, "at", &HandoffReport::at);
  f(2, "place", &HandoffReport::place);
  f(3, "condition", &HandoffReport::condition);
  f(4, "person", &HandoffReport::person);
  f(5, "custody", &HandoffReport::custody);
  f(6, "clinical", &HandoffReport::clinical);
  f(7, "legal", &HandoffReport::legal);
  f(8, "restraint", &HandoffReport::restraint);
  f(9, "weapons_screened", &HandoffReport::weapons_screened);
  f(10, "belongings", &HandoffReport::belongings);
  f(11, "hold", &HandoffReport::hold);
  f(12, "clearance", &HandoffReport::clearance);
  f(13, "observations", &HandoffReport::observations);
  f(14, "disagreements", &HandoffReport::disagreements);
  f(15, "reason", &HandoffReport::reason);
  f(16, "offer", &HandoffReport::offer);
}
template <class F>
void fields(Tag<EncounterNotification>, F&& f) {
  f(0, "event", &EncounterNotification::event);
  f(1, "facility", &EncounterNotification::facility);
  f(2, "at", &EncounterNotification::at);
  f(3, "subject", &EncounterNotification::subject);
  f(4, "visit", &EncounterNotification::visit);
  f(5, "disposition", &EncounterNotification::disposition);
  f(6, "follow_up_at", &EncounterNotification::follow_up_at);
  f(7, "in_reply_to_ref", &EncounterNotification::in_reply_to_ref);
}
template <class F>
void fields(Tag<CapacityInquiry>, F&& f) {
  f(0, "service", &CapacityInquiry::service);
  f(1, "age_band", &CapacityInquiry::age_band);
  f(2, "urgency", &CapacityInquiry::urgency);
  f(3, "needs", &CapacityInquiry::needs);
}
template <class F>
void fields(Tag<CapacityReply>, F&& f) {
  f(0, "inquiry", &CapacityReply::inquiry);
  f(1, "service", &CapacityReply::service);
  f(2, "state", &CapacityReply::state);
  f(3, "count", &CapacityReply::count);
  f(4, "as_of", &CapacityReply::as_of);
  f(5, "ttl_minutes", &CapacityReply::ttl_minutes);
  f(6, "accepts", &CapacityReply::accepts);
  f(7, "phone", &CapacityReply::phone);
  f(8, "wait", &CapacityReply::wait);
}
template <class F>
void fields(Tag<Consent>, F&& f) {
  f(0, "id", &Consent::id);
  f(1, "form_version", &Consent::form_version);
  f(2, "subject", &Consent::subject);
  f(3, "discloser", &Consent::discloser);
  f(4, "recipients", &Consent::recipients);
  f(5, "scope", &Consent::scope);
  f(6, "purposes", &Consent::purposes);
  f(7, "granted_at", &Consent::granted_at);
  f(8, "expires", &Consent::expires);
  f(9, "revoked_at", &Consent::revoked_at);
  f(10, "expires_event", &Consent::expires_event);
  f(11, "method", &Consent::method);
  f(12, "signer", &Consent::signer);
  f(13, "part2", &Consent::part2);
  f(14, "legal", &Consent::legal);
  f(15, "text", &Consent::text);
}
template <class F>
void fields(Tag<FollowUp>, F&& f) {
  f(0, "mark", &FollowUp::mark);
  f(1, "result", &FollowUp::result);
  f(2, "attempts", &FollowUp::attempts);
  f(3, "at", &FollowUp::at);
  f(4, "by_role", &FollowUp::by_role);
  f(5, "text", &FollowUp::text);
}
template <class F>
void fields(Tag<Correction>, F&& f) {
  f(0, "target", &Correction::target);
  f(1, "replacement", &Correction::replacement);
  f(2, "action", &Correction::action);
  f(3, "reason", &Correction::reason);
  f(4, "text", &Correction::text);
}
template <class F>
void fields(Tag<BreakGlass>, F&& f) {
  f(0, "reason", &BreakGlass::reason);
  f(1, "text", &BreakGlass::text);
  f(2, "person", &BreakGlass::person);
  f(3, "role", &BreakGlass::role);
  f(4, "at", &BreakGlass::at);
  f(5, "until", &BreakGlass::until);
  f(6, "opened", &BreakGlass::opened);
  f(7, "fields", &BreakGlass::fields);
  f(8, "content", &BreakGlass::content);
}
template <class F>
void fields(Tag<LoopFacts>, F&& f) {
  f(0, "kind", &LoopFacts::kind);
  f(1, "status", &LoopFacts::status);
  f(2, "at", &LoopFacts::at);
  f(3, "target", &LoopFacts::target);
  f(4, "urgency", &LoopFacts::urgency);
  f(5, "service", &LoopFacts::service);
  f(6, "decline_class", &LoopFacts::decline_class);
  f(7, "esc_level", &LoopFacts::esc_level);
  f(8, "deadline", &LoopFacts::deadline);
  f(9, "mark", &LoopFacts::mark);
  f(10, "result", &LoopFacts::result);
  f(11, "handoff", &LoopFacts::handoff);
  f(12, "appointment_at", &LoopFacts::appointment_at);
  f(13, "at_index", &LoopFacts::at_index);
  f(14, "label_commit", &LoopFacts::label_commit);
  f(15, "retracts", &LoopFacts::retracts);
}
template <class F>
void fields(Tag<BlobPart>, F&& f) {
  f(0, "blob", &BlobPart::blob);
  f(1, "part", &BlobPart::part);
  f(2, "of", &BlobPart::of);
  f(3, "sha256", &BlobPart::sha256);
  f(4, "size", &BlobPart::size);
  f(5, "bytes", &BlobPart::bytes);
}
template <class F>
void fields(Tag<Emergency>, F&& f) {
  f(0, "recipient", &Emergency::recipient);
  f(1, "affiliation", &Emergency::affiliation);
  f(2, "discloser", &Emergency::discloser);
  f(3, "at", &Emergency::at);
  f(4, "nature", &Emergency::nature);
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
  f(11, "authority_basis", &Body::authority_basis);
  f(12, "consent_ref", &Body::consent_ref);
  f(13, "labels", &Body::labels);
  f(14, "court_order", &Body::court_order);
  f(15, "good_faith", &Body::good_faith);
  f(16, "emergency", &Body::emergency);
  f(17, "forwards", &Body::forwards);
  f(18, "view", &Body::view);
  f(19, "rules", &Body::rules);
  f(20, "policy_hash", &Body::policy_hash);
  f(21, "notice", &Body::notice);
  f(22, "consent_copy", &Body::consent_copy);
  f(23, "entered_at", &Body::entered_at);
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
template <>
struct PayloadName<HandoffReport> {
  static constexpr const char *kKind = "HandoffReport", *kKey = "handoff_report";
};
template <>
struct PayloadName<EncounterNotification> {
  static constexpr const char *kKind = "EncounterNotification", *kKey = "encounter";
};
template <>
struct PayloadName<CapacityInquiry> {
  static constexpr const char *kKind = "CapacityInquiry", *kKey = "capacity_inquiry";
};
template <>
struct PayloadName<CapacityReply> {
  static constexpr const char *kKind = "CapacityReply", *kKey = "capacity_reply";
};
template <>
struct PayloadName<Consent> {
  static constexpr const char *kKind = "Consent", *kKey = "consent";
};
template <>
struct PayloadName<FollowUp> {
  static constexpr const char *kKind = "FollowUp", *kKey = "follow_up";
};
template <>
struct PayloadName<Correction> {
  static constexpr const char *kKind = "Correction", *kKey = "correction";
};
template <>
struct PayloadName<BreakGlass> {
  static constexpr const char *kKind = "BreakGlass", *kKey = "break_glass";
};
template <>
struct PayloadName<LoopFacts> {
  static constexpr const char *kKind = "LoopFacts", *kKey = "loop_facts";
};
template <>
struct PayloadName<BlobPart> {
  static constexpr const char *kKind = "BlobPart", *kKey = "blob_part";
};

// Calls f(Tag<T>) for each typed payload.
template <class F>
void each_payload(F&& f) {
  f(Tag<Referral>{});
  f(Tag<StatusUpdate>{});
  f(Tag<SecureMessage>{});
  f(Tag<Acknowledgement>{});
  f(Tag<Capacity>{});
  f(Tag<HandoffReport>{});
  f(Tag<EncounterNotification>{});
  f(Tag<CapacityInquiry>{});
  f(Tag<CapacityReply>{});
  f(Tag<Consent>{});
  f(Tag<FollowUp>{});
  f(Tag<Correction>{});
  f(Tag<BreakGlass>{});
  f(Tag<LoopFacts>{});
  f(Tag<BlobPart>{});
}

}  // namespace schemas
