// A hospital adapter in front of a host that only remembers, for outside MLLP software to speak with: mllp_station [ANSWER_TO].
// Prints "port N", then answers lines on stdin: "count" -> messages taken so far; "deliver" -> an acceptance of the first one goes to
// ANSWER_TO; end of input: stops.
#include <iostream>

#include "adapters/hospital/hospital.h"
#include "tests/unit/adapters_fake_host.h"

namespace {

adapters::agent::Delivery acceptance(const fake::Host& host) {
  adapters::agent::Delivery d;
  d.msg_id = fake::Host::id(100), d.thread_id = fake::Host::id(0), d.kind = schemas::MsgKind::kStatus;
  d.from = "hcc", d.to = "stb", d.opening_from = "stb", d.opening_to = "hcc";
  schemas::StatusUpdate u;
  u.status = "accepted", u.callback = "555-0199", u.text = "Zoë has a bed";
  d.body.payload = u;
  d.opening = std::make_shared<schemas::Body>(host.submitted.front().body);
  return d;
}

}  // namespace

int main(int argc, char** argv) {
  fake::Host host;
  std::string text = "listen = \"127.0.0.1:0\"\nto = \"hcc\"\nattempts = 1\n";
  if (argc > 1) text += "answer_to = \"" + std::string(argv[1]) + "\"\n";
  const auto config = schemas::Config::parse(text);
  auto adapter = adapters::hospital::hospital_mllp().make(*config, "station");
  if (!adapter.ok() || !(*adapter)->start(host).ok()) return 2;
  const std::string words = host.last_said();
  std::cout << "port " << words.substr(words.rfind(':') + 1) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "count") std::cout << host.count() << std::endl;
    if (line == "deliver") {
      const auto done = (*adapter)->deliver(acceptance(host));
      std::cout << (done.ok() ? "delivered" : done.error().message()) << std::endl;
    }
  }
  (*adapter)->stop();
  return 0;
}
