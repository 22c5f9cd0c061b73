// A consortium for tests: authorities, a test anchor, a hub's keys, agents with certificates and epoch keys, a policy, and sealed
// batches that continue the chains as a real sender would. All of it follows from a seed: two runs make the same bytes.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/seal.h"
#include "schemas/registry.h"

namespace kit {

inline constexpr base::Instant kStart{1791208800000};  // 2026-10-05T14:00:00Z

class SeededRandom : public crypto::Random {  // SHA-256 of seed and counter
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : seed_(seed) {}
  void fill(std::span<base::Byte> out) override;

 private:
  std::uint64_t seed_, counter_ = 0;
};

struct AgentSpec {
  std::string slug;
  std::string kind;            // agency kind: hospital_ed, crisis_center, police, coordinator, ...
  std::string type = "agent";  // agent | auditor
};

struct Head {  // what a sender keeps per recipient
  std::uint64_t upto = 0;
  crypto::Hash leaf{};
};

struct Agent {
  AgentSpec spec;
  crypto::SignKey sign, witness, recovery;
  crypto::BoxKey transport;
  std::map<std::uint32_t, crypto::BoxKey> epoch_keys;
  std::vector<crypto::EpochKey> epochs;
  crypto::Cert cert;
  crypto::Hash cert_hash{};
  std::string cert_note, epoch_note;  // whole
  std::uint64_t batch_seq = 0;
  crypto::Hash prev_batch{};
  std::map<base::Id, Head> heads;
  [[nodiscard]] const base::Id& id() const { return cert.agent; }
};

struct SignedNote {  // as DIRPUT carries it
  std::string whole;
  base::Bytes blob;  // policy only
};

struct Options {
  unsigned authorities = 3, threshold = 2, revoke_threshold = 2;
  base::Instant now = kStart;  // certificates and epochs begin an hour earlier
  unsigned epochs = 14;        // of 24 h, the first one current
  std::uint64_t cert_days = 365;
  std::vector<std::pair<std::string, std::uint64_t>> limits{};
  std::vector<crypto::MatrixRow> matrix{{"*", "*", "*", "*"}};
  std::string origin = "sfh.example.org/hub1";
  std::uint64_t seed = 1;
};

struct Mail {  // one group with one message; see Consortium::request
  std::string to;
  std::string body = "hello, referral";
  schemas::MsgKind kind = schemas::MsgKind::kReferral;
  schemas::Purpose purpose = schemas::Purpose::kTreat;
  base::Id thread{};  // zero: a new one
  std::uint32_t thread_seq = 1;
  unsigned copies = 1;  // messages in the group
};

class Consortium {
 public:
  explicit Consortium(std::vector<AgentSpec> agents, Options options = {});

  [[nodiscard]] const std::string& anchor() const { return anchor_note_; }  // whole
  [[nodiscard]] const crypto::Anchor& anchor_values() const { return anchor_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] crypto::SignKey log_key() const { return crypto::SignKey::from_seed(crypto::Secret<32>(log_seed_)); }
  [[nodiscard]] const crypto::BoxKey& hub_transport() const { return hub_transport_; }
  // Those that the hub holds ready for the next anchor; nothing else is drawn from their seed.
  [[nodiscard]] crypto::SignKey next_log_key() const;
  [[nodiscard]] crypto::BoxKey next_hub_transport() const;
  // Every note that a hub needs, in a legal order: policy, certificates, epoch keys.
  [[nodiscard]] std::vector<SignedNote> notes() const;
  Agent& agent(const std::string& slug);
  [[nodiscard]] SeededRandom& random() { return random_; }

  // Signed notes for other stories.
  [[nodiscard]] std::string sign_by_authorities(std::string text, unsigned k) const;
  [[nodiscard]] std::string sign_by_agent(std::string text, const std::string& slug) const;
  [[nodiscard]] SignedNote policy(std::uint32_t version, std::vector<crypto::MatrixRow> matrix, base::Instant from) const;
  [[nodiscard]] std::string revoke(const std::string& slug, bool suspend) const;  // signed by enough authorities

  // What `from` would seal now: one group a mail, at the heads of its chains. Change it at will before seal().
  crypto::SealRequest request(const std::string& from, const std::vector<Mail>& mails, base::Instant now = kStart,
                              std::uint64_t dir_seq = 0);
  // A broadcast (kind 6) to several agents as the only group of a batch.
  crypto::SealRequest broadcast(const std::string& from, const std::vector<std::string>& to, base::Instant now = kStart,
                                std::uint64_t dir_seq = 0);
  crypto::SealedBatch seal(const std::string& from, const crypto::SealRequest& request);
  void accepted(const std::string& from, const crypto::SealedBatch& batch);  // the sender's chains go on from here
  static base::Bytes frame(const crypto::SealedBatch& batch);                // BATCH
  // seal() + accepted() + frame()
  base::Bytes send(const std::string& from, const std::vector<Mail>& mails, base::Instant now = kStart, std::uint64_t dir_seq = 0);

  // RCP1 || sig by `recipient` for the group with this leaf.
  base::Bytes receipt(const std::string& recipient, const std::string& sender, std::uint64_t upto, const crypto::Hash& leaf,
                      base::Instant now = kStart, schemas::ReceiptStatus status = schemas::ReceiptStatus::kDelivered,
                      std::uint32_t n_failed = 0);

 private:
  void add(const AgentSpec& spec);
  crypto::Recipient to(const Agent& from, const Agent& recipient, base::Instant now) const;

  Options options_;
  mutable SeededRandom random_;
  std::string name_ = "alder";
  std::vector<crypto::SignKey> authorities_;
  base::Fixed<32> log_seed_{};
  crypto::BoxKey hub_transport_;
  crypto::Anchor anchor_;
  std::string anchor_note_;
  crypto::Hash consortium_{};
  SignedNote policy_;
  std::deque<Agent> agents_;  // stable addresses
};

}  // namespace kit
