// "SFHR1\n", then parts: u8 kind, u32 length (little-endian), bytes.
#include "schemas/returned.h"

namespace schemas {
namespace {

constexpr std::string_view kMagic = "SFHR1\n";
constexpr std::size_t kEntrySize = 112, kReceiptSize = 248;
enum class Part : std::uint8_t { kCheckpoint = 1, kEntries = 2, kNote = 3, kText = 4, kBatch = 5, kReceipt = 6 };

void put(base::Bytes& out, Part part, base::View a, base::View b = {}) {
  base::Byte head[5];
  head[0] = static_cast<base::Byte>(part);
  base::store_le(head + 1, static_cast<std::uint32_t>(a.size() + b.size()));
  base::append(out, head);
  base::append(out, a);
  base::append(out, b);
}

base::Status take(Returned& r, Part part, base::View v) {
  switch (part) {
    case Part::kCheckpoint: r.checkpoint = base::to_string(v); return {};
    case Part::kEntries:
      if (v.size() < 8 || (v.size() - 8) % kEntrySize != 0 || !r.entries.empty()) return base::malformed("one run of entries of 112 bytes each", "return, entries");
      r.from = base::load_le<std::uint64_t>(v.data());
      r.entries = base::to_bytes(v.subspan(8));
      return {};
    case Part::kNote: r.notes.push_back(base::to_string(v)); return {};
    case Part::kText: r.texts.push_back(base::to_string(v)); return {};
    case Part::kBatch: r.batches.push_back(base::to_bytes(v)); return {};
    case Part::kReceipt:
      if (v.size() != kReceiptSize) return base::malformed("a receipt and its signature have 248 bytes", "return, receipt");
      r.receipts.push_back(base::to_bytes(v));
      return {};
  }
  return base::malformed("a part of a kind that this program does not know", "return");
}

}  // namespace

base::Bytes encode(const Returned& r) {
  base::Bytes out = base::to_bytes(kMagic);
  if (!r.checkpoint.empty()) put(out, Part::kCheckpoint, base::view(r.checkpoint));
  if (!r.entries.empty()) {
    base::Byte from[8];
    base::store_le(from, r.from);
    put(out, Part::kEntries, from, r.entries);
  }
  for (const std::string& n : r.notes) put(out, Part::kNote, base::view(n));
  for (const std::string& t : r.texts) put(out, Part::kText, base::view(t));
  for (const base::Bytes& b : r.batches) put(out, Part::kBatch, b);
  for (const base::Bytes& b : r.receipts) put(out, Part::kReceipt, b);
  return out;
}

base::Result<Returned> parse_returned(base::View file) {
  if (file.size() < kMagic.size() || base::text(file.first(kMagic.size())) != kMagic) return base::malformed("not what handoff-agent return writes", "return");
  file = file.subspan(kMagic.size());
  Returned out;
  while (!file.empty()) {
    if (file.size() < 5) return base::malformed("ends within a part", "return");
    const auto part = static_cast<Part>(file[0]);
    const auto size = base::load_le<std::uint32_t>(file.data() + 1);
    file = file.subspan(5);
    if (size > file.size()) return base::malformed("ends within a part", "return");
    TRY(take(out, part, file.first(size)));
    file = file.subspan(size);
  }
  return out;
}

}  // namespace schemas
