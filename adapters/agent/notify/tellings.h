// Tellings in the store: what was written for whom, how far it came, and what ends it. Inside transactions.
#pragma once

#include "adapters/agent/notify/notify.h"

namespace adapters::agent::notify {

// Lists and channels.
std::string list_of(std::string_view tell);          // "target.on_call" -> "on_call", "role:coordinator" -> "coordinator"
bool known_list(std::string_view list);
RotaRow rota(keep::Tx& tx, std::string_view list);   // an empty one if nobody has set it
void save(keep::Tx& tx, const RotaRow& row);
std::vector<ChannelRow> channels_of(keep::Tx& tx, const base::Id& person);  // by order
void save(keep::Tx& tx, ChannelRow& row);            // id 0: a new one, at the end of the person's
bool erase_channel(keep::Tx& tx, const base::Id& person, std::uint64_t id);

// Tellings.
std::uint64_t add(keep::Tx& tx, ToldRow row);
void save(keep::Tx& tx, const ToldRow& row);
std::optional<ToldRow> told(keep::Tx& tx, std::uint64_t seq);
std::optional<ToldRow> told_by_id(keep::Tx& tx, const base::Id& id);
std::vector<ToldRow> told_of(keep::Tx& tx, std::uint64_t notice);  // in the order in which they were made

// Notices that are not done with, oldest first.
void each_active(keep::Tx& tx, const std::function<void(const keep::NoticeRow&)>& visit);
void done(keep::Tx& tx, const keep::NoticeRow& notice, std::string_view why);  // tellings that still wait are called off
bool is_done(keep::Tx& tx, std::uint64_t notice);

// A person has opened this thread: the notices of it that are for such people are seen, and that person's tellings opened.
void opened(keep::Tx& tx, const base::Id& thread_id, const people::Actor& actor, base::Instant now);
bool waits(keep::Tx& tx, const base::Id& thread_id);  // is there a notice of this thread that is not done with?
// A person has said so of one notice.
void seen(keep::Tx& tx, keep::NoticeRow& notice, const people::Actor& actor, base::Instant now);

bool fits(const people::Actor& actor, std::string_view list);  // has the role that this list stands for
std::string urgency_of(keep::Tx& tx, const keep::NoticeRow& notice);
struct Counts {
  std::uint64_t waiting = 0, overdue = 0;  // threads with a notice that nobody has seen; and of these, with one of a deadline
};
Counts counts(keep::Tx& tx);

}  // namespace adapters::agent::notify
