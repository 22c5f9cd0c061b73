// Rows and bytes of attachments.
#include "adapters/agent/blob/blobs.h"

#include <algorithm>

#include "schemas/registry.h"

namespace adapters::agent::blob {
namespace {

using keep::Table;

base::Hash key(keep::Tx& tx, const base::Id& sender, const base::Id& blob) { return tx.key("blob", base::concat({sender, blob})); }

base::Bytes part_key(const base::Hash& key, std::uint32_t part) {
  base::Bytes out = base::to_bytes(base::View(key));
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<base::Byte>(part >> shift));
  return out;
}

void put_all(keep::Tx& tx, const base::Hash& key, base::View all) {
  for (std::uint32_t i = 0; i * kPart < all.size(); ++i) tx.put(Table::kBlobPart, part_key(key, i), all.subspan(i * kPart, std::min(kPart, all.size() - i * kPart)));
}

base::Bytes get_all(keep::Tx& tx, const base::Hash& key, std::size_t room) {
  base::Bytes out;
  out.reserve(room);
  tx.scan_prefix(Table::kBlobPart, key, [&](base::View, base::View v) {
    base::append(out, v);
    return true;
  });
  return out;
}

}  // namespace

std::optional<keep::BlobRow> find(keep::Tx& tx, const base::Id& sender, const base::Id& blob) {
  return keep::find<keep::BlobRow>(tx, Table::kBlob, key(tx, sender, blob));
}

void save(keep::Tx& tx, const keep::BlobRow& row) { tx.put(Table::kBlob, key(tx, row.sender, row.blob), keep::pack(row)); }

std::vector<keep::BlobRow> rows(keep::Tx& tx, const std::function<bool(const keep::BlobRow&)>& wanted) {
  std::vector<keep::BlobRow> out;
  tx.scan(Table::kBlob, {}, [&](base::View, base::View v) {
    auto row = keep::unpack<keep::BlobRow>(v);
    if (row && wanted(*row)) out.push_back(std::move(*row));
    return true;
  });
  return out;
}

std::uint32_t parts_of(std::uint64_t size) { return static_cast<std::uint32_t>((size + kPart - 1) / kPart); }

std::size_t size_of_part(const keep::BlobRow& row, std::uint32_t part) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(kPart, row.size - std::uint64_t{part} * kPart));
}

void put_part(keep::Tx& tx, const keep::BlobRow& row, std::uint32_t part, base::View bytes) {
  tx.put(Table::kBlobPart, part_key(key(tx, row.sender, row.blob), part), bytes);
}

std::optional<base::Bytes> part(keep::Tx& tx, const keep::BlobRow& row, std::uint32_t part) {
  return tx.get(Table::kBlobPart, part_key(key(tx, row.sender, row.blob), part));
}

base::Bytes bytes(keep::Tx& tx, const keep::BlobRow& row) { return get_all(tx, key(tx, row.sender, row.blob), row.size); }

void drop_bytes(keep::Tx& tx, const keep::BlobRow& row) {
  const base::Hash k = key(tx, row.sender, row.blob);
  for (std::uint32_t i = 0; i < row.of; ++i) tx.erase(Table::kBlobPart, part_key(k, i));
}

std::uint64_t left_here(keep::Tx& tx, const base::Id& of) {
  const auto v = tx.get(Table::kMeta, tx.key("blob_use", of));
  return v && v->size() == 8 ? keep::number_in(*v) : 0;
}

void count(keep::Tx& tx, const keep::BlobRow& row, bool more) {
  for (const base::Id& of : {row.thread_id, row.sender}) {
    const std::uint64_t before = left_here(tx, of);
    tx.put(Table::kMeta, tx.key("blob_use", of), keep::key_of(more ? before + row.size : before - std::min(before, row.size)));
  }
}

template <class P>
static auto list_in(P& payload) -> decltype(&std::get<schemas::Referral>(payload).attachments) {
  if (auto* r = std::get_if<schemas::Referral>(&payload)) return &r->attachments;
  if (auto* m = std::get_if<schemas::SecureMessage>(&payload)) return &m->attachments;
  return nullptr;
}
std::vector<schemas::Attachment>* attachments_of(schemas::Payload& payload) { return list_in(payload); }
const std::vector<schemas::Attachment>* attachments_of(const schemas::Payload& payload) { return list_in(payload); }

bool by_parts(const schemas::Attachment& a) { return a.data.empty() && !base::all_zero(a.blob); }

bool names(const schemas::Body& body, const base::Id& blob) {
  const auto* list = attachments_of(body.payload);
  return list != nullptr && std::ranges::any_of(*list, [&](const schemas::Attachment& a) { return by_parts(a) && a.blob == blob; });
}

void put_source(keep::Tx& tx, const base::Id& msg_id, base::View source) { put_all(tx, tx.key("source", msg_id), source); }
base::Bytes source(keep::Tx& tx, const base::Id& msg_id) { return get_all(tx, tx.key("source", msg_id), 0); }

void drop_source(keep::Tx& tx, const base::Id& msg_id) {
  const base::Hash k = tx.key("source", msg_id);
  std::uint32_t n = 0;
  tx.scan_prefix(Table::kBlobPart, k, [&](base::View, base::View) {
    ++n;
    return true;
  });
  for (std::uint32_t i = 0; i < n; ++i) tx.erase(Table::kBlobPart, part_key(k, i));
}

bool is_part(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kBlobPart); }

}  // namespace adapters::agent::blob
