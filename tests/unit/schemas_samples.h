// Samples of everything that travels, with every field said: for the codecs' tests and their golden buffers. Owns its bytes.
#pragma once

#include <string>
#include <vector>

#include "schemas/frames.h"
#include "schemas/model.h"
#include "schemas/wire.h"

namespace samples {

template <std::size_t N>
base::Fixed<N> filled(base::Byte b) {
  base::Fixed<N> out{};
  out.fill(b);
  return out;
}

// Bytes for a batch of `groups` groups with `msgs` messages each; parts() are views into it.
class Mail {
 public:
  Mail(std::size_t groups, std::size_t msgs, std::size_t ct_size = 528) {
    for (std::size_t g = 0; g < groups; ++g) {
      grp_.emplace_back(240, static_cast<base::Byte>(g + 1));
      for (std::size_t m = 0; m < msgs; ++m) ct_.emplace_back(ct_size, static_cast<base::Byte>(g * 16 + m));
    }
    msgs_ = msgs;
  }
  [[nodiscard]] crypto::BatchParts parts(bool tombstones = false) const {
    crypto::BatchParts b{bst_, sig_, {}};
    for (std::size_t g = 0; g < grp_.size(); ++g) {
      crypto::GroupParts group{grp_[g], {}, {}};
      for (std::size_t m = 0; m < msgs_; ++m) {
        if (tombstones)
          group.msgs.push_back({hdr_, commit_, {}, hash_});
        else
          group.msgs.push_back({hdr_, commit_, ct_[g * msgs_ + m], {}});
      }
      b.groups.push_back(group);
    }
    return b;
  }

 private:
  std::size_t msgs_ = 0;
  base::Bytes bst_ = base::Bytes(216, 0xb5), sig_ = base::Bytes(64, 0x51), hdr_ = base::Bytes(128, 0x4d), commit_ = base::Bytes(32, 0xc0),
              hash_ = base::Bytes(32, 0x4a);
  std::vector<base::Bytes> grp_, ct_;
};

schemas::wire::Hello hello();
schemas::wire::Proven proven();
schemas::wire::Ack ack();
schemas::wire::Nack nack();
schemas::wire::Receipt receipt();
schemas::wire::Fetched fetched();
schemas::wire::DirGot dir_got();
schemas::wire::Search search();
schemas::wire::Found found();

schemas::Body referral();  // every field of Body, Referral and what they contain
schemas::Body status_update();
schemas::Body message();
schemas::Body acknowledgement();
schemas::Body capacity();
schemas::Body handoff();
schemas::Body encounter();
schemas::Body inquiry();
schemas::Body reply();
schemas::Body consent();
schemas::Body follow_up();
schemas::Body correction();
schemas::Body break_glass();
schemas::Body loop_facts();
schemas::Body blob_part();
schemas::Body opaque();

}  // namespace samples
