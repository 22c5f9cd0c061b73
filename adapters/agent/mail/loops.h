// Loops: what deadlines and lists need to know of a thread beside its events, inside transactions. A change sets the loop's next look to
// "now"; the clockwork (loop/clockwork.h) then computes its deadlines and sets the next one.
#pragma once

#include "adapters/agent/mail/submit.h"
#include "schemas/model.h"

namespace adapters::agent::mail {

std::optional<keep::LoopRow> loop_row(keep::Tx& tx, const base::Id& thread_id);
void save_loop(keep::Tx& tx, const keep::LoopRow& row);                                     // without its time
void look_at(keep::Tx& tx, keep::LoopRow& row, base::Instant when);                         // 0: no more
std::vector<base::Id> loops_due(keep::Tx& tx, base::Instant now, std::size_t at_most);
std::optional<base::Instant> next_look(keep::Tx& tx);

// After add_message(): what this message changes in its loop.
void note_in_loop(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body);

void notify(keep::Tx& tx, keep::NoticeRow notice);  // for this agency's people
std::string item_words(std::string_view urgency);    // "emergent item": of the three urgencies; what a sender made up is none
void record_refusal(keep::Tx& tx, const keep::RefusalRow& row);

}  // namespace adapters::agent::mail
