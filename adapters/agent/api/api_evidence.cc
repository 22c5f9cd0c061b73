// evidence.*: what was kept because it convicts somebody, and going on after people have looked at it.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/keep/pack.h"

namespace adapters::agent::api {
namespace {

struct Kept {
  std::string words;
  base::Bytes bytes;
};
void fields(auto& f, keep::MaybeConst<Kept> auto& r) { f(r.words, r.bytes); }

}  // namespace

base::Status op_evidence_list(const Call& call, Json& out) {
  out["evidence"] = Json::array();
  out["stopped"] = call.agent.office().replica.stopped();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    tx.scan(keep::Table::kEvidence, {}, [&](base::View k, base::View v) {
      const auto kept = keep::unpack<Kept>(v);
      if (kept) out["evidence"].push_back({{"id", keep::number_in(k)}, {"words", kept->words}, {"size", kept->bytes.size()}, {"offline", base::text(kept->bytes).starts_with("{\"format\"")}});
      return true;
    });
    return base::Status{};
  });
}

base::Status op_evidence_show(const Call& call, Json& out) {
  const std::uint64_t id = number_or(call.in, "id", 0);
  std::optional<Kept> kept;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) {
    if (const auto row = tx.get(keep::Table::kEvidence, keep::key_of(id))) kept = keep::unpack<Kept>(*row);
    return base::Status{};
  }));
  if (!kept) return base::Error{base::Kind::kNotFound, "there is no such evidence", "id", "see: handoff evidence list"};
  out["id"] = id, out["words"] = kept->words, out["bytes"] = base::base64(kept->bytes);
  return {};
}

base::Status op_evidence_settle(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string reason, text_of(call.in, "reason"));
  if (reason.empty()) return base::Error{base::Kind::kUsage, "say what was found out", "reason"};
  if (!call.agent.office().replica.stopped()) return base::Error{base::Kind::kConflict, "nothing is stopped", "evidence"};
  TRY(call.agent.office().replica.resume());
  out["resumed"] = true;
  return {};
}

}  // namespace adapters::agent::api
