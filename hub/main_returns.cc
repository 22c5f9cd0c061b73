// Reading returns: one run of entries that all of them agree on, and what stands behind each.
#include "hub/main_returns.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/note.h"
#include "hub/main_folder.h"
#include "schemas/frames.h"
#include "schemas/registry.h"

namespace hub {
namespace {

using schemas::EntryType;

constexpr std::size_t kEntry = 112;

struct Mark {  // a tree that the hub has signed, and who holds that
  crypto::Checkpoint tree;
  std::string note, from;
};
struct File {
  std::string name;
  schemas::Returned r;
};

base::Error contradicts(const std::string& file, std::uint64_t index, const char* what) {
  return {base::Kind::kConflict, fmt::format("entry {} is another one than {}", index, what), file,
          "two logs under one name: keep all files as evidence, and tell the authority"};
}

base::Result<Mark> mark_of(const std::string& note, const std::string& file, std::span<const crypto::VerifierKey> logs) {
  auto tree = crypto::open_checkpoint(note, logs.front());
  for (const auto& log : logs.subspan(1)) {
    if (!tree.ok()) tree = crypto::open_checkpoint(note, log);
  }
  if (!tree.ok()) return base::Error{base::Kind::kBadSignature, "its checkpoint is not signed by this hub's log key", file};
  return Mark{std::move(tree).value(), note, file};
}

// Its entries continue the backup's, and agree with the run where both have one.
base::Status fits(const File& f, const Backed& backed, const std::vector<base::Fixed<112>>& run) {
  const std::uint64_t n = f.r.entries.size() / kEntry;
  if (n != 0 && f.r.from > backed.size) {
    return base::Error{base::Kind::kUsage, fmt::format("begins at entry {}, and the backup ends at {}", f.r.from, backed.size), f.name,
                       fmt::format("handoff-agent return DIR -o FILE --from {}", backed.size)};
  }
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t index = f.r.from + i;
    const base::View entry = base::View(f.r.entries).subspan(i * kEntry, kEntry);
    if (index < backed.size && !base::equal(entry, backed.entries[index])) return contradicts(f.name, index, "the backup's");
    if (index >= backed.size && index - backed.size < run.size() && !base::equal(entry, run[index - backed.size]))
      return contradicts(f.name, index, "another agent's");
  }
  return {};
}

// The longest run that somebody returned.
std::vector<base::Fixed<112>> longest(const std::vector<File>& files, std::uint64_t from) {
  std::vector<base::Fixed<112>> out;
  for (const File& f : files) {
    const std::uint64_t end = f.r.from + f.r.entries.size() / kEntry;
    if (f.r.from > from || end <= from + out.size()) continue;
    out.clear();
    for (std::uint64_t i = from; i < end; ++i) out.push_back(base::fixed<112>(base::View(f.r.entries).subspan((i - f.r.from) * kEntry, kEntry)));
  }
  return out;
}

// Every signed tree that anybody holds is a prefix of the run. The largest one within it is where the run is believed to.
base::Status check_marks(const Backed& backed, std::vector<Mark> marks, Tail& tail, std::vector<std::string>& missing) {
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.tree.size < b.tree.size; });
  TRY_ASSIGN(crypto::Frontier frontier, crypto::Frontier::from(backed.size, backed.edge));
  std::size_t believed = 0;
  for (const Mark& m : marks) {
    if (m.tree.size < backed.size) continue;
    if (m.tree.size > tail.size()) {
      missing.push_back(fmt::format("entries {} to {}: signed by the hub ({}), and nobody returned them", tail.size(), m.tree.size - 1, m.from));
      continue;
    }
    while (frontier.size() < m.tree.size) frontier.append(crypto::merkle_leaf(tail.entries[frontier.size() - backed.size]));
    if (frontier.root() != m.tree.root) {
      return base::Error{base::Kind::kConflict, "the entries do not give the root that the hub signed", m.from,
                         "the file is damaged, or there were two logs under one name: keep it as evidence"};
    }
    believed = m.tree.size - backed.size;
    tail.checkpoint = m.note;
  }
  tail.entries.resize(believed);
  return {};
}

