// A long log for the audit's benchmark: 64 agencies, threads of eight messages, each group acknowledged. It goes through the journal like any other
// traffic (rules, chains, mailboxes, tree, checkpoints, synced commits), with real signatures, and 64 bytes instead of sealed contents: no search reads them.
// Goes on from whatever the store holds.
#pragma once

#include "hub/journal/journal.h"
#include "tests/kit/consortium.h"

namespace bench {

class History {
 public:
  static constexpr unsigned kAgencies = 64;
  // The journal must be of `consortium()`.
  static kit::Consortium consortium();
  History(kit::Consortium& c, hub::journal::Journal& journal);

  // Appends one record: `batches` of 16 groups for four agencies each, and their receipts; 20 entries a batch. The log's new size.
  std::uint64_t append(unsigned batches);
  static base::Id thread(std::uint64_t n);  // the n-th; eight messages each, one after the other in groups of a thousand threads
  [[nodiscard]] std::uint64_t messages() const { return message_; }

 private:
  struct Peer {
    std::uint64_t upto = 0;
    base::Hash leaf{};
  };
  struct Sender {
    kit::Agent* agent = nullptr;
    std::uint64_t batch_seq = 0;
    base::Hash prev{};
    std::vector<Peer> peers;
  };
  void load();
  crypto::ParsedGroup group(Sender& s, unsigned to, const crypto::Bst1& bst, std::uint32_t number, crypto::GroupParts& parts, base::Bytes& arena);
  void batch(Sender& s, unsigned self, std::vector<hub::state::Item>& items);

  kit::Consortium& c_;
  hub::journal::Journal& journal_;
  std::vector<Sender> senders_;
  base::Instant now_;
  std::uint64_t message_ = 0, dir_seq_ = 0;
};

}  // namespace bench
