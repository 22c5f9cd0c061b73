// FETCH: groups and receipts again, for who sent them, holds a slot in them, or audits.
#include "hub/broker/ops.h"

namespace hub::broker {
namespace {

constexpr std::size_t kMaxGroups = 64, kMaxReceipts = 256;
constexpr std::uint64_t kMaxAnswer = schemas::kMaxBatchFrame;

bool may_see_pair(const Reading& r, const wire::Fetch& f) {
  return r.auditor() || r.who.cert.agent == f.sender || r.who.cert.agent == f.recipient;
}

void add_groups(const Reading& r, const std::vector<std::uint64_t>& indexes, std::size_t limit, wire::Fetched& out) {
  std::uint64_t bytes = 0;
  for (const auto index : indexes) {
    auto frame = r.reader.deliver_frame(index);
    if (!frame.ok()) continue;  // its readable part has gone with its retention time
    bytes += frame->size();
    if (out.delivers.size() == limit || (!out.delivers.empty() && bytes > kMaxAnswer)) {
      out.more = true;
      return;
    }
    out.delivers.push_back(std::move(*frame));
  }
}

}  // namespace

base::Result<base::Bytes> on_fetch(const Reading& r, base::View payload) {
  TRY_ASSIGN(const auto f, wire::decode<wire::Fetch>(payload));
  wire::Fetched out;
  switch (f.what) {
    case wire::Fetch::What::kPairFrom: {
      if (!may_see_pair(r, f)) return base::Error{base::Kind::kDenied, "not a party to this pair"};
      const auto limit = std::clamp<std::size_t>(f.limit, 1, kMaxGroups);
      add_groups(r, r.reader.pair_groups(f.sender, f.recipient, f.from, limit + 1), limit, out);
      break;
    }
    case wire::Fetch::What::kIndex:
      if (!r.auditor() && !r.reader.party_to(f.from, r.who.cert.agent))
        return base::Error{base::Kind::kDenied, "not a party to this group"};
      add_groups(r, {f.from}, 1, out);
      break;
    case wire::Fetch::What::kReceipts: {
      if (!may_see_pair(r, f)) return base::Error{base::Kind::kDenied, "not a party to this pair"};
      const auto limit = std::clamp<std::size_t>(f.limit, 1, kMaxReceipts);
      out.receipts = r.reader.receipts(f.sender, f.recipient, f.from, limit + 1);
      out.more = out.receipts.size() > limit;
      if (out.more) out.receipts.resize(limit);
      break;
    }
    case wire::Fetch::What::kOwnLast:
      if (const auto first = r.reader.last_batch(r.who.cert.agent)) add_groups(r, {*first}, 1, out);
      break;
    default: return base::malformed("not a FETCH that this hub knows");
  }
  return wire::encode(out);
}

}  // namespace hub::broker
