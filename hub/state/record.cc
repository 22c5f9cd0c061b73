// REC1, the journal's unit (protocol 6.1): a 64-byte prefix and items.
#include "hub/state/record.h"

#include <algorithm>

namespace hub::state {
namespace {

constexpr std::size_t kPrefix = 64, kItemHead = 8, kMaxItemsLen = 7'000'000, kMaxItems = 1 << 16;

base::Error wrong(const char* what) { return base::malformed(what, "REC1"); }

bool known(base::Byte type) { return type >= 1 && type <= 9; }

// A type-3 item with rules: the note, a zero byte (which no note contains), the TOML bytes (never empty).
bool split_blob(Item& item) {
  const auto zero = std::find(item.bytes.begin(), item.bytes.end(), 0);
  if (zero == item.bytes.end()) return true;
  item.blob.assign(zero + 1, item.bytes.end());
  item.bytes.erase(zero, item.bytes.end());
  return !item.blob.empty();
}

}  // namespace

base::Bytes encode(const Record& r) {
  base::Bytes out(kPrefix);
  for (const Item& item : r.items) {
    const base::View content = item.content();
    const std::size_t len = content.size() + (item.blob.empty() ? 0 : 1 + item.blob.size());
    base::Fixed<kItemHead> head{};
    head[0] = static_cast<base::Byte>(item.type);
    base::store_le(head.data() + 4, static_cast<std::uint32_t>(len));
    base::append(out, head);
    base::append(out, content);
    if (!item.blob.empty()) {
      out.push_back(0);
      base::append(out, item.blob);
    }
  }
  base::Byte* p = out.data();
  std::memcpy(p, "SFJ1", 4);
  base::store_le<std::uint16_t>(p + 4, 1);
  base::store_le(p + 6, r.hub_no);
  base::store_le(p + 8, r.t.ms);
  base::store_le(p + 16, r.size);
  std::memcpy(p + 24, r.root.data(), 32);
  base::store_le(p + 56, static_cast<std::uint32_t>(r.items.size()));
  base::store_le(p + 60, static_cast<std::uint32_t>(out.size() - kPrefix));
  return out;
}

base::Result<Record> parse_record(base::View v) {
  if (v.size() < kPrefix || base::text(v.first(4)) != "SFJ1") return wrong("not a record");
  if (base::load_le<std::uint16_t>(v.data() + 4) != 1)
    return base::Error{base::Kind::kUnsupported, "unknown version of a record", "REC1", "update this program"};
  if (v.size() - kPrefix > kMaxItemsLen) return base::Error{base::Kind::kTooLarge, "too many bytes of items", "REC1"};
  Record r;
  r.hub_no = base::load_le<std::uint16_t>(v.data() + 6);
  r.t.ms = base::load_le<std::uint64_t>(v.data() + 8);
  r.size = base::load_le<std::uint64_t>(v.data() + 16);
  r.root = base::fixed<32>(v.subspan(24, 32));
  const auto n = base::load_le<std::uint32_t>(v.data() + 56);
  if (base::load_le<std::uint32_t>(v.data() + 60) != v.size() - kPrefix) return wrong("the length of the items is wrong");
  if (n > kMaxItems) return base::Error{base::Kind::kTooLarge, "too many items", "REC1"};
  base::View rest = v.subspan(kPrefix);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (rest.size() < kItemHead || !known(rest[0]) || !base::all_zero(rest.subspan(1, 3))) return wrong("an item's head is wrong");
    const auto len = base::load_le<std::uint32_t>(rest.data() + 4);
    if (len > rest.size() - kItemHead) return wrong("an item is cut short");
    Item item;
    item.type = static_cast<schemas::EntryType>(rest[0]);
    item.bytes = base::to_bytes(rest.subspan(kItemHead, len));
    if (item.type == schemas::EntryType::kDir && !split_blob(item)) return wrong("a policy's rules are empty");
    r.items.push_back(std::move(item));
    rest = rest.subspan(kItemHead + len);
  }
  if (!rest.empty()) return wrong("bytes after the last item");
  return r;
}

Item erase_item(schemas::EntryType type, std::span<const std::uint64_t> accept_indexes, base::View record) {
  Item item;
  item.type = type;
  item.bytes.resize(4 + 8 * accept_indexes.size());
  base::store_le(item.bytes.data(), static_cast<std::uint32_t>(accept_indexes.size()));
  for (std::size_t i = 0; i < accept_indexes.size(); ++i) base::store_le(item.bytes.data() + 4 + 8 * i, accept_indexes[i]);
  base::append(item.bytes, record);
  return item;
}

Item access_item(base::View query, base::View requester) {
  Item item;
  item.type = schemas::EntryType::kAccess;
  item.bytes.resize(4);
  base::store_le(item.bytes.data(), static_cast<std::uint32_t>(query.size()));
  base::append(item.bytes, query);
  base::append(item.bytes, requester);
  return item;
}

}  // namespace hub::state
