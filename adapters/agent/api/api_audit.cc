// audit.trail, audit.search, audit.verify: what the log says, checked against this agency's own copy of it.
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "adapters/agent/api/directory_json.h"
#include "adapters/agent/api/ops.h"
#include "crypto/log_keys.h"

namespace adapters::agent::api {
namespace {

namespace wire = schemas::wire;
using schemas::EntryType;

// Every row that the hub hands out rests on an entry that this agent has scanned itself, or says why not.
std::string proof_of(const keep::Replica& replica, const wire::Row& r) {
  const auto bytes = replica.entry(r.index);
  if (!bytes) return "no such entry";
  const auto e = crypto::parse_ent1(*bytes);
  if (!e || e->type != static_cast<std::uint8_t>(EntryType::kAccept) || e->subject != r.group_leaf) return "the entry is another's";
  if (e->hub_time.ms != r.hub_time) return "the time is another";
  if (r.delivered_index == 0) return "ok";
  const auto receipt = replica.entry(r.delivered_index);
  const auto d = receipt ? crypto::parse_ent1(*receipt) : crypto::parse_ent1({});
  if (!d || d->type != static_cast<std::uint8_t>(EntryType::kReceipt) || d->hub_time.ms != r.delivered_time) return "the receipt's entry is another's";
  return "ok";
}

Json row_json(const keep::Replica& replica, const crypto::Directory& directory, const wire::Row& r) {
  Json to = Json::array();
  for (const base::Id& id : r.recipients) to.push_back(slug_of(directory, id));
  return {{"index", r.index}, {"time", base::rfc3339({r.hub_time})}, {"kind", kind_name(r.kind)}, {"from", slug_of(directory, r.sender)}, {"to", std::move(to)},
          {"purpose", schemas::name_of(schemas::purposes(), r.purpose)}, {"policy", r.policy_version}, {"size", r.size}, {"message", base::uuid(r.msg_id)},
          {"thread", base::uuid(r.thread_id)}, {"digest", base::hex(r.message_leaf)},
          {"delivered_at", r.delivered_time == 0 ? Json() : Json(base::rfc3339({r.delivered_time}))}, {"test", (r.flags & crypto::Hdr1::kTest) != 0},
          {"end", r.end_type == 0 ? Json() : Json(schemas::name_of(schemas::entry_types(), r.end_type))}, {"proof", proof_of(replica, r)}};
}

base::Status search(const Call& call, const wire::Search& q, bool to_end, Json& out) {
  Agent& agent = call.agent;
  out["rows"] = Json::array();
  wire::Search next = q;
  std::vector<wire::Row> rows;
  for (bool more = true; more;) {
    TRY_ASSIGN(wire::Found found, agent.hub().search(next));
    out["access_index"] = found.access_index;
    out["indexed_upto"] = found.indexed_upto;
    out["size"] = found.size;
    out["next"] = found.next_before == 0 ? Json() : Json(found.next_before);
    rows.insert(rows.end(), found.rows.begin(), found.rows.end());
    next.before_index = found.next_before;
    more = to_end && found.next_before != 0;
  }
  TRY(agent.office().replica.sync(agent.hub()));  // so that every row's entry has been scanned
  const crypto::Directory directory = agent.office().replica.directory();
  if (to_end) {
    std::reverse(rows.begin(), rows.end());  // a trail reads from the beginning
    out.erase("next");
  }
  for (const wire::Row& r : rows) out["rows"].push_back(row_json(agent.office().replica, directory, r));
  return {};
}

base::Hash thread_filter(const base::Id& id) {
  base::Hash h{};
  std::copy(id.begin(), id.end(), h.begin());
  return h;
}

base::Result<base::Id> agent_named(const crypto::Directory& directory, const std::string& slug, const char* key) {
  const crypto::Member* m = directory.by_slug(slug);
  if (m == nullptr) return base::Error{base::Kind::kNotFound, "no agency of that name is in the directory", key};
  return m->cert.agent;
}

base::Result<std::uint64_t> time_or_zero(const Json& in, const char* key) {
  const std::string text = text_or(in, key);
  if (text.empty()) return std::uint64_t{0};
  const auto t = base::parse_rfc3339(text);
  if (!t) return base::Error{base::Kind::kUsage, "is a time as in RFC 3339", key, "2026-10-05T14:00:00Z"};
  return t->ms;
}

}  // namespace

base::Status op_audit_trail(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
  wire::Search q;
  q.thread = thread_filter(thread);
  q.limit = 500;
  return search(call, q, true, out);
}

base::Status op_audit_search(const Call& call, Json& out) {
  const crypto::Directory directory = call.agent.office().replica.directory();
  wire::Search q;
  if (call.in.contains("thread")) {
    TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
    q.thread = thread_filter(thread);
  }
  if (const std::string slug = text_or(call.in, "agency"); !slug.empty()) {
    TRY_ASSIGN(q.agency_from, agent_named(directory, slug, "agency"));
  }
  if (const std::string slug = text_or(call.in, "to"); !slug.empty()) {
    TRY_ASSIGN(q.agency_to, agent_named(directory, slug, "to"));
  }
  if (const std::string kind = text_or(call.in, "kind"); !kind.empty()) {
    const auto code = schemas::code_of(schemas::msg_kinds(), kind);
    if (!code) return base::Error{base::Kind::kUsage, "there is no such kind", "kind"};
    q.kind = *code;
  }
  if (call.in.contains("purpose")) {
    TRY_ASSIGN(const schemas::Purpose purpose, purpose_or(call.in, schemas::Purpose::kCrisis));
    q.purpose = static_cast<std::uint16_t>(purpose);
  }
  TRY_ASSIGN(q.since, time_or_zero(call.in, "since"));
  TRY_ASSIGN(q.until, time_or_zero(call.in, "until"));
  q.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(number_or(call.in, "limit", 50), 500));
  q.before_index = number_or(call.in, "after", 0);
  return search(call, q, false, out);
}

