// Desk: after a commit, everything that rests on it: ACK, NACK, forwarded receipts, pushed mail. It owns the mailboxes' cursors: which
// peer has how much credit and how far it has been served. Mail itself lives in the journal only, so an absent recipient costs nothing.
#pragma once

#include <unordered_map>

#include "hub/broker/office.h"

namespace hub::broker {

class Desk {
 public:
  explicit Desk(Office& office) : office_(office) {}
  void run();  // until the errands end or the office fails

 private:
  struct Box {  // one connected recipient
    Origin to;
    std::uint64_t credit = 0;
    std::uint64_t cursor = 0;          // mail index that was pushed last on this line
    std::deque<std::uint64_t> window;  // sizes of what was pushed and not credited back
    std::uint64_t window_bytes = 0;
    std::uint32_t epoch = 0;  // rewinds so far
    bool dirty = false;       // there may be something to push
  };

  void take(Errand& e, const state::Reader& reader);
  void answer(const Pending& p, state::Outcome& o, const state::Reader& reader);
  Out ack(const Pending& p, const state::Outcome& o, const state::Reader& reader);
  void forward_receipt(const state::Outcome& o, const state::Reader& reader);
  static void rewind(Box& box, const Errand& e);
  void mark(const base::Id& recipient);
  void push_mail(Box& box, const state::Reader& reader);
  void push_one(Box& box, std::uint64_t index, base::Bytes frame);
  [[nodiscard]] bool may_push(const Box& box) const;
  Box* box_of(const Origin& who);

  Office& office_;
  std::unordered_map<base::Id, Box, base::IdHash> boxes_;
  std::deque<base::Id> dirty_;
  std::vector<Out> outs_;
};

}  // namespace hub::broker
