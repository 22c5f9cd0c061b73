// If a key leaked, what is exposed (45 CFR 164.404-410): which messages it opens or could have forged, in which threads, with which agencies,
// when. From this agency's own store and the directory. Inside a transaction.
#pragma once

#include "adapters/agent/mail/submit.h"

namespace adapters::agent::account {

struct Exposed {                       // of one thread with one agency
  base::Id thread_id{}, other{};
  std::uint64_t opened = 0;            // messages whose content the key opens
  std::uint64_t doubtful = 0;          // messages signed by it: a thief may have written them
  base::Instant first, last;
};
struct Exposure {
  std::string what;                    // "epoch key 20731 of stb", "sign key of stb", "all keys of stb"
  base::Id agent{};
  base::Instant from, until;           // the time in which the key served, and that was asked about
  base::Instant destroyed;             // epoch key: from then on nobody has it; 0: not so
  bool opens = false, signs = false;
  std::vector<Exposed> threads;        // by first
};
// `key`: a public key in hex or base64, an epoch key's id (16 hex digits), or an agency's name: all that its agent holds. kNotFound.
base::Result<Exposure> exposure(keep::Tx& tx, const mail::Desk& desk, const std::string& key, base::Instant from, base::Instant until);

}  // namespace adapters::agent::account