namespace {

// Reads the whole log from the hub again and recomputes it. Names the first bad entry.
class Recount {
 public:
  Recount(const Call& call, const crypto::Checkpoint& target) : call_(call), target_(target) {}

  base::Status run(Json& out) {
    const std::uint64_t progress = std::max<std::uint64_t>(target_.size / 20, 4096);
    for (std::uint64_t at = 0, told = 0; at < target_.size && why_.empty();) {
      wire::LogGet q;
      q.what = wire::LogGet::What::kEntries;
      q.from = at;
      q.to = std::min(target_.size, at + 256);
      TRY_ASSIGN(const wire::LogGot got, call_.agent.hub().log_get(q));
      if (got.data.empty() || got.data.size() % 112 != 0 || got.data.size() / 112 > q.to - q.from) {
        found(at, "the hub does not hand out this entry");
        break;
      }
      TRY(check(at, got.data));
      at += got.data.size() / 112;
      if (at - told >= progress) {
        told = at;
        call_.reply(schemas::dump({{"progress", {{"done", at}, {"total", target_.size}}}}));
      }
    }
    if (why_.empty() && frontier_.root() != target_.root) found(target_.size - 1, "the entries do not give the signed root");
    out["entries"] = frontier_.size();
    out["root"] = base::hex(target_.root);
    if (!why_.empty()) out["first_bad"] = {{"index", bad_}, {"why", why_}};
    return {};
  }

 private:
  void found(std::uint64_t index, std::string why) {
    bad_ = index;
    why_ = std::move(why);
  }
  // One run of entries: against the own copy, the hub's leaf hashes, and the rules of the scan.
  base::Status check(std::uint64_t from, base::View data) {
    const keep::Replica& own = call_.agent.office().replica;
    const std::uint64_t n = data.size() / 112;
    wire::LogGet q;
    q.what = wire::LogGet::What::kTile;
    q.from = from / 256;
    q.to = n;
    const auto tile = from % 256 == 0 ? call_.agent.hub().log_get(q) : base::Result<wire::LogGot>(wire::LogGot{});
    for (std::uint64_t i = 0; i < n && why_.empty(); ++i) {
      const base::View entry = data.subspan(i * 112, 112);
      const base::Hash leaf = crypto::merkle_leaf(entry);
      const auto mine = own.entry(from + i);
      const bool hashed = tile.ok() && tile->data.size() == 32 * n;
      if (mine && !base::equal(*mine, entry)) {
        found(from + i, "it differs from the copy that this agency scanned");
      } else if (hashed && !base::equal(base::View(tile->data).subspan(32 * i, 32), leaf)) {
        found(from + i, "it does not give the leaf hash that the hub holds");
      } else if (auto ok = rules(entry); !ok.ok()) {
        found(from + i, ok.error().what);
      }
      frontier_.append(leaf);
    }
    return {};
  }
  base::Status rules(base::View entry) {
    TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(entry));
    const bool accept = e.type == static_cast<std::uint8_t>(EntryType::kAccept);
    const bool seen = accept && e.container != scan_.container && !batches_.insert(e.container).second;
    return keep::scan_entry(scan_, e, seen);
  }

  const Call& call_;
  const crypto::Checkpoint& target_;
  crypto::Frontier frontier_;
  keep::Scan scan_;
  std::unordered_set<base::Hash, base::HashHash> batches_;
  std::uint64_t bad_ = 0;
  std::string why_;
};

}  // namespace

