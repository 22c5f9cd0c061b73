// The load generator: each sender and each mailbox is one real client (its own CURVE session), as an agent would be, without the agent's disk.
#include <cstdio>
#include <deque>
#include <map>
#include <thread>

#include "crypto/merkle.h"
#include "hub/client/client.h"
#include "schemas/frames.h"
#include "tests/bench/county.h"

namespace bench {
namespace {

namespace wire = schemas::wire;

struct Hub {
  hub::net::Context context;
  std::string endpoint;
};

std::unique_ptr<hub::client::Client> connect(Hub& hub, const kit::Consortium& c, const kit::Agent& agent, std::uint32_t credit, hub::client::Pushes pushes) {
  hub::client::Options o;
  o.endpoint = hub.endpoint;
  o.server = c.hub_transport().public_key();
  o.credit = credit;
  o.timeout_ms = 30'000;
  auto client = hub::client::Client::start(hub.context, agent.transport, std::move(o), std::move(pushes));
  if (!client.ok() || !(*client)->wait_connected(20'000)) {
    std::fprintf(stderr, "no connection to %s\n", hub.endpoint.c_str());
    std::exit(2);
  }
  return std::move(*client);
}

// What a sender checks before it calls its messages accepted (protocol section 5).
bool proof_holds(const wire::Ack& ack, const std::vector<base::Hash>& leaves, const base::Hash& batch_hash, const crypto::VerifierKey& log) {
  auto checkpoint = crypto::open_checkpoint(ack.checkpoint, log);
  if (!checkpoint.ok() || ack.entries.size() != leaves.size()) return false;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto& e = ack.entries[i];
    const auto ent = crypto::parse_ent1(e.ent);
    if (!ent.ok() || ent->type != 1 || ent->subject != leaves[i] || ent->container != batch_hash || e.index != ack.entries[0].index + i) return false;
    if (!crypto::verify_inclusion(e.index, checkpoint->size, crypto::merkle_leaf(e.ent), e.path, checkpoint->root)) return false;
  }
  return true;
}

class Sender {
 public:
  Sender(Work& work, Hub& hub, int number) : work_(work), county_(county()), number_(number) {
    for (int shift = 0; shift < kShifts && !client_; ++shift) take_shift(hub, shift);
    if (!client_) {
      std::fprintf(stderr, "every shift of senders has been used; start a fresh hub\n");
      std::exit(2);
    }
  }

  void run() {
    const Args& a = work_.args();
    const std::uint64_t mine = work_.share(number_);
    for (std::uint64_t k = 0; k < mine && !work_.stop_sending();) {
      const auto most = a.one_at_a_time() ? 1U : static_cast<std::uint64_t>(a.batch);
      const std::uint64_t n = std::min({most, mine - k, room(most)});
      send(k, n);
      if (a.one_at_a_time() && !work_.wait_complete(work_.id(number_, k))) break;
      k += n;
    }
    work_.producer_done();
  }

