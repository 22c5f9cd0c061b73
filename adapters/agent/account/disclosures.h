// The accounting of disclosures (45 CFR 164.528; 42 CFR 2.24, 2.25): what of a person left this agency, when, to whom, for what purpose, on
// which basis; and what is left out of it for a time because an official asked (164.528(a)(2)). Inside transactions.
#pragma once

#include "adapters/agent/account/rows.h"
#include "adapters/agent/mail/submit.h"

namespace adapters::agent::account {

struct Disclosure {
  base::Instant at;                    // the hub's time of its entry
  base::Id msg_id{}, thread_id{}, to{};
  std::uint16_t kind = 0, purpose = 0;
  std::vector<std::string> fields;     // "referral.subject": what was in the reader's copy, named and not shown
  std::vector<std::string> rules;
  std::string basis, consent;          // authority; reference of the consent
  bool part2 = false, forwarded = false;
  std::string exempt;                  // why 164.528(a)(1) asks for no account of it: "treatment", "consent"; empty: it must be told
};
// Newest first.
std::vector<Disclosure> disclosures(keep::Tx& tx, const mail::Desk& desk, const std::vector<base::Id>& threads, base::Instant since);

// What left this agency for agencies of one kind, counted by kind of message and by the view that it was cut to; nobody in it.
struct Flow {
  std::string to_kind, view;
  std::uint16_t kind = 0;
  std::uint64_t messages = 0, part2 = 0, chri = 0;  // of them, with records of substance use treatment, with criminal history
};
std::vector<Flow> flows(keep::Tx& tx, const mail::Desk& desk, std::string_view to_kind, base::Instant since, base::Instant until);

// kUsage: an end that is past, more than 30 days without a written statement, an agency that is none.
base::Result<std::uint64_t> suspend(keep::Tx& tx, const mail::Desk& desk, SuspensionRow row);
base::Status lift(keep::Tx& tx, std::uint64_t id, base::Instant now);  // kNotFound; twice is harmless
std::vector<SuspensionRow> suspensions(keep::Tx& tx);
bool suspended(const std::vector<SuspensionRow>& rows, const std::string& agency, base::Instant now);

}  // namespace adapters::agent::account