void collect(File f, Tail& tail) {
  for (base::Bytes& b : f.r.batches) {
    const auto parts = schemas::decode_batch(b);
    if (!parts.ok() || parts->bst.size() != 216 || parts->sig.size() != 64) continue;
    const base::Hash hash = crypto::sha256(base::concat({parts->bst, parts->sig}));
    tail.batches.emplace(hash, std::move(b));
  }
  for (base::Bytes& b : f.r.receipts) tail.receipts.emplace(crypto::sha256(b), std::move(b));
  for (std::string& n : f.r.notes) tail.notes.emplace(crypto::sha256(base::view(n)), std::move(n));
  for (std::string& t : f.r.texts) tail.texts.emplace(crypto::sha256(base::view(t)), std::move(t));
}

// What stands behind an entry, if only agents can have it: empty when it is there.
std::string lacks(const Tail& tail, const crypto::Ent1& e) {
  switch (static_cast<EntryType>(e.type)) {
    case EntryType::kAccept: return tail.batches.contains(e.container) ? "" : "the batch " + base::hex(e.container);
    case EntryType::kReceipt: return tail.receipts.contains(e.subject) ? "" : "a receipt";
    case EntryType::kHead: return tail.notes.contains(e.subject) ? "" : "a ledger's head";
    case EntryType::kDir: {
      const auto at = tail.notes.find(e.subject);
      if (at == tail.notes.end()) return "a note of the directory";
      const auto note = crypto::parse_note(at->second);
      const auto policy = note.ok() ? crypto::parse_policy_note(note->text) : base::Result<crypto::PolicyNote>(base::malformed("", ""));
      return !policy.ok() || tail.texts.contains(policy->rules) ? "" : "the rules of a policy";
    }
    default: return "";  // the hub's own records: their hashes are in the entry
  }
}

base::Status find_missing(const Tail& tail, std::vector<std::string>& missing) {
  std::string before;
  for (std::size_t i = 0; i < tail.entries.size(); ++i) {
    const auto e = crypto::parse_ent1(tail.entries[i]);
    if (!e.ok()) return base::Error{base::Kind::kMalformed, fmt::format("entry {} is none", tail.from + i), "returns"};
    std::string what = lacks(tail, *e);
    if (!what.empty() && what != before) missing.push_back(fmt::format("entry {}: {} that no agent returned", tail.from + i, what));
    before = static_cast<EntryType>(e->type) == EntryType::kAccept ? std::move(what) : "";  // one batch, several entries: told once
  }
  return {};
}

}  // namespace

base::Result<Tail> read_returns(const Backed& backed, std::span<const crypto::VerifierKey> logs, const std::vector<std::string>& names,
                                const std::vector<std::string>& known, std::vector<std::string>& missing) {
  std::vector<File> files;
  std::vector<Mark> marks;
  for (const std::string& name : names) {
    TRY_ASSIGN(const std::string bytes, read_file(name));
    auto r = schemas::parse_returned(base::view(bytes));
    if (!r.ok()) return base::Error{base::Kind::kMalformed, r.error().what, name};
    if (!r->checkpoint.empty()) {
      TRY_ASSIGN(Mark m, mark_of(r->checkpoint, name, logs));
      marks.push_back(std::move(m));
    }
    files.push_back({name, std::move(*r)});
  }
  for (const std::string& name : known) {
    TRY_ASSIGN(const std::string note, read_file(name));
    TRY_ASSIGN(Mark m, mark_of(note, name, logs));
    marks.push_back(std::move(m));
  }
  Tail tail;
  tail.from = backed.size;
  tail.entries = longest(files, backed.size);
  for (const File& f : files) TRY(fits(f, backed, tail.entries));
  TRY(check_marks(backed, std::move(marks), tail, missing));
  for (File& f : files) collect(std::move(f), tail);
  TRY(find_missing(tail, missing));
  return tail;
}

}  // namespace hub
