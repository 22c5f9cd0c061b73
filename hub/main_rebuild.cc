// rebuild: a hub whose disk is gone, from its last backup and what agents returned. The same items go through the same apply() at the same
// hub_time, so the tree is the one that was signed, byte for byte; the rebuild is an entry after it. If anything is missing, nothing is
// made: the origin must not be continued (protocol 6, Restore).
#include <fmt/format.h>

#include <filesystem>
#include <unordered_map>

#include "crypto/note.h"
#include "hub/main_folder.h"
#include "hub/main_returns.h"
#include "hub/state/rows.h"

namespace hub {
namespace {

namespace fs = std::filesystem;
using schemas::EntryType;

constexpr std::size_t kTold = 20;

base::Result<Backed> backed_by(const journal::Journal& journal) {
  TRY_ASSIGN(const auto snapshot, journal.read());
  Backed out;
  out.size = snapshot->reader().size();
  if (const auto v = snapshot->kv().get(state::Table::kMeta, base::view("state"))) {
    auto row = state::parse_state_row(*v);
    if (row) out.edge = std::move(row->edge);
  }
  for (std::uint64_t i = 0; i < out.size; ++i) {
    const auto e = snapshot->reader().entry(i);
    if (!e) return base::Error{base::Kind::kCorrupt, fmt::format("entry {} is missing", i), "backup", "use an older backup; check names what is wrong"};
    out.entries.push_back(*e);
  }
  return out;
}

class Rebuilder {
 public:
  Rebuilder(journal::Journal& journal, const Backed& backed, const Tail& tail) : journal_(journal), tail_(tail) {
    for (std::size_t i = 0; i < backed.entries.size(); ++i) note_accept(i, backed.entries[i]);
  }

  base::Status run() {
    for (std::size_t at = 0; at < tail_.entries.size();) {
      std::vector<state::Item> items;
      TRY_ASSIGN(const crypto::Ent1 first, crypto::parse_ent1(tail_.entries[at]));
      std::size_t end = at;  // all entries of one hub_time were one commit, or several of the same millisecond: it makes no difference
      while (end < tail_.entries.size()) {
        TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(tail_.entries[end]));
        if (e.hub_time != first.hub_time) break;
        TRY_ASSIGN(state::Item item, item_of(e));
        std::size_t n = 1;
        if (e.type == static_cast<std::uint8_t>(EntryType::kAccept)) n = entries_of(e.container, end);
        items.push_back(std::move(item));
        for (std::size_t i = 0; i < n; ++i) note_accept(tail_.from + end + i, tail_.entries[end + i]);
        end += n;
      }
      TRY_ASSIGN(const auto applied, journal_.append(std::move(items), first.hub_time));
      TRY(same(at, end, applied));
      at = end;
    }
    return {};
  }

 private:
  void note_accept(std::uint64_t index, base::View entry) {
    const auto e = crypto::parse_ent1(entry);
    if (e.ok() && e->type == static_cast<std::uint8_t>(EntryType::kAccept)) accepts_[e->subject] = index;
  }
  [[nodiscard]] std::size_t entries_of(const base::Hash& batch, std::size_t from) const {
    std::size_t n = 0;
    while (from + n < tail_.entries.size() && base::equal(base::View(tail_.entries[from + n]).subspan(64, 32), batch)) ++n;
    return n;
  }

  base::Result<state::Item> item_of(const crypto::Ent1& e) const {
    state::Item item;
    item.type = static_cast<EntryType>(e.type);
    switch (item.type) {
      case EntryType::kAccept: item.bytes = tail_.batches.at(e.container); break;
      case EntryType::kReceipt: item.bytes = tail_.receipts.at(e.subject); break;
      case EntryType::kHead:
      case EntryType::kDir: {
        const std::string& whole = tail_.notes.at(e.subject);
        item.bytes = base::to_bytes(whole);
        const auto note = crypto::parse_note(whole);
        const auto policy = note.ok() ? crypto::parse_policy_note(note->text) : base::Result<crypto::PolicyNote>(base::malformed("", ""));
        if (policy.ok()) item.blob = base::to_bytes(tail_.texts.at(policy->rules));
        break;
      }
      case EntryType::kErase:
      case EntryType::kExpire: {
        const auto at = accepts_.find(e.subject);
        if (at == accepts_.end()) return base::Error{base::Kind::kConflict, "an erasure names a group that is not in the log", "returns"};
        item.bytes.resize(8);
        base::store_le(item.bytes.data(), at->second);
        item.lost = {e.subject, e.container};
        break;
      }
      default: item.lost = {e.subject, e.container};
    }
    return item;
  }

