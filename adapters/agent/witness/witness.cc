// Asking, judging, keeping, signing; and following what the others have signed.
#include "adapters/agent/witness/witness.h"

#include "adapters/agent/keep/evidence.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/restored.h"
#include "crypto/log_keys.h"
#include "crypto/merkle.h"

namespace adapters::agent::witness {
namespace {

namespace wire = schemas::wire;
using keep::Table;

constexpr std::string_view kSigned = "witness", kWitnessed = "witnessed";
constexpr std::uint64_t kAlarmMs = 5 * base::kMinute;

}  // namespace

void fields(auto& f, keep::MaybeConst<Signed> auto& r) { f(r.origin, r.size, r.root); }

std::string witnessed(keep::Tx& tx) {
  const auto note = tx.get(Table::kMeta, base::view(kWitnessed));
  return note ? base::to_string(*note) : std::string();
}

Signed signed_so_far(keep::Tx& tx) {
  return keep::find<Signed>(tx, Table::kMeta, base::view(kSigned)).value_or(Signed{});
}

void Witness::convict(const std::string& words, const crypto::Checkpoint& theirs, std::string_view note) {
  office_.replica.fault(words, base::view(keep::two_trees(office_.replica, theirs, note)));
}

Judged Witness::answer(hub::client::Client& hub, std::string_view body) {
  const auto request = crypto::parse_add_checkpoint(body);
  if (!request.ok()) return {400, request.error().what};
  crypto::Directory directory = office_.replica.directory();
  Signed own;
  if (auto read = office_.store.read([&](keep::Tx& tx) { return own = signed_so_far(tx), tx.fault(); }); !read) return {400, read.error().what};
  Judged out = judge(own, crypto::log_of(directory, request->checkpoint), *request);
  if (out.checkpoint.origin.empty() && out.status == 403 && office_.replica.sync(hub).ok()) {  // an anchor may have named another log key
    directory = office_.replica.directory();
    out = judge(own, crypto::log_of(directory, request->checkpoint), *request);
  }
  if (out.checkpoint.origin.empty()) return out;
  // The log's word: whatever else is wrong with the request, it must fit the entries that were read here. That also tells a late hub from a fork.
  if (auto s = office_.replica.sync(hub, request->checkpoint); !s.ok()) {
    if (office_.replica.stopped()) return out.status = 409, out.words = "the log does not hold together", out.convicts = true, out;
    return out.status = 422, out.words = "the entries of this checkpoint could not be read: " + s.error().what, out;
  }
  if (out.convicts) convict(out.words, out.checkpoint, request->checkpoint);
  if (out.status != 200) return out;
  const auto root = office_.replica.root_at(out.checkpoint.size);
  if (!root.ok() || *root != out.checkpoint.root) return out.status = 422, out.words = "the own copy of the log gives another root", out;
  bool quiet = false;
  const auto kept = office_.store.write([&](keep::Tx& tx) {
    quiet = !keep::witness_may_sign(tx, office_.replica.size(), office_.gossip->sizes());
    if (quiet) return base::Status{};
    tx.put(Table::kMeta, base::view(kSigned), keep::pack(Signed{out.checkpoint.origin, out.checkpoint.size, out.checkpoint.root}));
    return base::Status{};
  });
  if (!kept.ok()) return out.status = 400, out.words = "not kept, so not signed", out;
  if (quiet) return out.status = 403, out.words = "this agent was restored from a backup: its witness key is silent until two peers have told how far it had come", out;
  out.words = crypto::cosign_line(out.checkpoint, crypto::witness_name(directory.anchor().consortium, office_.self), office_.vault.witness(), office_.clock());
  return out;
}

void Witness::round(hub::client::Client& hub, std::uint64_t every_ms) {
  const base::Instant now = office_.clock();
  if (last_.ms != 0 && now >= last_ && now < last_.plus(every_ms)) return;
  last_ = now;
  Signed own;
  if (!office_.store.read([&](keep::Tx& tx) { return own = signed_so_far(tx), tx.fault(); }).ok()) return;
  if (own.size <= office_.replica.size()) {  // else this store is older than what the key has signed
    auto asked = hub.witness({"size " + std::to_string(own.size) + "\n"});
    if (asked.ok() && !asked->body.empty()) {
      const Judged judged = answer(hub, asked->body);
      if (judged.status == 200) {
        const auto request = crypto::parse_add_checkpoint(asked->body);
        (void)hub.witness({request->checkpoint + judged.words});  // one that is lost is asked for again
      } else if (!judged.convicts) {
        office_.alarms.raise("witness", "the hub asked to witness what cannot be signed: " + judged.words);
      }
    }
    if (asked.ok() && asked->body.empty()) office_.alarms.clear("witness");
  }
  follow(hub);
}

// What the hub shows as cosigned counts once every line of it has been checked here, and its tree is ours.
void Witness::follow(hub::client::Client& hub) {
  wire::LogGet q;
  q.what = wire::LogGet::What::kWitnessed;
  const auto got = hub.log_get(q);
  if (!got.ok() || got->checkpoint.empty()) return;
  const crypto::Directory directory = office_.replica.directory();
  const crypto::Anchor& anchor = directory.anchor();
  const auto note = crypto::parse_note(got->checkpoint);
  const auto theirs = crypto::open_checkpoint(got->checkpoint, directory);
  if (!note.ok() || !theirs.ok()) return;
  std::string held;
  if (!office_.store.read([&](keep::Tx& tx) { return held = witnessed(tx), tx.fault(); }).ok() || held == got->checkpoint) return;
  if (crypto::has_quorum_rule(anchor) && !crypto::cosigned(anchor, *note).quorum) return;
  const auto before = held.empty() ? base::Result<crypto::Checkpoint>(crypto::Checkpoint{}) : crypto::open_checkpoint(held, directory);
  if (before.ok() && before->size > theirs->size) return;
  (void)office_.replica.sync(hub, got->checkpoint, {}, [&](keep::Tx& tx) {
    tx.put(Table::kMeta, base::view(kWitnessed), base::view(got->checkpoint));
    return base::Status{};
  });
}

std::string Witness::unwitnessed() const {
  const crypto::Directory directory = office_.replica.directory();
  if (!crypto::has_quorum_rule(directory.anchor())) return {};
  const base::Instant now = office_.clock();
  std::uint64_t upto = 0;
  std::optional<keep::BatchRow> oldest;
  (void)office_.store.read([&](keep::Tx& tx) {
    if (const auto c = crypto::open_checkpoint(witnessed(tx), directory); c.ok()) upto = c->size;
    tx.scan_back(Table::kBatch, {}, [&](base::View, base::View v) {
      const auto row = keep::unpack<keep::BatchRow>(v);
      if (!row || (row->first_index != keep::kNoIndex && row->first_index + row->groups.size() <= upto)) return false;
      if (row->first_index != keep::kNoIndex) oldest = *row;
      return true;
    });
    return base::Status{};
  });
  if (!oldest || now < oldest->created.plus(kAlarmMs)) return {};
  return "what this agency sent at " + base::rfc3339(oldest->created) + " is in the log, and no quorum of witnesses has signed it yet: ask the operator of the hub";
}

}  // namespace adapters::agent::witness
