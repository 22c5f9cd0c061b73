// For tests of the hospital adapter: the adapter in front of a host of the test's own, and the hospital's listener.
#pragma once

#include "adapters/formats/hl7v2/ack.h"
#include "adapters/hospital/hospital.h"
#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"
#include "tests/kit/files.h"
#include "tests/unit/adapters_fake_host.h"

#include <doctest/doctest.h>

namespace hospital_kit {

namespace agent = adapters::agent;
namespace hl7 = adapters::formats::hl7v2;
namespace transport = adapters::transport;

using kit::replaced;
using kit::sample;

inline hl7::Message parsed(const std::string& bytes) {
  auto m = hl7::parse(bytes);
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  return std::move(m).value();
}
// A message of the hospital's from its segments after MSH.
inline std::string message(const std::string& type, const std::string& segments, const std::string& id = "M-1", const std::string& more = "") {
  std::string structure = type;
  std::replace(structure.begin(), structure.end(), '^', '_');
  return "MSH|^~\\&|STBRIGID_EHR|STBRIGID|HANDOFF|HARBORLIGHT|20261005140200+0000||" + type + "^" + structure + "|" + id + "|P|2.5.1" + more + "\r" + segments;
}
inline agent::ThreadInfo thread(std::size_t n, const std::string& other, bool requester, schemas::Phase phase) {
  agent::ThreadInfo t{fake::Host::id(n), other, requester, {}};
  t.loop.phase = phase;
  return t;
}

struct Hospital {
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;
  std::optional<transport::MllpClient> client;

  explicit Hospital(const std::string& more = "", const std::string& to = "to = \"hcc\"\n") {
    const auto config = schemas::Config::parse("listen = \"127.0.0.1:0\"\n" + to + more);
    REQUIRE(config.ok());
    auto made = adapters::hospital::hospital_mllp().make(*config, "st-brigid");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
    transport::MllpClientOptions o;
    const std::string words = host.last_said();
    o.to = words.substr(words.rfind(' ') + 1), o.attempts = 3, o.first_wait_ms = 1, o.clock = [] { return base::Instant{1}; };
    client.emplace(o);
  }
  ~Hospital() { adapter->stop(); }
  hl7::Message send(const std::string& bytes) {
    const auto answer = client->send(bytes, [](std::string_view) { return true; });
    REQUIRE(answer.ok());
    return parsed(*answer);
  }
  template <class T>
  const T& sent(std::size_t i) const {
    return std::get<T>(host.submitted.at(i).body.payload);
  }
};

// The hospital's own listener: what it got, and what it answers.
struct Listener {
  std::string code = "AA";
  std::mutex lock;
  std::vector<std::string> got;
  transport::MllpServer server;
  Listener()
      : server({.listen = "127.0.0.1:0", .clock = [] { return base::Instant{1}; }},
               {[this](std::string_view bytes) -> std::optional<std::string> {
                  const std::lock_guard held(lock);
                  got.emplace_back(bytes);
                  if (code.empty()) return std::nullopt;
                  const auto m = hl7::parse(bytes);
                  return hl7::build_ack(&*m, code, {}, "L1", {});
                },
                nullptr}) {
    REQUIRE(server.start().ok());
  }
};

}  // namespace hospital_kit
