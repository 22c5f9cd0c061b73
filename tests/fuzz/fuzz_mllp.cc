// Any bytes in any pieces: the framer gives the same frames however they were cut, and holds no more than its limit.
#include <cstdlib>

#include "adapters/transport/framer.h"

using adapters::transport::Framed;
using adapters::transport::Framer;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 7;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Framer whole(1000), pieces(1000);
  const auto all = whole.feed(bytes);
  std::vector<Framed> cut;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    for (Framed& f : pieces.feed(bytes.substr(at, step))) cut.push_back(std::move(f));
  }
  if (all.size() != cut.size()) std::abort();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].what != cut[i].what) std::abort();
    if (all[i].what == Framed::What::kMessage && (all[i].bytes != cut[i].bytes || all[i].bytes.size() > 1000)) std::abort();
  }
  return 0;
}
