// Reader: questions about the stored state, over one read snapshot. Thread-safe as the ReadKv under it is (one snapshot a thread).
#pragma once

#include "crypto/merkle.h"
#include "hub/state/kv.h"
#include "hub/state/record.h"
#include "schemas/wire.h"

namespace hub::state {

class Reader {
 public:
  explicit Reader(const ReadKv& kv) : kv_(kv) {}

  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::string checkpoint() const;  // newest
  // The newest checkpoint that enough witnesses have cosigned (with their lines), covering `index` if given; the oldest such one then.
  [[nodiscard]] std::string witnessed(std::optional<std::uint64_t> index = {}) const;
  [[nodiscard]] std::optional<base::Fixed<112>> entry(std::uint64_t index) const;
  [[nodiscard]] base::Bytes entries(std::uint64_t from, std::uint64_t to) const;  // n x 112 B
  base::Result<std::vector<base::Hash>> inclusion(std::uint64_t index, std::uint64_t size) const;
  base::Result<std::vector<base::Hash>> consistency(std::uint64_t old_size, std::uint64_t size) const;
  base::Result<base::Bytes> tile(unsigned level, std::uint64_t n, unsigned width) const;  // width x 32 B

  // A DELIVER frame for a stored group, whole or as tombstones, under the newest checkpoint. kNotFound.
  base::Result<base::Bytes> deliver_frame(std::uint64_t index) const;
  // May this agent see the group (sender, or holds a slot)?
  [[nodiscard]] bool party_to(std::uint64_t index, const base::Id& agent) const;
  // Mail waiting for an agent, in order, with seq > after: {seq, log index}.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> waiting(const base::Id& agent, std::uint64_t after,
                                                                             std::size_t limit) const;
  [[nodiscard]] std::uint64_t waiting_count(const base::Id& agent) const;
  // Groups of a pair from a pair_seq on: log indexes.
  [[nodiscard]] std::vector<std::uint64_t> pair_groups(const base::Id& sender, const base::Id& recipient, std::uint64_t from_pair_seq,
                                                       std::size_t limit) const;
  // The first group of the last batch that was accepted of this sender, for one that was restored and has to learn where it stands.
  [[nodiscard]] std::optional<std::uint64_t> last_batch(const base::Id& sender) const;
  // Receipts logged for groups of a pair, from a log index on.
  [[nodiscard]] std::vector<schemas::wire::Receipt> receipts(const base::Id& sender, const base::Id& recipient, std::uint64_t from_index,
                                                             std::size_t limit) const;
  base::Result<schemas::wire::Receipt> receipt(std::uint64_t receipt_index) const;  // with entry, proof, checkpoint
  base::Result<schemas::wire::Ack> ack(std::uint64_t first_index, std::uint32_t n, const base::Hash& batch_hash) const;
  [[nodiscard]] schemas::wire::DirGot notes(std::uint64_t after, std::uint32_t limit) const;
  [[nodiscard]] base::Bytes blob(const base::Hash& sha256) const;
  // Rows of one stored group (one a message).
  [[nodiscard]] std::vector<schemas::wire::Row> rows(std::uint64_t index) const;
  // What a search index holds of one stored group; nullopt: there is no group at this entry.
  struct Labels {
    base::Id sender{};
    std::vector<base::Id> recipients;
    struct Message {
      std::uint16_t kind = 0, purpose = 0;
      base::Id thread{};
    };
    std::vector<Message> messages;
  };
  [[nodiscard]] std::optional<Labels> labels(std::uint64_t index) const;
  // Groups whose content is due to go at `now`: expired unread (type kExpire) or kept long enough after delivery (kErase). The
  // broker proposes them on its tick as one item each (erase_item).
  [[nodiscard]] std::vector<std::uint64_t> due(schemas::EntryType type, base::Instant now, std::size_t limit) const;
  // Completes the payloads of NACK 7 and 8 with the log proof of what they name, once a checkpoint covers it.
  void add_proofs(Outcome& refused) const;

 private:
  const ReadKv& kv_;
};

}  // namespace hub::state
