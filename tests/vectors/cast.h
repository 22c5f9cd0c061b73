// Who plays in the vectors: fixed keys and ids made of repeated bytes, so that a reader can type them in.
#pragma once

#include "crypto/internal/seal_core.h"
#include "crypto/seal.h"

namespace vectors {

template <std::size_t N>
base::Fixed<N> filled(int byte) {
  base::Fixed<N> out;
  out.fill(static_cast<base::Byte>(byte));
  return out;
}

inline crypto::SignKey sign_key(int byte) { return crypto::SignKey::from_seed(crypto::Secret<32>(filled<32>(byte))); }
inline crypto::BoxKey epoch_key(int byte) { return crypto::BoxKey::from_secret(crypto::Secret<32>(filled<32>(byte))); }

inline constexpr int kSenderSeed = 0x11, kEphemeral = 0x33, kFirstG = 0x44;
inline constexpr const char* kOrigin = "sfh.example.org/hub1";
inline constexpr base::Instant kCreated{1700000000000};

inline const crypto::SealingSuite& suite1() { return *crypto::find_sealing(crypto::kSuite1); }

struct Reader {  // a recipient and its epoch secret
  int id, epoch_secret;
  std::uint32_t epoch;
};
inline constexpr Reader kBob{0xb2, 0x22, 3}, kCarol{0xc3, 0x23, 4};

inline crypto::Recipient to(const Reader& r, std::uint64_t pair_seq, int prev = 0) {
  return {filled<16>(r.id), r.epoch, epoch_key(r.epoch_secret).public_key(), pair_seq, filled<32>(prev)};
}

inline crypto::Draft draft(int n, std::uint16_t kind, std::string_view body) {
  crypto::Draft d;
  d.hdr.kind = kind;
  for (std::size_t i = 0; i < 16; ++i) {
    d.hdr.msg_id[i] = static_cast<base::Byte>(16 * n + static_cast<int>(i));
    d.hdr.thread_id[i] = static_cast<base::Byte>(16 * (n + 1) + static_cast<int>(i));
  }
  d.hdr.created = kCreated;
  d.hdr.expires = kCreated.plus(kind == 6 ? base::kHour : base::kDay);
  d.hdr.policy_version = 1;
  d.hdr.purpose = 1;
  d.hdr.flags = kind == 6 ? 0 : crypto::Hdr1::kDeliveredWanted;
  d.hdr.thread_seq = 1;
  d.body = base::to_bytes(body);
  return d;
}

inline crypto::SealRequest request(std::uint64_t batch_seq) {
  crypto::SealRequest r;
  r.sender = filled<16>(0xa1);
  r.sender_cert = filled<32>(0x55);
  r.batch_seq = batch_seq;
  r.created = kCreated;
  r.hub_id = crypto::hub_id(kOrigin);
  r.dir_seq = 5;
  return r;
}

// The published batch of one.
inline crypto::SealRequest request_v1() {
  crypto::SealRequest r = request(7);
  r.groups.push_back({{to(kBob, 1)}, {draft(0, 1, "hello, referral")}, false});
  r.groups[0].messages[0].hdr.flags = 0;
  return r;
}

inline crypto::internal::BatchSecrets secrets(std::size_t n_groups) {
  crypto::internal::BatchSecrets s{{}, std::vector<crypto::internal::Scratch<32>>(n_groups)};
  s.e.bytes = filled<32>(kEphemeral);
  for (std::size_t g = 0; g < n_groups; ++g) s.g[g].bytes = filled<32>(kFirstG + static_cast<int>(g));
  return s;
}

inline crypto::SealedBatch seal_fixed(const crypto::SealRequest& r) {
  auto prepared = crypto::internal::prepare(r);
  return crypto::internal::finish(std::move(prepared).value(), r, secrets(r.groups.size()), sign_key(kSenderSeed)).value();
}

}  // namespace vectors
