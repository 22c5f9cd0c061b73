// Threads: messages and the loops they make, inside one transaction. A thread is one request to one other agency; its state is what
// the reducer says of its events (schemas/lifecycle.h), in the order of decisions D14.
#pragma once

#include "adapters/agent/mail/submit.h"
#include "schemas/lifecycle.h"
#include "schemas/model.h"

namespace adapters::agent::mail {

// Takes in a new message (seq 0: assigned): indexes, references, its thread's row, loop and state. `body` is its decoded body. A message
// with words in `why` is kept and shown, and counts for nothing.
void add_message(keep::Tx& tx, const Desk& desk, keep::Message& m, const schemas::Body& body);
// After a change of place, leaf or progress.
void save_message(keep::Tx& tx, const base::Id& self, const keep::Message& m);

std::optional<keep::Message> message(keep::Tx& tx, std::uint64_t seq);
std::vector<keep::Message> messages_by_id(keep::Tx& tx, const base::Id& msg_id);  // more than one: views, or a conflict
std::optional<keep::ThreadRow> thread(keep::Tx& tx, const base::Id& thread_id);
void save_thread(keep::Tx& tx, const keep::ThreadRow& row);
std::optional<schemas::Referral> opening_of(keep::Tx& tx, const base::Id& thread_id);  // the thread's Referral, as held here
bool is_opening(const keep::Message& m);
std::vector<std::uint64_t> thread_messages(keep::Tx& tx, const base::Id& thread_id);
std::vector<std::uint64_t> chain_of(keep::Tx& tx, const keep::Message& m);         // thread_prev runs along these: facts, read receipts and parts have their own
std::vector<base::Id> threads_by_ref(keep::Tx& tx, std::string_view ref);          // newest first
std::string subject_ref(const schemas::Identifier& id);                            // its place among the references

// The thread's state; `upto`: only events placed no later than this one.
schemas::Loop loop_of(keep::Tx& tx, const base::Id& self, const keep::ThreadRow& row, const std::optional<schemas::Place>& upto = {});
// The newest leaf of its chain before that message (protocol: thread_prev), with its message seq.
std::optional<std::pair<std::uint64_t, base::Hash>> leaf_before(keep::Tx& tx, const keep::Message& m);
void feed(keep::Tx& tx, const keep::Message& m);  // adapters are to be handed this message

}  // namespace adapters::agent::mail
