// What a sender does about a NACK (protocol 12, table). A NACK is advice: what it claims about certificates, keys, policy or members
// counts only where the own, synced directory agrees. Pure.
#pragma once

#include "adapters/agent/mail/outbox.h"
#include "schemas/wire.h"

namespace adapters::agent::mail {

struct Plan {
  enum class Act { kResend, kReseal, kStop } act = Act::kStop;
  std::uint64_t wait_ms = 0;
  std::vector<Verdict> verdicts;  // kReseal
  std::string alarm;              // for people; may be empty
};
// `repeats`: NACKs in a row for what is at the head of the outbox. The directory in `desk` was synced after the NACK came.
Plan plan_nack(const schemas::wire::Nack& nack, const keep::BatchRow& batch, const Desk& desk, unsigned repeats);

}  // namespace adapters::agent::mail