  // The log now says what it said before, entry by entry.
  base::Status same(std::size_t from, std::size_t to, const state::Applied& applied) const {
    for (const auto& o : applied.outcomes) {
      if (o.accepted && !o.repeat) continue;
      return base::Error{base::Kind::kConflict, fmt::format("one of entries {} to {} cannot have been: {}", tail_.from + from, tail_.from + to - 1, o.words), "returns"};
    }
    TRY_ASSIGN(const auto snapshot, journal_.read());
    for (std::size_t i = from; i < to; ++i) {
      const auto entry = snapshot->reader().entry(tail_.from + i);
      if (!entry || *entry != tail_.entries[i]) return base::Error{base::Kind::kConflict, fmt::format("entry {} does not come out as it was signed", tail_.from + i), "returns"};
    }
    return {};
  }

  journal::Journal& journal_;
  const Tail& tail_;
  std::unordered_map<base::Hash, std::uint64_t, base::HashHash> accepts_;
};

int refused(const std::vector<std::string>& missing, const crypto::Anchor& anchor, const Tail& tail) {
  for (std::size_t i = 0; i < missing.size() && i < kTold; ++i) fmt::print("missing  {}\n", missing[i]);
  if (missing.size() > kTold) fmt::print("missing  and {} more\n", missing.size() - kTold);
  fmt::print(stderr,
             "handoff-hub: {} must not be continued: what is missing may have been promised to somebody. Nothing was made.\n"
             "Get the returns of all agents and try again. If they cannot be had: a new origin (handoff-hub keygen NEWDIR --origin NAME),\n"
             "a new anchor that names it, and the last log is told to everybody: {} {} entries. See docs/guide/hub-operator.md.\n",
             anchor.log.name, anchor.log.name, tail.size());
  return kFinding;
}

// Those that its anchors have named, and the one that is kept for the next.
base::Result<std::vector<crypto::VerifierKey>> log_keys(const Folder& folder, const journal::Journal& journal) {
  TRY_ASSIGN(const auto pinned, folder.anchor());
  std::vector<crypto::VerifierKey> out{pinned.log};
  const auto directory = journal.directory();
  for (const std::string& whole : directory.notes()) {
    const auto note = crypto::parse_note(whole);
    const auto anchor = note.ok() ? crypto::parse_anchor(note->text) : base::Result<crypto::Anchor>(note.error());
    if (anchor.ok()) out.push_back(anchor->log);
  }
  TRY_ASSIGN(const auto keys, folder.keys());
  if (keys.next_log) out.push_back({pinned.log.name, crypto::NoteAlg::kEd25519, keys.next_log->public_key()});
  return out;
}

base::Result<int> rebuild_into(const Folder& to, const Arguments& a, std::vector<std::string> files) {
  TRY_ASSIGN(const auto anchor, to.anchor());
  TRY_ASSIGN(const auto journal, to.open_journal(kMapSize));
  TRY_ASSIGN(const Backed backed, backed_by(*journal));
  std::vector<std::string> known, missing;
  for (const auto& [name, value] : a.options) {
    if (name == "known") known.push_back(value);
  }
  TRY_ASSIGN(const auto logs, log_keys(to, *journal));
  TRY_ASSIGN(const Tail tail, read_returns(backed, logs, files, known, missing));
  if (!missing.empty()) return refused(missing, anchor, tail);
  TRY(Rebuilder(*journal, backed, tail).run());
  state::Item entry;
  entry.type = EntryType::kHub;
  entry.bytes = base::to_bytes(base::View(crypto::system_random().bytes<32>()));
  base::append(entry.bytes, base::view(fmt::format("rebuilt {} {} from {} returns", backed.size, tail.size(), files.size())));
  std::vector<state::Item> items;
  items.push_back(std::move(entry));
  TRY_ASSIGN(const auto applied, journal->append(std::move(items), base::real_now()));
  fmt::print("{}: rebuilt; the backup had {} entries, agents returned {} more, all of them as they were signed\nThe rebuild is entry {}; root {}\n", to.dir(), backed.size,
             tail.size() - backed.size, applied.size - 1, base::base64(applied.root));
  return kWorked;
}

base::Result<int> rebuild(const Arguments& a) {
  if (a.words.size() < 2 || a.get("from").empty())
    return base::Error{base::Kind::kUsage, "rebuild takes a new folder, --from BACKUP and the files that agents returned", {}, "see handoff-hub --help"};
  const Folder from(a.get("from")), to(a.words[0]);
  TRY(copy_folder(from, to));
  auto done = rebuild_into(to, a, {a.words.begin() + 1, a.words.end()});
  if (!done.ok() || *done != kWorked) {
    std::error_code ignored;
    fs::remove_all(to.dir(), ignored);
  }
  if (!done.ok() && done.error().kind == base::Kind::kConflict) {
    report(done.error());
    return kFinding;
  }
  return done;
}

}  // namespace

int rebuild_command(const Arguments& a) {
  const auto s = rebuild(a);
  return s.ok() ? *s : report(s.error());
}

}  // namespace hub
