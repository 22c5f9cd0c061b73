// The hospital adapter, type "hospital-mllp": REF^I12 in over MLLP, RRI^I12 out to the hospital's own listener when a status changes.
// ADT and SIU about somebody who was referred become EncounterNotifications and StatusUpdates in that referral's thread (correlate.h says how
// it is found); about anybody else they are acknowledged and forgotten.
//
// Its table in the agent's configuration:
//   listen = "127.0.0.1:2575"        loopback unless another host is written
//   answer_to = "host:port"          the hospital's listener; without it answers stay in the inbox
//   to = "slug"                      where a referral goes that no facility row and no directory name claims
//   facility = [{ name = "HARBORLIGHT", to = "hcc" }]   names in PRD[RT] or MSH-5/6 -> agency
//   basis ("treatment")              under which authority referrals are made
//   service, callback, reason        where a referral names none; without them it is refused with the field (AE)
//   next_action                      what follows a no-show whose message does not say
//   purpose, default_urgency, utc_offset, default_charset, part2_program, keep_ssn
//   max_message, max_connections, idle_seconds, frame_seconds
//   answer_seconds, attempts, first_wait_ms, longest_wait_ms
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::hospital {

agent::AdapterType hospital_mllp();

}  // namespace adapters::hospital
