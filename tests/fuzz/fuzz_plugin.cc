// What a plugin writes, in any pieces: lines come out the same however they were cut, and what is read as a value writes itself the same
// way twice.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "adapters/foreign/words.h"
#include "adapters/transport/lines.h"
#include "crypto/base/check.h"

namespace foreign = adapters::foreign;

namespace {

constexpr std::size_t kLimit = 4096;

std::vector<std::string> cut(std::string_view bytes, std::size_t step) {
  adapters::transport::Lines lines(kLimit);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    lines.feed(bytes.substr(at, step));
    for (;;) {
      auto line = lines.next();
      if (!line.ok()) return out.emplace_back("too long"), out;
      if (!*line) break;
      CHECK((*line)->size() <= kLimit);
      out.push_back(std::move(**line));
    }
  }
  return out;
}

template <class Read, class Write>
void twice(const foreign::Json& j, Read read, Write write) {
  const auto value = read(j);
  if (!value.ok()) return;
  const auto shown = write(*value);
  const auto again = read(shown);
  CHECK(again.ok() && write(*again) == shown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto lines = cut(bytes, bytes.size() + 1);
  CHECK(lines == cut(bytes, 1 + data[0] % 13));
  for (const std::string& line : lines) {
    const auto j = foreign::read_line(line);
    if (!j.ok()) continue;
    (void)foreign::error_from(**j).message();
    (void)foreign::health_from(**j).words;
    twice(**j, foreign::submission_from, foreign::submission_json);
    twice(**j, foreign::thread_from, foreign::thread_json);
    twice((*j)->value("delivery", foreign::Json()), foreign::delivery_from, foreign::delivery_json);
  }
  return 0;
}
