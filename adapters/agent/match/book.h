// The book of records that wait for a person to say which thread they belong to: proposals, decisions, and taking a wrong one back. Inside
// transactions; what is sent goes through mail::compose like everything else.
#pragma once

#include "adapters/agent/keep/match_row.h"
#include "adapters/agent/mail/submit.h"

namespace adapters::agent::match {

// nullopt: no open referral comes near (or a person said so of this visit before); nothing is kept. kConflict: the same key, other content.
base::Result<std::optional<std::uint64_t>> propose(keep::Tx& tx, const mail::Desk& desk, std::string_view adapter, const schemas::Subject& who,
                                                   const Submission& s);

base::Result<keep::MatchRow> row(keep::Tx& tx, std::uint64_t id);  // kNotFound
std::vector<keep::MatchRow> rows(keep::Tx& tx, bool waiting_only, std::uint64_t before, std::size_t limit);  // newest first

// What would be sent into that thread; for what is checked before the write. kConflict: it was decided already.
base::Result<Submission> submission(keep::Tx& tx, const mail::Desk& desk, const keep::MatchRow& row, const base::Id& thread, const std::string& person);
// Sends it there, and later records of the same visit or person follow by themselves. One record a write.
base::Result<Submitted> confirm(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::uint64_t id, const Submission& s);
// Others of the same visit that wait: they belong to the same thread.
std::vector<std::uint64_t> of_same_visit(keep::Tx& tx, const keep::MatchRow& row);
// It belongs to none of them: its content is dropped, and nobody is asked about this visit again.
base::Status dismiss(keep::Tx& tx, const mail::Desk& desk, std::uint64_t id, const std::string& person, const std::string& reason);
// Takes back everything that came of it, here, at the other agency and where it was passed on to, and what followed by itself since; later
// records of the visit no longer find the thread. It may be confirmed again, for another thread. Returns what was retracted.
base::Result<std::vector<base::Id>> undo(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::uint64_t id, const std::string& person,
                                         const std::string& reason);

}  // namespace adapters::agent::match
