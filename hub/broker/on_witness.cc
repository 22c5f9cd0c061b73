// WITNESS: a witness (or who carries between us and one outside) says how much it has signed and is given an add-checkpoint body, or hands
// in the checkpoint with its line. docs/spec/wire.md section 1. Open to every member: a line counts by its key, not by who brought it.
#include <charconv>

#include "hub/broker/ops.h"
#include "hub/broker/rounds.h"

namespace hub::broker {
namespace {

std::optional<std::uint64_t> size_in(std::string_view body) {  // "size N\n"
  if (!body.starts_with("size ") || !body.ends_with('\n')) return std::nullopt;
  std::uint64_t n = 0;
  const char* const end = body.data() + body.size() - 1;
  const auto [at, error] = std::from_chars(body.data() + 5, end, n);
  return error == std::errc() && at == end ? std::optional(n) : std::nullopt;
}

// Where the anchor names no witnesses, the members' own keys count: nothing is asked of them, but what they saw is kept.
std::vector<crypto::VerifierKey> member_keys(const crypto::Directory& directory, const crypto::Anchor& anchor) {
  std::vector<crypto::VerifierKey> out;
  if (!anchor.witnesses().empty()) return out;
  for (const crypto::Member* m : directory.members()) {
    out.push_back({crypto::witness_name(anchor.consortium, m->cert.agent), crypto::NoteAlg::kCosignature, m->cert.witness});
  }
  return out;
}

}  // namespace

base::Result<base::Bytes> on_witness(const Reading& r, base::View payload) {
  TRY_ASSIGN(const auto q, wire::decode<wire::Witness>(payload));
  const auto directory = r.office.directory();
  const crypto::Anchor& anchor = directory.anchor();
  wire::Witness answer;
  if (const auto size = size_in(q.body)) {
    TRY_ASSIGN(answer.body, r.rounds.request(r.reader, directory, *size, r.office.tick()));
    return wire::encode(answer);
  }
  const auto members = member_keys(directory, anchor);
  auto taken = r.rounds.take(directory, members, q.body);
  if (!taken.ok() && taken.error().kind == base::Kind::kNotFound) return wire::encode(answer);  // late: the next round will have it
  if (!taken.ok()) return taken.error();
  if (taken->enough) {
    if (auto kept = r.office.parts.journal.keep_witnessed(taken->size, taken->by.at, taken->note); !kept.ok()) {
      r.office.fail(kept.error());
      return kept.error();
    }
    r.office.count.witnessed_size = taken->size;
    r.office.count.witnesses = taken->by.by.size();
  }
  return wire::encode(answer);
}

}  // namespace hub::broker
