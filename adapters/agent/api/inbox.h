// What the inbox shows of a thread, as the list, one thread and "catch up" share it: its row, its section, its marks. Inside transactions.
// The shapes are those of adapters/inbox/web/src/api/types.ts.
#pragma once

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {

// A thread with what its row needs, read once.
struct Entry {
  keep::ThreadRow thread;
  std::optional<LoopView> loop;
  std::optional<keep::Message> first;     // the Referral, or whatever began it
  std::optional<schemas::Body> body;      // its body
  [[nodiscard]] const schemas::Referral* referral() const { return body ? std::get_if<schemas::Referral>(&body->payload) : nullptr; }
};
Entry entry_of(keep::Tx& tx, const mail::Desk& desk, const keep::ThreadRow& row);

bool to_us(const mail::Desk& desk, const Entry& e);
// "overdue", "decide", "handoff", "active" or "done" (docs/spec/agent-socket.md).
std::string section_of(const mail::Desk& desk, const Entry& e);
// The four marks of one message; of the thread's first, also "acted" and when that is due.
Json marks_json(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m);
Json marks_json(keep::Tx& tx, const mail::Desk& desk, const Entry& e);

Json row_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const Entry& e);
std::string subject_of(const schemas::Subject& s);  // "Doe, Jane"; of somebody unknown, the description

// One thread as a screen shows it, beside its events (inbox_extras.cc).
void add_extras(keep::Tx& tx, const Call& call, const mail::Desk& desk, const Entry& e, Json& out);

}  // namespace adapters::agent::api
