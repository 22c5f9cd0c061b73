// See power_loss.h.
#include "tests/fault/power_loss.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "crypto/base/check.h"

namespace fault {
namespace {

constexpr std::uint64_t kBlock = 4096;

void put(std::string& file, std::uint64_t offset, std::string_view bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size(), '\0');
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(offset));
}

struct Block {
  std::size_t write;  // the write it belongs to
  std::string path;
  std::uint64_t offset;
  std::string_view bytes;
};

// The writes in flight, cut where a disk may tear them.
std::vector<Block> blocks_of(const std::vector<TraceEvent>& trace, const std::vector<std::size_t>& flying) {
  std::vector<Block> out;
  for (std::size_t w : flying) {
    const std::string_view all = trace[w].bytes;
    for (std::uint64_t done = 0; done < all.size();) {
      const std::uint64_t at = trace[w].offset + done;
      const std::uint64_t n = std::min<std::uint64_t>(kBlock - at % kBlock, all.size() - done);
      out.push_back({w, trace[w].path, at, all.substr(done, n)});
      done += n;
    }
  }
  return out;
}

class Replay {
 public:
  Replay(const std::vector<TraceEvent>& trace, unsigned samples, std::uint64_t seed, const std::function<bool(const Moment&)>& judge)
      : trace_(trace), samples_(samples), random_(seed), judge_(judge) {}

  std::size_t run() {
    for (at_ = 0; at_ <= trace_.size(); ++at_) {
      const bool last = at_ == trace_.size();
      // A crash while the event is under way: the event itself may be in flight.
      if (last || trace_[at_].op == Op::kSync || trace_[at_].op == Op::kSyncWrite || trace_[at_].op == Op::kMark) {
        if (!last && trace_[at_].op == Op::kSyncWrite) flying_.push_back(at_);
        const bool on = states();
        if (!last && trace_[at_].op == Op::kSyncWrite) flying_.pop_back();
        if (!on) break;
      }
      if (!last) happen(trace_[at_]);
    }
    return n_;
  }

 private:
  void happen(const TraceEvent& e) {
    switch (e.op) {
      case Op::kWrite: flying_.push_back(at_); break;
      case Op::kSyncWrite: put(durable_[e.path], e.offset, e.bytes); break;
      case Op::kTruncate: durable_[e.path].resize(e.offset, '\0'); break;
      case Op::kMark: marks_.push_back(e.bytes); break;
      case Op::kSync: land(e.path); break;
    }
  }
  void land(const std::string& path) {
    std::vector<std::size_t> rest;
    for (std::size_t w : flying_) {
      if (trace_[w].path == path) put(durable_[path], trace_[w].offset, trace_[w].bytes);
      else rest.push_back(w);
    }
    flying_ = rest;
  }
  bool show(const std::vector<Block>& blocks, const std::function<bool(std::size_t)>& arrived) {
    Files files = durable_;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (arrived(i)) put(files[blocks[i].path], blocks[i].offset, blocks[i].bytes);
    }
    ++n_;
    return judge_({at_, marks_, files});
  }
  bool states() {
    const auto blocks = blocks_of(trace_, flying_);
    if (!show(blocks, [](std::size_t) { return false; })) return false;
    if (blocks.empty()) return true;
    if (!show(blocks, [](std::size_t) { return true; })) return false;
    for (std::size_t w : flying_) {
      if (flying_.size() == 1) break;
      if (!show(blocks, [&](std::size_t i) { return blocks[i].write == w; })) return false;
      if (!show(blocks, [&](std::size_t i) { return blocks[i].write != w; })) return false;
    }
    for (unsigned s = 0; s < samples_; ++s) {
      if (!show(blocks, [&](std::size_t) { return (random_() & 1) != 0; })) return false;
    }
    return true;
  }

  const std::vector<TraceEvent>& trace_;
  unsigned samples_;
  std::mt19937_64 random_;
  const std::function<bool(const Moment&)>& judge_;
  Files durable_;
  std::vector<std::size_t> flying_;
  std::vector<std::string> marks_;
  std::size_t at_ = 0, n_ = 0;
};

}  // namespace

std::vector<TraceEvent> read_trace(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  std::vector<TraceEvent> out;
  for (std::size_t at = 0; at < all.size();) {
    Event e;
    CHECK(at + sizeof e <= all.size());
    std::copy_n(all.data() + at, sizeof e, reinterpret_cast<char*>(&e));
    at += sizeof e;
    CHECK(at + e.path_len + e.len <= all.size());
    out.push_back({e.op, all.substr(at, e.path_len), e.offset, all.substr(at + e.path_len, e.len)});
    at += e.path_len + e.len;
  }
  return out;
}

std::size_t every_power_loss(const std::vector<TraceEvent>& trace, unsigned samples, std::uint64_t seed, const std::function<bool(const Moment&)>& judge) {
  return Replay(trace, samples, seed, judge).run();
}

}  // namespace fault
