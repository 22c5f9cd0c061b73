// HUB, REJECT and ACCESS: entries whose subject is the hash of a record kept beside the log. Every such record begins with 32 random
// bytes, so that nobody can guess it from its hash (protocol 6).
#include "hub/state/internal/machine.h"

namespace hub::state {
namespace {

constexpr std::size_t kSalt = 32, kMaxRecord = 64u << 10;

bool fits(base::View record) { return record.size() > kSalt && record.size() <= kMaxRecord; }

base::Status no(Outcome& out) {
  refuse(out, schemas::NackCode::kMalformed, "a record begins with 32 random bytes and has at most 64 KiB");
  return {};
}

}  // namespace

base::Status apply_record(Work& w, const Item& item, Outcome& out) {
  if (item.lost) {
    const bool hub = item.type == schemas::EntryType::kHub;
    if (hub && item.lost->container != w.m.hub_subject) return no(out);
    if (hub) w.m.hub_subject = item.lost->subject;
    out.accepted = true;
    return w.entry(item.type, item.lost->subject, item.lost->container);
  }
  if (!fits(item.bytes)) return no(out);
  const base::Hash subject = crypto::sha256(item.bytes);
  const bool hub = item.type == schemas::EntryType::kHub;
  TRY(w.keep(item.bytes));
  TRY(w.entry(item.type, subject, hub ? w.m.hub_subject : base::Hash{}));
  if (hub) w.m.hub_subject = subject;
  out.accepted = true;
  return {};
}

base::Status apply_access(Work& w, const Item& item, Outcome& out) {
  if (item.lost) {
    out.accepted = true;
    return w.entry(item.type, item.lost->subject, item.lost->container);
  }
  const base::View bytes = item.bytes;
  if (bytes.size() < 4) return no(out);
  const auto len = base::load_le<std::uint32_t>(bytes.data());
  if (len > bytes.size() - 4) return no(out);
  const base::View query = bytes.subspan(4, len), requester = bytes.subspan(4 + len);
  if (!fits(query) || !fits(requester)) return no(out);
  TRY(w.keep(query));
  TRY(w.keep(requester));
  out.accepted = true;
  return w.entry(schemas::EntryType::kAccess, crypto::sha256(query), crypto::sha256(requester));
}

}  // namespace hub::state