namespace {

// The first entry at or after a time, by halving this agency's own copy.
std::uint64_t own_entry_at(const keep::Replica& own, base::Instant t) {
  std::uint64_t low = 0, high = own.size();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto bytes = own.entry(middle);
    if (bytes && base::Instant{base::load_le<std::uint64_t>(bytes->data() + 8)} < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// From `since` on: the own copy is brought up to the hub's checkpoint by the rules of the scan, has the root that was verified before and the signed
// one, and the hub hands out the same bytes.
base::Status verify_since(const Call& call, const crypto::Checkpoint& target, std::uint64_t since, Json& out) {
  keep::Replica& own = call.agent.office().replica;
  const auto bad = [&](std::uint64_t index, const std::string& why) {
    out["first_bad"] = {{"index", index}, {"why", why}};
    out["holds"] = false;
    return base::Status();
  };
  out["since"] = since;
  out["entries"] = target.size;
  out["root"] = base::hex(target.root);
  if (since > target.size) return bad(target.size, "the log has become shorter: it had " + std::to_string(since) + " entries when it was verified last");
  const auto synced = own.sync(call.agent.hub(), out["checkpoint"].get<std::string>());
  if (!synced.ok() && synced.error().kind == base::Kind::kBusy) return synced;
  if (!synced.ok()) return bad(own.size(), synced.error().what);
  if (const auto root = base::unhex_hash(text_or(call.in, "since_root")); root && since > 0) {
    TRY_ASSIGN(const base::Hash mine, own.root_at(since));
    if (mine != *root) return bad(since - 1, "one of the entries up to this one is not the one that was verified before");
  }
  for (std::uint64_t at = since; at < target.size;) {
    wire::LogGet q;
    q.what = wire::LogGet::What::kEntries;
    q.from = at;
    q.to = std::min(target.size, at + 4096);
    TRY_ASSIGN(const wire::LogGot got, call.agent.hub().log_get(q));
    const std::uint64_t n = got.data.size() / 112;
    if (n == 0 || got.data.size() % 112 != 0 || n > q.to - at) return bad(at, "the hub does not hand out this entry");
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto mine = own.entry(at + i);
      if (!mine || !base::equal(*mine, base::View(got.data).subspan(i * 112, 112))) return bad(at + i, "it differs from the copy that this agency scanned");
    }
    at += n;
    if (at < target.size) call.reply(schemas::dump({{"progress", {{"done", at}, {"total", target.size}}}}));
  }
  TRY_ASSIGN(const base::Hash mine, own.root_at(target.size));
  if (mine != target.root) return bad(target.size - 1, "the signed root is not the one that this agency holds");
  out["holds"] = !own.stopped();
  return {};
}

}  // namespace

base::Status op_audit_verify(const Call& call, Json& out) {
  keep::Replica& own = call.agent.office().replica;
  wire::LogGet q;
  q.what = wire::LogGet::What::kCheckpoint;
  TRY_ASSIGN(const wire::LogGot newest, call.agent.hub().log_get(q));
  out["checkpoint"] = newest.checkpoint;
  out["entries"] = 0;
  out["witnessed"] = witnessed_json(call.agent.office());
  auto target = crypto::open_checkpoint(newest.checkpoint, own.directory());
  if (!target.ok() && own.sync(call.agent.hub()).ok()) target = crypto::open_checkpoint(newest.checkpoint, own.directory());  // an anchor has named another key since
  if (!target.ok()) {
    out["holds"] = false;
    out["first_bad"] = {{"index", 0}, {"why", "the checkpoint is not signed by the log"}};
    return {};
  }
  if (target->size < own.size()) {
    out["holds"] = false;
    out["first_bad"] = {{"index", target->size}, {"why", "the log has become shorter than this agency has seen it"}};
    return {};
  }
  std::uint64_t since = number_or(call.in, "since", 0);
  if (call.in.contains("since_time")) {
    TRY_ASSIGN(const std::uint64_t ms, time_or_zero(call.in, "since_time"));
    since = own_entry_at(own, {ms});
  }
  if (since > 0) return verify_since(call, *target, since, out);
  Recount recount(call, *target);
  TRY(recount.run(out));
  if (!out.contains("first_bad") && own.size() > 0) {
    const auto mine = own.root();
    const auto size = own.size();
    if (size == target->size && mine != target->root) out["first_bad"] = {{"index", size - 1}, {"why", "the signed root is not the one that this agency holds"}};
  }
  out["holds"] = !out.contains("first_bad") && !own.stopped();
  return {};
}

}  // namespace adapters::agent::api
