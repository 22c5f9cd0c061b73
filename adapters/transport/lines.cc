#include "adapters/transport/lines.h"

namespace adapters::transport {

void Lines::feed(std::string_view piece) {
  held_.erase(0, at_);
  looked_ -= at_;
  at_ = 0;
  held_ += piece;
}

base::Result<std::optional<std::string>> Lines::next() {
  const auto end = held_.find('\n', looked_);
  looked_ = end == std::string::npos ? held_.size() : end;
  if (looked_ - at_ > max_) return base::Error{base::Kind::kTooLarge, "a line is longer than " + std::to_string(max_) + " bytes"};
  if (end == std::string::npos) return std::optional<std::string>();
  std::string line = held_.substr(at_, end - at_);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  at_ = looked_ = end + 1;
  return std::optional(std::move(line));
}

}  // namespace adapters::transport
