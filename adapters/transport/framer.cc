#include "adapters/transport/framer.h"

#include <algorithm>

namespace adapters::transport {
namespace {
constexpr std::size_t kHead = 4096, kMaxNoise = 64u << 10;
}

std::string frame(std::string_view message) {
  std::string out;
  out.reserve(message.size() + 3);
  out += kStartBlock;
  out += message;
  out += kEndBlock;
  out += kCarriageReturn;
  return out;
}

std::string followed_by(std::string_view first, std::string_view second) {
  return ((std::string(first) += kEndBlock) += kCarriageReturn) += std::string(1, kStartBlock).append(second);
}

std::vector<Framed> Framer::feed(std::string_view bytes) {
  std::vector<Framed> out;
  while (!bytes.empty() && !dead_) {
    if (in_frame_) {
      inside(bytes, out);
    } else {
      outside(bytes, out);
    }
  }
  return out;
}

// Takes bytes up to the end of the frame, the start of another one, or all of them.
void Framer::inside(std::string_view& bytes, std::vector<Framed>& out) {
  if (!held_.empty() && held_.back() == kEndBlock && bytes.front() == kCarriageReturn) {
    held_.pop_back();
    out.push_back({Framed::What::kMessage, std::move(held_)});
    held_.clear();
    in_frame_ = false;
    bytes.remove_prefix(1);
    return;
  }
  if (bytes.front() == kStartBlock) {
    held_.resize(std::min(held_.size(), kHead));
    out.push_back({Framed::What::kBroken, std::move(held_)});
    held_.clear();
    bytes.remove_prefix(1);
    return;
  }
  // Everything up to a byte that may matter next time round; an end block is taken along and judged with the byte after it.
  constexpr char kMarks[] = {kStartBlock, kEndBlock};
  std::size_t n = bytes.find_first_of(std::string_view(kMarks, 2));
  if (n == std::string_view::npos) n = bytes.size();
  if (n < bytes.size() && bytes[n] == kEndBlock) ++n;
  held_.append(bytes.substr(0, n));
  bytes.remove_prefix(n);
  if (held_.size() > max_bytes_ + 1) die(Framed::What::kTooLarge, out);
}

void Framer::outside(std::string_view& bytes, std::vector<Framed>& out) {
  const std::size_t start = std::min(bytes.find(kStartBlock), bytes.size());
  noise_ += start;
  in_frame_ = start < bytes.size();
  bytes.remove_prefix(in_frame_ ? start + 1 : start);
  if (noise_ > kMaxNoise) die(Framed::What::kNoise, out);
}

void Framer::die(Framed::What what, std::vector<Framed>& out) {
  dead_ = true;
  held_.resize(std::min(held_.size(), kHead));
  out.push_back({what, std::move(held_)});
  held_.clear();
}

}  // namespace adapters::transport
