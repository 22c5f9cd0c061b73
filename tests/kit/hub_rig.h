// A hub without sockets: a consortium and a journal that has its notes. Header only, for tests of hub/state and hub/journal.
#pragma once

#include "hub/journal/journal.h"
#include "tests/kit/consortium.h"

#include <doctest/doctest.h>  // last: its CHECK takes the place of crypto/base/check.h's

namespace kit {

using hub::state::Item;
using hub::state::Outcome;
using schemas::EntryType;
using schemas::NackCode;

inline const std::vector<AgentSpec> kThree{{"hospital", "hospital_ed"}, {"crisis", "crisis_center"}, {"coord", "coordinator"}};

inline Item item(EntryType type, base::Bytes bytes, base::Bytes blob = {}) {
  Item i;
  i.type = type;
  i.bytes = std::move(bytes);
  i.blob = std::move(blob);
  return i;
}
inline Item note_item(const SignedNote& n) { return item(EntryType::kDir, base::to_bytes(n.whole), n.blob); }
inline base::Bytes record_bytes(const std::string& words) { return base::concat({base::Hash{7}, base::view(words)}); }

struct HubRig {
  Consortium c;
  std::unique_ptr<hub::journal::Journal> journal;
  base::Instant now = kStart;

  explicit HubRig(std::vector<AgentSpec> agents = kThree, Options options = {}) : c(std::move(agents), std::move(options)) {
    auto j = hub::journal::open_memory(c.anchor(), hub::state::LogKeys{c.log_key(), c.next_log_key(), {}});
    REQUIRE_MESSAGE(j.ok(), (j.ok() ? "" : j.error().message()));
    journal = std::move(j).value();
    enrol();
  }
  HubRig(Consortium&& consortium, std::unique_ptr<hub::journal::Journal> j) : c(std::move(consortium)), journal(std::move(j)) {}

  void enrol() {
    for (const SignedNote& n : c.notes()) {
      const Outcome o = apply(note_item(n));
      REQUIRE_MESSAGE(o.accepted, o.words);
    }
  }
  Outcome apply(Item i) {
    std::vector<Item> items;
    items.push_back(std::move(i));
    auto applied = journal->append(std::move(items), now);
    REQUIRE_MESSAGE(applied.ok(), (applied.ok() ? "" : applied.error().message()));
    return std::move(applied->outcomes[0]);
  }
  [[nodiscard]] std::uint64_t dir_seq() const { return journal->directory().seq(); }
  Outcome batch(base::Bytes frame) { return apply(item(EntryType::kAccept, std::move(frame))); }
  // Sealed by a proper sender; the chains advance if the hub accepts.
  Outcome send(const std::string& from, const crypto::SealRequest& request) {
    const crypto::SealedBatch sealed = c.seal(from, request);
    Outcome o = batch(Consortium::frame(sealed));
    if (o.accepted) c.accepted(from, sealed);
    return o;
  }
  Outcome send(const std::string& from, const std::vector<Mail>& mails) { return send(from, c.request(from, mails, now, dir_seq())); }
  Outcome receipt(const std::string& recipient, const std::string& sender,
                  schemas::ReceiptStatus status = schemas::ReceiptStatus::kDelivered) {
    const Head& head = c.agent(sender).heads.at(c.agent(recipient).id());
    return apply(item(EntryType::kReceipt, c.receipt(recipient, sender, head.upto, head.leaf, now, status)));
  }
  // Reads are short: each question has its own snapshot.
  template <class F>
  auto ask(F question) const {
    auto snapshot = journal->read();
    REQUIRE(snapshot.ok());
    return question((*snapshot)->reader());
  }
  [[nodiscard]] std::uint64_t size() const {
    return ask([](const hub::state::Reader& r) { return r.size(); });
  }
  [[nodiscard]] std::uint64_t waiting(const std::string& slug) {
    const base::Id id = c.agent(slug).id();
    return ask([&](const hub::state::Reader& r) { return r.waiting_count(id); });
  }
};

}  // namespace kit
