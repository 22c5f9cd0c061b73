// HELLO: binds the route to the agent and the agent to the route; a second HELLO takes over (protocol section 5, trap vi).
// The checkpoint that the agent brings is gossip: one that this log cannot explain stops all writing (section 12, hub start-up).
#include "hub/broker/ops.h"

#include "crypto/log_keys.h"
#include "crypto/note.h"

namespace hub::broker {
namespace {

// False: signed by our log key, yet larger than our log or not its prefix. A key that an anchor has replaced accuses nobody any more.
bool explained(const state::Reader& reader, const crypto::Directory& directory, const std::string& checkpoint) {
  const auto theirs = crypto::open_checkpoint(checkpoint, directory);
  if (!theirs.ok()) return true;  // not the log's word: nobody's evidence
  if (theirs->size == 0 || crypto::log_key_replaced(directory, theirs->size)) return true;
  const auto own = crypto::parse_note(reader.checkpoint());  // ours: it may be under a newer key than this directory's
  const auto ours = own.ok() ? crypto::parse_checkpoint(own->text) : base::Result<crypto::Checkpoint>(own.error());
  if (!ours.ok() || theirs->size > ours->size) return false;
  if (theirs->size == ours->size) return theirs->root == ours->root;
  const auto proof = reader.consistency(theirs->size, ours->size);
  return proof.ok() && crypto::verify_consistency(theirs->size, ours->size, theirs->root, ours->root, *proof);
}

}  // namespace

void on_hello(Front& front, const Origin& from, base::View payload) {
  auto& office = front.office();
  const auto hello = wire::decode<wire::Hello>(payload);
  if (!hello.ok()) {
    front.bad_frame(from.agent);
    return front.nack(from, NackCode::kMalformed, "not a HELLO");
  }
  if (std::find(hello->versions.begin(), hello->versions.end(), 1) == hello->versions.end()) {
    return front.nack(from, NackCode::kSuite, "this hub speaks version 1");
  }
  if (const auto ms = front.peer(from.agent).checks.take(1, office.tick()))
    return front.nack(from, NackCode::kBusy, "over the rate of signature checks", ms);
  const auto snapshot = office.parts.journal.read();
  if (!snapshot.ok()) return office.fail(snapshot.error());
  const auto reader = (*snapshot)->reader();
  if (!explained(reader, front.directory(), hello->checkpoint)) office.count.read_only = true;
  wire::Hello own;
  own.checkpoint = reader.checkpoint();
  own.software = office.options.software;
  own.dir_seq = front.directory().seq();
  own.hub_time = office.now().ms;
  own.read_only = office.count.read_only;
  Origin bound = from;
  bound.session = front.bind(from);
  front.answer(bound, Op::kHello, wire::encode(own));
  bound.req = 0;
  const auto credit = std::min(hello->credit, office.options.limits.max_credit);
  office.desk.push({Errand::What::kHello, {}, {}, bound, credit});
}

}  // namespace hub::broker
