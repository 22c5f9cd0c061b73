// A small consortium for tests: authorities, agencies with all their keys, and notes signed by whom the test says.
#pragma once

#include "crypto/directory.h"

#include <doctest/doctest.h>

namespace trust_kit {

using namespace crypto;
using base::Instant;
using base::kDay;
using base::kHour;
using base::Kind;
using base::View;

inline constexpr Instant kT0{1'760'000'000'000};

// Repeatable bytes: the tests' notes are the same on each run.
class CountingRandom : public Random {
 public:
  explicit CountingRandom(std::uint8_t salt = 1) : salt_(salt) {}
  void fill(std::span<base::Byte> out) override {
    for (auto& b : out) {
      ++n_;
      b = static_cast<base::Byte>(salt_ + 31 * n_ + (n_ >> 8) + (n_ >> 16));
    }
  }

 private:
  std::uint8_t salt_;
  std::uint64_t n_ = 0;
};

struct Agent {
  Cert cert;
  SignKey sign, recovery;
  BoxKey transport;
  PublicKey witness{};
};

struct Consortium {
  explicit Consortium(unsigned n = 3, unsigned k = 2, unsigned r = 2);

  // A whole note signed by these authorities (numbers from 1; a number may stand twice).
  std::string by(const std::string& text, std::initializer_list<unsigned> authorities) const;
  Note note_by(const std::string& text, std::initializer_list<unsigned> authorities) const;
  std::string by_agent(const std::string& text, const Agent& a) const;

  Agent agent(const std::string& slug);                                                  // fresh keys and ids; not logged
  Cert renewal(const Agent& a) const;                                                    // serial 2, following a.cert
  EpochNote epochs(const Agent& a, Instant from, unsigned n, unsigned first_epoch = 1);  // daily keys

  std::uint64_t index = 0;  // of the next log entry
  Directory directory() const;
  void log(Directory& d, const std::string& whole, Instant at = kT0);  // must be accepted
  Agent enrolled(Directory& d, const std::string& slug);

  CountingRandom random;
  std::vector<SignKey> authorities;
  SignKey log_key;
  Anchor anchor;
  std::string anchor_note;
};

inline Kind why(const base::Status& s) {
  REQUIRE_FALSE(s.ok());
  return s.error().kind;
}

}  // namespace trust_kit
