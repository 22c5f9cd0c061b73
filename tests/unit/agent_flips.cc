// One stored instance of every structure that a hub hands to an agent, each of its bytes changed in turn, through the agent's own checks.
// What may pass is only what says the same: a byte of the buffer that no reader looks at.
#include "adapters/agent/mail/ack_check.h"
#include "adapters/agent/mail/delivery.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

using namespace adapters::agent;
namespace wire = schemas::wire;

namespace {

struct Story {
  kit::HubRig hub;
  base::Bytes batch, deliver;
  kit::Outcome accepted;
  wire::Ack ack;
  wire::Receipt receipt;
  std::vector<base::Bytes> entries;
  crypto::Directory directory;
  Story() : directory(hub.journal->directory()) {
    const auto sealed = hub.c.seal("hospital", hub.c.request("hospital", {{.to = "crisis", .body = "hello", .copies = 2}, {.to = "coord", .kind = schemas::MsgKind::kMessage}}, hub.now, hub.dir_seq()));
    batch = kit::Consortium::frame(sealed);
    accepted = hub.batch(batch);
    REQUIRE_MESSAGE(accepted.accepted, accepted.words);
    hub.c.accepted("hospital", sealed);
    const auto first = accepted.first_index;
    ack = *hub.ask([&](const auto& r) { return r.ack(first, 2, sealed.hash); });
    const auto told = hub.receipt("crisis", "hospital");
    REQUIRE(told.accepted);
    receipt = *hub.ask([&](const auto& r) { return r.receipt(told.first_index); });
    deliver = *hub.ask([&](const auto& r) { return r.deliver_frame(first); });
    const auto all = hub.ask([&](const auto& r) { return r.entries(0, r.size()); });
    for (std::size_t at = 0; at < all.size(); at += 112) entries.push_back(base::to_bytes(base::View(all).subspan(at, 112)));
    directory = hub.journal->directory();
  }
  const base::Id& id(const char* slug) { return hub.c.agent(slug).id(); }
};

// Changes every byte, one bit of it, and asks whether that is taken.
template <class F>
void each_flip(const base::Bytes& whole, const F& taken) {
  REQUIRE(taken(whole));
  base::Bytes b = whole;
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] ^= static_cast<base::Byte>(1U << (i % 8));
    if (taken(b)) FAIL_CHECK("byte " << i << " of " << b.size() << " is not bound");
    b[i] = whole[i];
  }
}

}  // namespace

TEST_CASE("no byte of a DELIVER frame can change: batch, signature, group, headers, commitments, ciphertexts, paths, entry, checkpoint") {
  Story s;
  const auto at = [&](std::uint64_t index) { return index < s.entries.size() ? std::optional(base::fixed<112>(s.entries[index])) : std::nullopt; };
  const auto said = schemas::encode_deliver(*schemas::decode_deliver(s.deliver));
  each_flip(s.deliver, [&](const base::Bytes& frame) {
    auto a = mail::open_frame(frame, s.id("crisis"), s.directory.anchor());
    if (!a.ok() || !mail::check_sender(*a, s.directory, at).ok()) return false;
    const bool same = schemas::encode_deliver(a->deliver) == said;
    return !same || frame == s.deliver;
  });
}

TEST_CASE("no byte of an acknowledgement can change: hash, entries, their places and proofs, the checkpoint") {
  Story s;
  keep::BatchRow row;
  const auto parts = *schemas::decode_batch(s.batch);
  auto parsed = *crypto::parse_batch(parts, crypto::Frame::kBatch);
  REQUIRE(crypto::check_hashes(parts, parsed, crypto::Frame::kBatch).ok());
  row.hash = parsed.hash;
  row.created = s.hub.now;
  for (const auto& g : parsed.groups) {
    keep::SentGroup sent;
    sent.leaf = g.leaf;
    sent.items.resize(g.grp.n_msgs);
    row.groups.push_back(sent);
  }
  s.ack.dir_seq = 0;  // a hint, used for nothing
  const base::Bytes whole = wire::encode(s.ack);
  each_flip(whole, [&](const base::Bytes& payload) {
    auto ack = wire::decode<wire::Ack>(payload);
    if (!ack.ok() || !mail::check_ack(*ack, row, s.directory.anchor().log, s.hub.now).ok()) return false;
    ack->dir_seq = 0;
    return payload == whole || wire::encode(*ack) != whole;
  });
}

TEST_CASE("no byte of a forwarded receipt can change: RCP1, signature, entry, proof, checkpoint") {
  Story s;
  const base::Bytes whole = wire::encode(s.receipt);
  each_flip(whole, [&](const base::Bytes& payload) {
    const auto r = wire::decode<wire::Receipt>(payload);
    return r.ok() && mail::check_receipt(*r, s.id("hospital"), s.directory).ok() && (payload == whole || wire::encode(*r) != whole);
  });
}

TEST_CASE("no byte of any log entry can change: the scan or the signed root finds it") {
  Story s;
  const auto note = s.hub.ask([](const auto& r) { return r.checkpoint(); });
  const auto root = crypto::open_checkpoint(note, s.directory.anchor().log)->root;
  base::Bytes all;
  for (const auto& e : s.entries) all.insert(all.end(), e.begin(), e.end());
  each_flip(all, [&](const base::Bytes& log) {
    keep::Scan scan;
    crypto::Frontier tree;
    for (std::size_t at = 0; at < log.size(); at += 112) {
      const base::View bytes = base::View(log).subspan(at, 112);
      const auto e = crypto::parse_ent1(bytes);
      if (!e.ok() || !keep::scan_entry(scan, *e, false).ok()) return false;
      tree.append(crypto::merkle_leaf(bytes));
    }
    return tree.root() == root;
  });
}

TEST_CASE("no byte of any note of the directory can change: it is not the one that was logged") {
  Story s;
  const auto notes = s.hub.ask([](const auto& r) { return r.notes(0, 100); }).notes;
  REQUIRE(notes.size() >= 7);
  for (const auto& n : notes) {
    const auto subject = crypto::parse_ent1(s.entries.at(n.log_index))->subject;
    each_flip(base::to_bytes(base::view(n.note)), [&](const base::Bytes& note) { return crypto::sha256(note) == subject; });
  }
}
