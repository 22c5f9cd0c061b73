#include "adapters/agent/notify/tellings.h"

#include <algorithm>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/notify/words.h"

namespace adapters::agent::notify {
namespace {

using keep::Table;

constexpr std::string_view kLists[] = {"on_call", "supervisor", "privacy_officer", "it", "coordinator"};
constexpr std::string_view kActive = "notify.active";      // meta: every notice before this one is done with
constexpr std::string_view kChannels = "notify.channels";  // meta: the last channel's id

std::uint64_t number(keep::Tx& tx, std::string_view name) {
  const auto v = tx.get(Table::kMeta, base::view(name));
  return v && v->size() == 8 ? keep::number_in(*v) : 0;
}
void set_number(keep::Tx& tx, std::string_view name, std::uint64_t n) { tx.put(Table::kMeta, base::view(name), keep::key_of(n)); }

base::Bytes channel_key(keep::Tx& tx, const base::Id& person, std::uint64_t id) { return keep::key_of(tx.key("person", person), id); }
base::Bytes told_key(std::uint64_t notice, std::uint64_t told) { return keep::key_of(keep::key_of(notice), told); }

void end_waiting(keep::Tx& tx, std::uint64_t notice, std::string_view why) {
  for (ToldRow& t : told_of(tx, notice)) {
    if (t.progress != Progress::kWaiting) continue;
    t.progress = Progress::kFailed;
    t.why = "not sent: " + std::string(why);
    save(tx, t);
  }
}

}  // namespace

std::string list_of(std::string_view tell) {
  const auto mark = tell.find_last_of(".:");
  return std::string(mark == tell.npos ? tell : tell.substr(mark + 1));
}
bool known_list(std::string_view list) { return std::ranges::find(kLists, list) != std::end(kLists); }

RotaRow rota(keep::Tx& tx, std::string_view list) {
  auto row = keep::find<RotaRow>(tx, Table::kRota, base::view(list)).value_or(RotaRow{});
  row.list = list;
  return row;
}
void save(keep::Tx& tx, const RotaRow& row) {
  RotaRow sorted = row;
  std::ranges::stable_sort(sorted.shifts, {}, &Shift::from);
  tx.put(Table::kRota, base::view(sorted.list), keep::pack(sorted));
}

std::vector<ChannelRow> channels_of(keep::Tx& tx, const base::Id& person) {
  std::vector<ChannelRow> out;
  tx.scan_prefix(Table::kChannel, tx.key("person", person), [&](base::View, base::View v) {
    if (auto row = keep::unpack<ChannelRow>(v)) out.push_back(std::move(*row));
    return true;
  });
  std::ranges::stable_sort(out, {}, &ChannelRow::order);
  return out;
}
void save(keep::Tx& tx, ChannelRow& row) {
  if (row.id == 0) {
    row.id = number(tx, kChannels) + 1;
    set_number(tx, kChannels, row.id);
    for (const ChannelRow& c : channels_of(tx, row.person)) row.order = std::max(row.order, c.order + 1);
  }
  tx.put(Table::kChannel, channel_key(tx, row.person, row.id), keep::pack(row));
}
bool erase_channel(keep::Tx& tx, const base::Id& person, std::uint64_t id) {
  const base::Bytes key = channel_key(tx, person, id);
  if (!tx.has(Table::kChannel, key)) return false;
  tx.erase(Table::kChannel, key);
  return true;
}

std::uint64_t add(keep::Tx& tx, ToldRow row) {
  row.seq = tx.next(Table::kTold);
  save(tx, row);
  tx.put(Table::kToldOf, told_key(row.notice, row.seq), {});
  tx.put(Table::kToldOf, tx.key("told", row.id), keep::key_of(row.seq));
  return row.seq;
}
void save(keep::Tx& tx, const ToldRow& row) {
  tx.put(Table::kTold, keep::key_of(row.seq), keep::pack(row));
  tx.changed(Table::kNotice, keep::key_of(row.notice));
}
std::optional<ToldRow> told(keep::Tx& tx, std::uint64_t seq) { return keep::find<ToldRow>(tx, Table::kTold, keep::key_of(seq)); }
std::optional<ToldRow> told_by_id(keep::Tx& tx, const base::Id& id) {
  const auto seq = tx.get(Table::kToldOf, tx.key("told", id));
  return seq && seq->size() == 8 ? told(tx, keep::number_in(*seq)) : std::nullopt;
}
std::vector<ToldRow> told_of(keep::Tx& tx, std::uint64_t notice) {
  std::vector<std::uint64_t> seqs;
  tx.scan_prefix(Table::kToldOf, keep::key_of(notice), [&](base::View key, base::View) {
    if (key.size() == 16) seqs.push_back(keep::number_in(key));
    return true;
  });
  std::vector<ToldRow> out;
  for (const std::uint64_t seq : seqs) {
    if (auto row = told(tx, seq)) out.push_back(std::move(*row));
  }
  return out;
}

bool is_done(keep::Tx& tx, std::uint64_t notice) { return notice < number(tx, kActive) || tx.has(Table::kToldOf, keep::key_of(notice)); }

void each_active(keep::Tx& tx, const std::function<void(const keep::NoticeRow&)>& visit) {
  std::vector<keep::NoticeRow> all;
  tx.scan(Table::kNotice, keep::key_of(number(tx, kActive)), [&](base::View, base::View v) {
    if (auto n = keep::unpack<keep::NoticeRow>(v)) all.push_back(std::move(*n));
    return true;
  });
  for (const keep::NoticeRow& n : all) {
    if (!tx.has(Table::kToldOf, keep::key_of(n.seq))) visit(n);
  }
}

void done(keep::Tx& tx, const keep::NoticeRow& notice, std::string_view why) {
  end_waiting(tx, notice.seq, why);
  tx.put(Table::kToldOf, keep::key_of(notice.seq), base::view(why));
  std::uint64_t first = number(tx, kActive);
  if (first == 0) first = 1;
  while (tx.has(Table::kToldOf, keep::key_of(first))) ++first;
  if (first != number(tx, kActive)) set_number(tx, kActive, first);
}

bool fits(const people::Actor& actor, std::string_view list) {
  if (list == "on_call") return actor.can("accept");
  if (list == "supervisor") return actor.can("reassign");
  if (list == "privacy_officer") return actor.can("review");
  if (list == "it") return actor.can("keys");
  return std::ranges::any_of(actor.roles, [](const std::string& role) { return role.find("coordinator") != role.npos; });
}

void seen(keep::Tx& tx, keep::NoticeRow& n, const people::Actor& actor, base::Instant now) {
  for (ToldRow& t : told_of(tx, n.seq)) {
    if (t.login != actor.login || t.opened.ms != 0) continue;
    t.opened = now;
    t.progress = Progress::kOpened;
    save(tx, t);
  }
  if (n.seen.ms == 0) {
    n.seen = now;
    n.seen_by = actor.login;
    tx.put(Table::kNotice, keep::key_of(n.seq), keep::pack(n));
    tx.changed(Table::kNotice, keep::key_of(n.seq));
  }
  if (!is_done(tx, n.seq)) done(tx, n, "somebody has seen it");
}

void opened(keep::Tx& tx, const base::Id& thread_id, const people::Actor& actor, base::Instant now) {
  std::vector<keep::NoticeRow> mine;
  each_active(tx, [&](const keep::NoticeRow& n) {
    if (n.thread_id != thread_id || n.at > now) return;
    const auto rows = told_of(tx, n.seq);
    const bool was_told = std::ranges::any_of(rows, [&](const ToldRow& t) { return t.login == actor.login; });
    if (was_told || fits(actor, list_of(n.tell))) mine.push_back(n);
  });
  for (keep::NoticeRow& n : mine) seen(tx, n, actor, now);
}

bool waits(keep::Tx& tx, const base::Id& thread_id) {
  bool any = false;
  each_active(tx, [&](const keep::NoticeRow& n) { any = any || n.thread_id == thread_id; });
  return any;
}

std::string urgency_of(keep::Tx& tx, const keep::NoticeRow& n) {
  const auto loop = base::all_zero(n.thread_id) ? std::nullopt : mail::loop_row(tx, n.thread_id);
  if (loop && !loop->urgency.empty()) return loop->urgency;
  return n.phone ? "urgent" : "routine";
}

Counts counts(keep::Tx& tx) {
  std::set<base::Id> waiting, overdue;
  std::uint64_t loose = 0;
  each_active(tx, [&](const keep::NoticeRow& n) {
    if (n.seen.ms != 0) return;
    if (base::all_zero(n.thread_id)) {
      ++loose;
      return;
    }
    waiting.insert(n.thread_id);
    if (words_of(n.what, "").ends_with("past its time. Open to view.")) overdue.insert(n.thread_id);
  });
  return {waiting.size() + loose, overdue.size()};
}

}  // namespace adapters::agent::notify