 private:
  // A shift is free if the hub takes its first batch.
  void take_shift(Hub& hub, int shift) {
    slug_ = sender_slug(shift, number_);
    const kit::Agent& agent = county_.agent(slug_);
    auto client = connect(hub, county_, agent, 0, {});
    // A hub that has just been started may still be taking its notes in.
    for (int tries = 0;; ++tries) {
      const auto sealed = county_.seal(slug_, county_.request(slug_, {{.to = mailbox_slug(0), .body = "first", .kind = schemas::MsgKind::kMessage}}, base::real_now()));
      const auto answer = client->batch(kit::Consortium::frame(sealed));
      if (answer.ok() && answer->ack) {
        county_.accepted(slug_, sealed);
        client_ = std::move(client);
        return;
      }
      if (answer.ok() && answer->nack->code == schemas::NackCode::kBatchSeq) return;  // another run has had this shift
      if (tries == 100) {
        std::fprintf(stderr, "%s: %s\n", slug_.c_str(), answer.ok() ? answer->nack->words.c_str() : answer.error().what.c_str());
        std::exit(2);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the hub is not up or busy: the next try, of a hundred
    }
  }

  // Waits until a batch may go: window and batches in flight.
  std::uint64_t room(std::uint64_t want) {
    std::unique_lock hold(mutex_);
    const auto window = static_cast<std::uint64_t>(work_.args().window);
    free_.wait(hold, [&] { return in_flight_ < 4 && flying_ + std::min(want, window) <= window; });
    return window;
  }

  void send(std::uint64_t k, std::uint64_t n) {
    const Args& a = work_.args();
    std::vector<kit::Mail> mails;
    std::vector<std::vector<std::uint64_t>> ids;
    for (int b = 0; b < a.mailboxes; ++b) {
      std::vector<std::uint64_t> to_box;
      for (std::uint64_t i = k; i < k + n; ++i) {
        if (work_.mailbox(work_.id(number_, i)) == b) to_box.push_back(work_.id(number_, i));
      }
      if (to_box.empty()) continue;
      mails.push_back({.to = mailbox_slug(b), .body = "", .kind = schemas::MsgKind::kMessage, .copies = static_cast<unsigned>(to_box.size())});
      ids.push_back(std::move(to_box));
    }
    auto request = county_.request(slug_, mails, base::real_now());
    std::vector<std::uint64_t> all;
    for (std::size_t g = 0; g < ids.size(); ++g) {
      for (std::size_t i = 0; i < ids[g].size(); ++i) {
        request.groups[g].messages[i].body = work_.body(ids[g][i]);
        all.push_back(ids[g][i]);
      }
    }
    for (std::uint64_t id : all) work_.sent(id);
    const auto sealed = county_.seal(slug_, request);
    county_.accepted(slug_, sealed);
    std::vector<base::Hash> leaves;
    for (const auto& g : sealed.groups) leaves.push_back(g.leaf);
    {
      std::lock_guard hold(mutex_);
      ++in_flight_;
      flying_ += n;
    }
    client_->batch_async(kit::Consortium::frame(sealed), [this, all = std::move(all), leaves = std::move(leaves), hash = sealed.hash](const auto& answer) {
      const bool good = answer.ok() && answer->ack && proof_holds(*answer->ack, leaves, hash, county_.anchor_values().log);
      if (!good) std::fprintf(stderr, "refused: %s\n", !answer.ok() ? answer.error().what.c_str() : answer->nack ? answer->nack->words.c_str() : "the proof does not hold");
      for (std::uint64_t id : all) good ? work_.confirmed(id) : work_.refused();
      std::lock_guard hold(mutex_);
      --in_flight_;
      flying_ -= all.size();
      free_.notify_one();
    });
  }

  Work& work_;
  kit::Consortium county_;
  int number_;
  std::string slug_;
  std::mutex mutex_;
  std::condition_variable free_;
  unsigned in_flight_ = 0;
  std::uint64_t flying_ = 0;
  std::unique_ptr<hub::client::Client> client_;  // last: its thread ends before what it calls back into
};

class Mailbox {
 public:
  Mailbox(Work& work, Hub& hub, kit::Consortium& shared, int number) : work_(work), county_(shared), agent_(county_.agent(mailbox_slug(number))), number_(number) {
    for (int s = 0; s < kShifts; ++s) {
      for (int p = 0; p < kSendersPerShift; ++p) {
        const auto& a = county_.agent(sender_slug(s, p));
        senders_[a.id()] = a.cert.sign;
      }
    }
    hub::client::Pushes pushes;
    pushes.deliver = [this](base::Bytes frame) {
      std::lock_guard hold(mutex_);
      waiting_.push_back(std::move(frame));
      arrived_.notify_one();
    };
    client_ = connect(hub, county_, agent_, credit(), std::move(pushes));
  }

  void run() {
    for (std::deque<base::Bytes> now; take(now); now.clear()) {
      for (const auto& frame : now) open(frame);
      if (!client_->credit(static_cast<std::uint32_t>(now.size())).ok()) work_.refused();
      acknowledge();
    }
  }
  void stop() {
    std::lock_guard hold(mutex_);
    stopped_ = true;
    arrived_.notify_one();
  }

 private:
  struct Open {
    std::uint64_t upto = 0;
    base::Hash leaf{};
    std::vector<std::uint64_t> ids;
  };

  [[nodiscard]] std::uint32_t credit() const { return static_cast<std::uint32_t>(std::max(1, work_.args().prefetch / 8)); }

  bool take(std::deque<base::Bytes>& now) {
    std::unique_lock hold(mutex_);
    arrived_.wait(hold, [&] { return stopped_ || !waiting_.empty(); });
    now.swap(waiting_);
    return !now.empty() || !stopped_;
  }

