// A stream of bytes as lines: each ends with a line feed, a carriage return before it is dropped. Never holds more than its limit and one
// piece. A value; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::transport {

class Lines {
 public:
  explicit Lines(std::size_t max_line) : max_(max_line) {}
  void feed(std::string_view piece);
  // The next whole line; nullopt: feed more. kTooLarge: a line over the limit, and nothing more is to be had from this stream.
  base::Result<std::optional<std::string>> next();
  [[nodiscard]] std::size_t held() const { return held_.size() - at_; }  // bytes of lines not yet given out

 private:
  std::size_t max_;
  std::string held_;
  std::size_t at_ = 0, looked_ = 0;  // the next line begins; no line feed before here
};

}  // namespace adapters::transport
