// Somebody on the network: a plain TCP relay in front of the hub that keeps every byte, and can play a kept side again.
#pragma once

#include <thread>

#include "tests/integration/hub_kit.h"

namespace evil {

class Tap {
 public:
  explicit Tap(const std::string& hub_endpoint);
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;
  [[nodiscard]] std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

  struct Session {
    base::Bytes up, down;  // from the client; from the hub
  };
  [[nodiscard]] std::vector<Session> sessions() const;
  // From now on nobody reaches the hub: who dials gets these bytes, as the hub once sent them. Lines that are up break.
  void play_down(base::Bytes bytes);
  void relay_again();
  [[nodiscard]] unsigned played() const { return played_; }
  // Dials the hub and says what a client once said. Everything that the hub answers until it hangs up or is silent for a second.
  [[nodiscard]] base::Bytes play_up(base::View bytes) const;

 private:
  struct Line {
    int client = -1, hub = -1;
    std::size_t session = 0;
    bool over = false;
  };
  void run();
  void greet();
  void pump(int from, int to, base::Bytes& kept, Line& line);
  [[nodiscard]] int dial() const;

  int listener_ = -1;
  std::uint16_t port_ = 0, hub_port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<unsigned> played_{0};
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Line> lines_;
  std::vector<Session> sessions_;
  std::optional<base::Bytes> instead_;
  std::thread thread_;
};

}  // namespace evil
