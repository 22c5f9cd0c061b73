// MLLP framing (HL7 v2 "minimal lower layer protocol"): <VT> message <FS><CR>. A pure state machine fed with whatever a read returned:
// split, joined or partial frames. One reader at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace adapters::transport {

inline constexpr char kStartBlock = '\x0B', kEndBlock = '\x1C', kCarriageReturn = '\r';

std::string frame(std::string_view message);
// Two messages where one is expected: frame(followed_by(a, b)) == frame(a) + frame(b).
std::string followed_by(std::string_view first, std::string_view second);

struct Framed {
  enum class What {
    kMessage,   // one whole message
    kBroken,    // a new frame began before this one ended
    kTooLarge,  // its beginning; nothing after it can be read from this connection
    kNoise,     // more bytes outside frames than can be an accident; likewise
  } what{};
  std::string bytes;  // kMessage: whole; kBroken and kTooLarge: at most the first 4 KiB
};

class Framer {
 public:
  explicit Framer(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  // What `bytes` completed, in order. After kTooLarge or kNoise further bytes are ignored.
  std::vector<Framed> feed(std::string_view bytes);
  [[nodiscard]] bool in_frame() const { return in_frame_; }
  [[nodiscard]] bool dead() const { return dead_; }

 private:
  void inside(std::string_view& bytes, std::vector<Framed>& out);
  void outside(std::string_view& bytes, std::vector<Framed>& out);
  void die(Framed::What what, std::vector<Framed>& out);

  std::size_t max_bytes_, noise_ = 0;
  std::string held_;
  bool in_frame_ = false, dead_ = false;
};

}  // namespace adapters::transport
