// The hospital adapter, type "hospital-mllp": HL7 v2 in and out over MLLP. Referrals of the hospital's (REF, OMG) go out into the county and
// their answers come back (RRI, OSU); referrals that ask the hospital are sent to its listener, and its answers are taken in. ADT, SIU, ORU
// and MDM about somebody who was referred go into that referral's thread (correlate.h says how it is found); without a reference a person is
// asked (Host::propose_match); about anybody else they are acknowledged and forgotten.
//
// Its table in the agent's configuration:
//   listen = "127.0.0.1:2575"        loopback unless another host is written
//   answer_to = "host:port"          the hospital's listener; without it answers stay in the inbox
//   referral_out ("REF_I12")         how referrals that ask the hospital go there: REF_I12, OMG_O19, none
//   match (true)                     ask people about records without a reference
//   tls_cert, tls_key, tls_client_ca, answer_tls_ca, answer_tls_cert, answer_tls_key, answer_tls_name, plain_on_network    (transport/tls.h)
//   to = "slug"                      where a referral goes that no facility row and no directory name claims
//   facility = [{ name = "HARBORLIGHT", to = "hcc" }]   names in PRD[RT] or MSH-5/6 -> agency
//   basis ("treatment")              under which authority referrals are made
//   service, callback, reason        where a referral names none; without them it is refused with the field (AE)
//   mapping = "FILE"                 the site's own segments and codes over the standard mapping (docs/guide/mapping.md)
//   next_action                      what follows a no-show whose message does not say
//   purpose, default_urgency, default_processing, utc_offset, default_charset, part2_program, keep_ssn
//   max_message, max_connections, idle_seconds, frame_seconds
//   answer_seconds, attempts, first_wait_ms, longest_wait_ms
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::hospital {

agent::AdapterType hospital_mllp();

}  // namespace adapters::hospital
