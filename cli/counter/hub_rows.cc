// See hub_rows.h.
#include "cli/counter/hub_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/merkle.h"
#include "schemas/registry.h"

namespace cli::counter {
namespace {

using schemas::Json;
namespace wire = hub::client::wire;
using What = wire::LogGet::What;

std::string field(const Json& j, const char* key) { return j.value(key, std::string()); }

base::Error usage(const char* where, const char* what) { return {base::Kind::kUsage, what, where}; }

base::Result<base::Id> agent_of(const std::string& slug, const crypto::Directory& directory, const char* where) {
  const auto* member = directory.by_slug(slug);
  if (member == nullptr) return usage(where, "no such agency in the directory");
  return member->cert.agent;
}

std::string slug_of(const base::Id& agent, const crypto::Directory& directory) {
  const auto* member = directory.member(agent);
  return member == nullptr ? base::hex(agent) : member->cert.name;
}

base::Status codes_and_times(const Json& question, wire::Search& q) {
  for (const auto& [key, table, out] :
       {std::tuple{"kind", schemas::msg_kinds(), &q.kind}, std::tuple{"purpose", schemas::purposes(), &q.purpose}}) {
    if (!question.contains(key)) continue;
    const auto code = schemas::code_of(table, field(question, key));
    if (!code) return usage(key, "no such name in the registry");
    *out = *code;
  }
  for (const auto& [key, out] : {std::pair{"since", &q.since}, std::pair{"until", &q.until}}) {
    if (!question.contains(key)) continue;
    const auto t = base::parse_rfc3339(field(question, key));
    if (!t) return usage(key, "expected a time such as 2026-10-05T14:00:00Z");
    *out = t->ms;
  }
  return {};
}

}  // namespace

base::Result<wire::Search> search_of(const Json& question, const crypto::Directory& directory) {
  wire::Search q;
  if (question.contains("thread")) {
    const auto id = base::parse_uuid(field(question, "thread"));
    if (!id) return usage("thread", "expected a thread's id");
    std::copy(id->begin(), id->end(), q.thread.begin());
  }
  if (question.contains("agency")) {
    TRY_ASSIGN(q.agency_from, agent_of(field(question, "agency"), directory, "--agency"));
  }
  if (question.contains("to")) {
    TRY_ASSIGN(q.agency_to, agent_of(field(question, "to"), directory, "--to"));
  }
  TRY(codes_and_times(question, q));
  q.before_index = question.value("after", std::uint64_t{0});
  if (question.contains("limit"))
    q.limit = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(question.value("limit", std::uint64_t{50}), 1, 500));
  return q;
}

std::string Prover::prove(const wire::Row& row, const crypto::Checkpoint& head) {
  if (auto it = known_.find(row.index); it != known_.end()) return it->second;
  return known_[row.index] = prove_entry(row.index, row.group_leaf, row.hub_time, head);
}

std::string Prover::prove_entry(std::uint64_t index, const crypto::Hash& group_leaf, std::uint64_t hub_time,
                                const crypto::Checkpoint& head) {
  if (index >= head.size) return "its entry is not in the signed tree";
  const auto entries = client_.log_get({What::kEntries, index, index + 1, 0});
  const auto path = client_.log_get({What::kInclusion, index, head.size, 0});
  if (!entries.ok() || !path.ok()) return "the hub gave no proof";
  const auto e = crypto::parse_ent1(entries->data);
  if (!e.ok()) return "its entry is not well-formed";
  if (static_cast<schemas::EntryType>(e->type) != schemas::EntryType::kAccept || e->subject != group_leaf || e->hub_time.ms != hub_time)
    return "its entry is of something else";
  if (!crypto::verify_inclusion(index, head.size, crypto::merkle_leaf(entries->data), path->path, head.root))
    return "its entry is not in the signed tree";
  return "ok";
}

Json row_json(const wire::Row& row, const crypto::Directory& directory, const std::string& proof) {
  Json to = Json::array();
  for (const auto& r : row.recipients) to.push_back(slug_of(r, directory));
  Json out{{"index", row.index},
           {"time", base::rfc3339({row.hub_time})},
           {"kind", schemas::name_of(schemas::msg_kinds(), row.kind)},
           {"from", slug_of(row.sender, directory)},
           {"to", std::move(to)},
           {"purpose", schemas::name_of(schemas::purposes(), row.purpose)},
           {"policy", row.policy_version},
           {"size", row.size},
           {"message", base::uuid(row.msg_id)},
           {"thread", base::uuid(row.thread_id)},
           {"digest", base::hex(row.message_leaf)},
           {"proof", proof}};
  if (row.delivered_index != 0) out["delivered_at"] = base::rfc3339({row.delivered_time});
  if (row.end_type != 0) out["end"] = schemas::name_of(schemas::entry_types(), row.end_type);
  return out;
}

}  // namespace cli::counter
