// See consortium.h. Notes are made with crypto's own text(); what they must look like is tested elsewhere.
#include "tests/kit/consortium.h"

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "schemas/frames.h"

namespace kit {
namespace {

std::string sign(std::string text, const std::vector<std::pair<std::string, const crypto::SignKey*>>& by) {
  crypto::Note note;
  note.text = std::move(text);
  for (const auto& [signer, key] : by) note.sign(signer, *key);
  return note.whole();
}

crypto::Hash text_hash(std::string_view text) { return crypto::sha256(base::view(text)); }

constexpr std::uint64_t kEpochMs = base::kDay, kGraceMs = 7 * base::kDay;

}  // namespace

void SeededRandom::fill(std::span<base::Byte> out) {
  for (std::size_t at = 0; at < out.size();) {
    base::Fixed<16> in{};
    base::store_le(in.data(), seed_);
    base::store_le(in.data() + 8, counter_++);
    const base::Hash h = crypto::sha256(in);
    const std::size_t n = std::min(h.size(), out.size() - at);
    std::memcpy(out.data() + at, h.data(), n);
    at += n;
  }
}

Consortium::Consortium(std::vector<AgentSpec> agents, Options options)
    : options_((crypto::init(), std::move(options))), random_(options_.seed), hub_transport_(crypto::BoxKey::generate(random_)) {
  for (unsigned i = 0; i < options_.authorities; ++i) authorities_.push_back(crypto::SignKey::generate(random_));
  random_.fill(log_seed_);
  anchor_.consortium = name_;
  anchor_.threshold = options_.threshold;
  anchor_.revoke_threshold = options_.revoke_threshold;
  for (unsigned i = 0; i < options_.authorities; ++i) {
    anchor_.authorities.push_back({crypto::authority_name(name_, i + 1), crypto::NoteAlg::kEd25519, authorities_[i].public_key()});
  }
  anchor_.log = {options_.origin, crypto::NoteAlg::kEd25519, log_key().public_key()};
  anchor_.hub_transport = hub_transport_.public_key();
  anchor_.tlog_policy = {"quorum none"};
  anchor_.limits = options_.limits;
  anchor_.test = true;
  consortium_ = text_hash(anchor_.text());
  anchor_note_ = sign_by_authorities(anchor_.text(), options_.threshold);
  policy_ = policy(1, options_.matrix, options_.now.minus(base::kHour));
  for (const AgentSpec& spec : agents) add(spec);
}

crypto::SignKey Consortium::next_log_key() const {
  SeededRandom apart(options_.seed + 1000);
  return crypto::SignKey::generate(apart);
}

crypto::BoxKey Consortium::next_hub_transport() const {
  SeededRandom apart(options_.seed + 2000);
  return crypto::BoxKey::generate(apart);
}

void Consortium::add(const AgentSpec& spec) {
  Agent a{spec,
          crypto::SignKey::generate(random_),
          crypto::SignKey::generate(random_),
          crypto::SignKey::generate(random_),
          crypto::BoxKey::generate(random_),
          {},
          {},
          {},
          {},
          {},
          {},
          0,
          {},
          {}};
  crypto::Cert& c = a.cert;
  c.consortium = consortium_;
  c.type = spec.type;
  c.agency = random_.bytes<16>();
  c.agent = random_.bytes<16>();
  c.kind = spec.kind;
  c.name = spec.slug;
  c.sign = a.sign.public_key();
  c.transport = a.transport.public_key();
  c.witness = a.witness.public_key();
  c.recovery = a.recovery.public_key();
  c.not_before = options_.now.minus(base::kHour);
  c.not_after = c.not_before.plus(options_.cert_days * base::kDay);
  a.cert_hash = text_hash(c.text());
  a.cert_note = sign_by_authorities(c.text(), options_.threshold);
  crypto::EpochNote note;
  note.cert = a.cert_hash;
  for (unsigned e = 0; e < options_.epochs; ++e) {
    crypto::BoxKey key = crypto::BoxKey::generate(random_);
    const base::Instant from = c.not_before.plus(e * kEpochMs);
    note.keys.push_back({e + 1, from, from.plus(kEpochMs), from.plus(kEpochMs + kGraceMs), key.public_key()});
    a.epoch_keys.emplace(e + 1, std::move(key));
  }
  a.epochs = note.keys;
  agents_.push_back(std::move(a));
  if (spec.type == "agent") agents_.back().epoch_note = sign_by_agent(note.text(), spec.slug);
}

std::vector<SignedNote> Consortium::notes() const {
  std::vector<SignedNote> out{policy_};
  for (const Agent& a : agents_) out.push_back({a.cert_note, {}});
  for (const Agent& a : agents_) {
    if (!a.epoch_note.empty()) out.push_back({a.epoch_note, {}});
  }
  return out;
}

Agent& Consortium::agent(const std::string& slug) {
  for (Agent& a : agents_) {
    if (a.spec.slug == slug) return a;
  }
  CHECK(!"no such agent in this test's consortium");
  __builtin_unreachable();
}

std::string Consortium::sign_by_authorities(std::string text, unsigned k) const {
  std::vector<std::pair<std::string, const crypto::SignKey*>> by;
  for (unsigned i = 0; i < k; ++i) by.emplace_back(crypto::authority_name(name_, i + 1), &authorities_[i]);
  return sign(std::move(text), by);
}

std::string Consortium::sign_by_agent(std::string text, const std::string& slug) const {
  for (const Agent& a : agents_) {
    if (a.spec.slug == slug) return sign(std::move(text), {{crypto::agent_name(name_, a.id()), &a.sign}});
  }
  CHECK(!"no such agent in this test's consortium");
  __builtin_unreachable();
}

// A policy's text that says what the rows say.
static std::string policy_text(std::uint32_t version, const std::vector<crypto::MatrixRow>& matrix, base::Instant from) {
  std::string out = "flow = [\n";
  unsigned n = 0;
  for (const crypto::MatrixRow& r : matrix) {
    out += " {id=\"K" + std::to_string(++n) + "\", from=[\"" + r.from_kind + "\"], to=[\"" + r.to_kind + "\"], kinds=[\"" + r.kind + "\"], purpose=[\"" + r.purpose +
           "\"], decision=\"allow\"},\n";
  }
  return out + "]\n[policy]\nid = \"kit\"\nversion = " + std::to_string(version) + "\neffective = " + base::rfc3339(from) + "\n";
}

SignedNote Consortium::policy(std::uint32_t version, std::vector<crypto::MatrixRow> matrix, base::Instant from) const {
  SignedNote out;
  out.blob = base::to_bytes(policy_text(version, matrix, from));
  crypto::PolicyNote p;
  p.version = version;
  p.rules = crypto::sha256(out.blob);
  p.matrix = std::move(matrix);
  p.from = from;
  for (const schemas::CodeName& kind : schemas::msg_kinds()) {
    p.expiry.emplace_back(std::string(kind.name), kind.code == 6 ? schemas::kCapacityExpiryMs : schemas::kDefaultExpiryMs);
  }
  out.whole = sign_by_authorities(p.text(), options_.threshold);
  return out;
}

std::string Consortium::revoke(const std::string& slug, bool suspend) const {
  for (const Agent& a : agents_) {
    if (a.spec.slug != slug) continue;
    crypto::RevokeNote note;
    note.cert = a.cert_hash;
    note.reason = "test";
    note.suspend = suspend;
    return sign_by_authorities(note.text(), suspend ? 1 : options_.revoke_threshold);
  }
  CHECK(!"no such agent in this test's consortium");
  __builtin_unreachable();
}

crypto::Recipient Consortium::to(const Agent& from, const Agent& recipient, base::Instant now) const {
  crypto::Recipient r;
  r.agent = recipient.id();
  for (const crypto::EpochKey& k : recipient.epochs) {
    if (k.from <= now && now < k.until) r.epoch = k.epoch, r.epoch_key = k.key;
  }
  const auto head = from.heads.find(recipient.id());
  r.pair_seq = head == from.heads.end() ? 1 : head->second.upto + 1;
  if (head != from.heads.end()) r.prev_group_leaf = head->second.leaf;
  return r;
}

crypto::SealRequest Consortium::request(const std::string& from, const std::vector<Mail>& mails, base::Instant now, std::uint64_t dir_seq) {
  Agent& a = agent(from);
  crypto::SealRequest r;
  r.sender = a.id();
  r.sender_cert = a.cert_hash;
  r.batch_seq = std::max(a.batch_seq + 1, now.ms);
  r.created = now;
  r.prev_batch = a.prev_batch;
  r.hub_id = anchor_.hub_id();
  r.dir_seq = dir_seq;
  for (const Mail& m : mails) {
    crypto::DraftGroup g;
    g.to.push_back(to(a, agent(m.to), now));
    for (unsigned i = 0; i < m.copies; ++i) {
      crypto::Draft d;
      d.hdr.kind = static_cast<std::uint16_t>(m.kind);
      d.hdr.purpose = static_cast<std::uint16_t>(m.purpose);
      d.hdr.msg_id = crypto::uuid7(random_, now);
      d.hdr.thread_id = base::all_zero(m.thread) ? crypto::uuid7(random_, now) : m.thread;
      d.hdr.created = now;
      d.hdr.expires = now.plus(m.kind == schemas::MsgKind::kCapacity ? schemas::kCapacityExpiryMs : schemas::kDefaultExpiryMs);
      d.hdr.policy_version = 1;
      d.hdr.flags = crypto::Hdr1::kDeliveredWanted;
      d.hdr.thread_seq = m.thread_seq;
      d.body = base::to_bytes(m.body);
      g.messages.push_back(std::move(d));
    }
    r.groups.push_back(std::move(g));
  }
  return r;
}

crypto::SealRequest Consortium::broadcast(const std::string& from, const std::vector<std::string>& recipients, base::Instant now,
                                          std::uint64_t dir_seq) {
  Mail mail{.to = recipients.at(0), .body = "2 beds", .kind = schemas::MsgKind::kCapacity, .purpose = schemas::Purpose::kCapacity};
  crypto::SealRequest r = request(from, {mail}, now, dir_seq);
  r.groups[0].to.clear();
  for (const std::string& slug : recipients) {
    crypto::Recipient one = to(agent(from), agent(slug), now);
    one.pair_seq = 0;
    one.prev_group_leaf = {};
    r.groups[0].to.push_back(one);
  }
  r.groups[0].messages[0].hdr.flags = 0;
  return r;
}

crypto::SealedBatch Consortium::seal(const std::string& from, const crypto::SealRequest& request) {
  const crypto::Secret<32> hedge(random_.bytes<32>());
  auto sealed = crypto::seal(request, agent(from).sign, {hedge, random_, request.created.ms * 1'000'000});
  CHECK(sealed.ok());
  return std::move(sealed).value();
}

void Consortium::accepted(const std::string& from, const crypto::SealedBatch& batch) {
  Agent& a = agent(from);
  const auto bst = crypto::parse_bst1(batch.bst);
  CHECK(bst.ok());
  a.batch_seq = bst->batch_seq;
  a.prev_batch = batch.hash;
  for (const crypto::SealedGroup& g : batch.groups) {
    const auto grp = crypto::parse_grp1(g.grp);
    CHECK(grp.ok());
    if (!grp->broadcast()) a.heads[grp->slots[0].recipient] = {grp->slots[0].pair_seq + grp->n_msgs - 1, g.leaf};
  }
}

base::Bytes Consortium::frame(const crypto::SealedBatch& batch) { return schemas::encode_batch(batch.parts()); }

base::Bytes Consortium::send(const std::string& from, const std::vector<Mail>& mails, base::Instant now, std::uint64_t dir_seq) {
  const crypto::SealedBatch batch = seal(from, request(from, mails, now, dir_seq));
  accepted(from, batch);
  return frame(batch);
}

base::Bytes Consortium::receipt(const std::string& recipient, const std::string& sender, std::uint64_t upto, const crypto::Hash& leaf,
                                base::Instant now, schemas::ReceiptStatus status, std::uint32_t n_failed) {
  const Agent& a = agent(recipient);
  crypto::Rcp1 r;
  r.status = static_cast<std::uint16_t>(status);
  r.n_failed = n_failed;
  r.recipient = a.id();
  r.recipient_cert = a.cert_hash;
  r.sender = agent(sender).id();
  r.upto_pair_seq = upto;
  r.group_leaf = leaf;
  r.time = now;
  const auto bytes = crypto::encode(r);
  return base::concat({bytes, a.sign.sign(bytes)});
}

}  // namespace kit
