// Arbitrary bytes as the parts of a batch, a delivered group, a receipt, a log entry or a key file. Nothing may crash, and whatever
// a parser accepts must encode to the same bytes again. Input: one byte (what it is), then pieces of u16 LE length each.
#include "crypto/batch.h"
#include "crypto/locker.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"

namespace {

using base::View;

class Pieces {
 public:
  explicit Pieces(View rest) : rest_(rest) {}
  View next() {
    if (rest_.size() < 2) return {};
    const std::size_t n = std::min<std::size_t>(base::load_le<std::uint16_t>(rest_.data()), rest_.size() - 2);
    const View piece = rest_.subspan(2, n);
    rest_ = rest_.subspan(2 + n);
    return piece;
  }
  [[nodiscard]] bool more() const { return rest_.size() >= 2; }

 private:
  View rest_;
};

template <class T>
void same_again(const base::Result<T>& parsed, View input) {
  if (parsed.ok()) CHECK(base::equal(crypto::encode(*parsed), input));
}

// Groups are: GRP1, path, then one piece whose length is the number of messages, then four pieces a message.
crypto::BatchParts cut(View input) {
  Pieces pieces(input);
  crypto::BatchParts parts;
  parts.bst = pieces.next();
  parts.sig = pieces.next();
  while (pieces.more()) {
    crypto::GroupParts& group = parts.groups.emplace_back();
    group.grp = pieces.next();
    group.path = pieces.next();
    const std::size_t n_msgs = pieces.next().size();
    for (std::size_t i = 0; i < n_msgs && pieces.more(); ++i) {
      const View hdr = pieces.next(), commit = pieces.next(), ct = pieces.next();
      group.msgs.push_back({hdr, commit, ct, pieces.next()});
    }
  }
  return parts;
}

void judge(const crypto::BatchParts& parts, crypto::Frame frame) {
  same_again(crypto::parse_bst1(parts.bst), parts.bst);
  for (const crypto::GroupParts& g : parts.groups) {
    same_again(crypto::parse_grp1(g.grp), g.grp);
    for (const crypto::MessageParts& m : g.msgs) same_again(crypto::parse_hdr1(m.hdr), m.hdr);
  }
  auto parsed = crypto::parse_batch(parts, frame);
  if (!parsed.ok()) return;
  const bool hashed = crypto::check_hashes(parts, *parsed, frame).ok();
  if (frame == crypto::Frame::kBatch || !hashed) return;
  base::Fixed<32> secret;
  secret.fill(0x22);  // the recipient of the seeds
  static const crypto::BoxKey key = crypto::BoxKey::from_secret(crypto::Secret<32>(secret));
  for (const crypto::Slot& s : parsed->groups[0].grp.slots) {
    (void)crypto::open(parts.groups[0], parsed->groups[0], s.recipient, key);
    (void)crypto::message_keys(parts.groups[0], parsed->groups[0], s.recipient, key);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const View input = View(data, size).subspan(1);
  switch (data[0]) {
    case 'B': judge(cut(input), crypto::Frame::kBatch); break;
    case 'D': judge(cut(input), crypto::Frame::kDeliver); break;
    case 'R': same_again(crypto::parse_rcp1(input), input); break;
    case 'E': same_again(crypto::parse_ent1(input), input); break;
    case 'H': (void)crypto::split_hashes(input); break;
    case 'K':
      // Argon2id would take the whole budget: only files with a raw key go on to decryption.
      if (input.size() > 8 && input[6] == 2) (void)crypto::unlock_key_file(base::Hash{}, input);
      break;
    default: break;
  }
  return 0;
}