  // Every check of protocol 4.2 that needs no store of one's own, then the bodies.
  bool check_and_open(const base::Bytes& frame, crypto::ParsedGroup& group, std::vector<base::Bytes>& bodies) {
    auto d = schemas::decode_deliver(frame);
    if (!d.ok()) return false;
    auto parsed = crypto::parse_batch(d->batch, crypto::Frame::kDeliver);
    if (!parsed.ok() || parsed->bst.hub_id != county_.anchor_values().hub_id()) return false;
    const auto sender = senders_.find(parsed->bst.sender);
    if (sender == senders_.end()) return false;
    const base::Bytes note = base::to_bytes(d->ckpt);
    if (note != checkpoint_note_) {
      auto checkpoint = crypto::open_checkpoint(base::text(d->ckpt), county_.anchor_values().log);
      if (!checkpoint.ok()) return false;
      checkpoint_ = *checkpoint;
      checkpoint_note_ = note;
    }
    if (parsed->hash != batch_hash_ && !crypto::check_signature(d->batch, sender->second).ok()) return false;
    batch_hash_ = parsed->hash;
    if (!crypto::check_hashes(d->batch, *parsed, crypto::Frame::kDeliver).ok()) return false;
    const auto ent = crypto::parse_ent1(d->ent);
    const auto path = crypto::split_hashes(d->incl);
    group = std::move(parsed->groups[0]);
    if (!ent.ok() || !path.ok() || ent->type != 1 || ent->subject != group.leaf || ent->container != parsed->hash) return false;
    if (!crypto::verify_inclusion(d->index, checkpoint_.size, crypto::merkle_leaf(d->ent), *path, checkpoint_.root)) return false;
    const auto* slot = group.grp.slot_of(agent_.id());
    if (slot == nullptr) return false;
    auto opened = crypto::open(d->batch.groups[0], group, agent_.id(), agent_.epoch_keys.at(slot->epoch));
    if (!opened.ok()) return false;
    bodies = std::move(*opened);
    return true;
  }

  void open(const base::Bytes& frame) {
    crypto::ParsedGroup group;
    std::vector<base::Bytes> bodies;
    if (!check_and_open(frame, group, bodies)) {
      std::fprintf(stderr, "a delivery does not hold\n");
      work_.refused();
      return;
    }
    Open& o = open_[group.grp.sender];
    o.upto = group.upto_pair_seq();
    o.leaf = group.leaf;
    for (const auto& body : bodies) {
      if (body.size() == 5) continue;  // the word that opened the shift
      if (auto id = work_.received(body, number_)) o.ids.push_back(*id);
    }
  }

  // One receipt a sender for everything that has been opened: natural batching.
  void acknowledge() {
    for (auto& [sender, o] : open_) {
      crypto::Rcp1 rcp;
      rcp.status = 1;
      rcp.recipient = agent_.id();
      rcp.recipient_cert = agent_.cert_hash;
      rcp.sender = sender;
      rcp.upto_pair_seq = o.upto;
      rcp.group_leaf = o.leaf;
      rcp.time = base::real_now();
      const auto bytes = crypto::encode(rcp);
      wire::Receipt receipt;
      receipt.rcp = base::to_bytes(base::View(bytes));
      receipt.sig = base::to_bytes(base::View(agent_.sign.sign(bytes)));
      client_->receipt_async(std::move(receipt), [this, ids = std::move(o.ids)](const auto& answer) {
        const bool good = answer.ok() && answer->ack;
        if (!good) std::fprintf(stderr, "receipt refused: %s\n", answer.ok() && answer->nack ? answer->nack->words.c_str() : "no answer");
        for (std::uint64_t id : ids) good ? work_.acknowledged(id) : work_.refused();
      });
    }
    open_.clear();
  }

  Work& work_;
  kit::Consortium& county_;  // read only
  const kit::Agent& agent_;
  int number_;
  std::map<base::Id, crypto::PublicKey> senders_;
  std::map<base::Id, Open> open_;
  base::Bytes checkpoint_note_;
  crypto::Checkpoint checkpoint_;
  base::Hash batch_hash_{};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<base::Bytes> waiting_;
  bool stopped_ = false;
  std::unique_ptr<hub::client::Client> client_;
};

}  // namespace

int load(const Args& args) {
  Work work(args);
  Hub hub{{}, "tcp://" + args.host + ":" + std::to_string(args.port)};
  kit::Consortium shared = county();
  std::deque<Mailbox> boxes;
  std::deque<Sender> senders;
  for (int b = 0; b < args.mailboxes; ++b) boxes.emplace_back(work, hub, shared, b);
  for (int p = 0; p < args.producers; ++p) senders.emplace_back(work, hub, p);
  std::vector<std::thread> threads;
  for (auto& b : boxes) threads.emplace_back([&b] { b.run(); });
  work.go();
  for (auto& s : senders) threads.emplace_back([&s] { s.run(); });
  const int rc = work.finish();
  for (auto& b : boxes) b.stop();
  if (rc != 0) std::_Exit(rc);  // a sender may wait for a hub that has gone
  for (auto& t : threads) t.join();
  return rc;
}

}  // namespace bench
