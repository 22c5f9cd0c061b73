// A hub's side of witnessing on standard input and output, for a witness that is not ours (witness.py). One line in, one line out:
//   vkey TEXT    the anchor names this witness and asks for its cosignature        -> origin and the log's verifier key
//   size N       what the hub asks a witness that has signed N entries             -> base64 of the add-checkpoint body; empty: nothing new
//   note BASE64  the checkpoint with the witness's line                            -> "counted SIZE", or why not
//   grow         the log gets one more entry                                       -> its size
//   fork         a request under the log's own key for another past of that size   -> base64 of the body
#include <iostream>

#include "crypto/witness.h"
#include "hub/broker/rounds.h"
#include "tests/kit/hub_rig.h"

namespace {

std::string b64(const std::string& s) { return base::base64(base::view(s)); }

class Hub {
 public:
  std::string ask(const std::string& verb, const std::string& rest) {
    if (verb == "vkey") return name_witness(rest);
    if (verb == "grow") return grow();
    const crypto::Directory directory = rig_.journal->directory();
    if (verb == "size") {
      const auto body = rig_.ask([&](const hub::state::Reader& r) { return rounds_.request(r, directory, std::stoull(rest), ++tick_); });
      return body.ok() ? b64(*body) : body.error().what;
    }
    if (verb == "fork") {
      auto c = crypto::open_checkpoint(rig_.ask([](const hub::state::Reader& r) { return r.checkpoint(); }), directory.anchor().log).value();
      c.root[7] ^= 0x40;
      return b64(crypto::AddCheckpoint{c.size, {}, crypto::sign_checkpoint(c, rig_.c.log_key())}.text());
    }
    const auto note = base::unbase64(rest);
    const auto taken = rounds_.take(directory, {}, base::text(note.value_or(base::Bytes{})));
    if (!taken.ok()) return taken.error().what;
    return taken->enough ? "counted " + std::to_string(taken->size) : "no quorum";
  }

 private:
  std::string name_witness(const std::string& vkey) {
    crypto::Anchor next = rig_.journal->directory().anchor();
    next.prev = crypto::sha256(base::view(next.text()));
    ++next.version;
    next.tlog_policy = {"witness outside " + vkey, "quorum outside"};
    const auto o = rig_.apply(kit::item(kit::EntryType::kDir, base::to_bytes(rig_.c.sign_by_authorities(next.text(), 2))));
    return o.accepted ? next.log.text() : o.words;
  }
  std::string grow() {
    const auto o = rig_.apply(kit::item(kit::EntryType::kHub, kit::record_bytes("entry " + std::to_string(++tick_))));
    return o.accepted ? std::to_string(rig_.size()) : o.words;
  }

  kit::HubRig rig_;
  hub::broker::Rounds rounds_{0};
  std::uint64_t tick_ = 0;
};

}  // namespace

TEST_CASE("relay") {
  Hub hub;
  for (std::string line; std::getline(std::cin, line);) {
    const auto space = line.find(' ');
    std::cout << hub.ask(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1)) << std::endl;
  }
}
