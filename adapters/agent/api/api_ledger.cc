// ledger.list, ledger.verify, ledger.printed: who saw or did what, and that nobody changed the record of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/ledger/logged.h"

namespace adapters::agent::api {
namespace {

Json row_json(const ledger::LedgerRow& r) {
  const auto id = [](const base::Id& i) { return base::all_zero(i) ? Json() : Json(base::uuid(i)); };
  return {{"seq", r.seq},   {"at", time_json(r.at)},     {"access", ledger::name(r.access)}, {"person", r.login}, {"role", r.role},  {"device", r.device},
          {"thread", id(r.thread_id)}, {"message", id(r.msg_id)}, {"fields", r.fields},               {"basis", r.basis},  {"words", r.words}};
}

struct Wanted {
  std::optional<base::Id> thread;
  std::string person;
  std::optional<ledger::Access> access;
  base::Instant since, until;
  [[nodiscard]] bool takes(const ledger::LedgerRow& r) const {
    return (!thread || r.thread_id == *thread) && (person.empty() || r.login == person) && (!access || r.access == *access) && r.at >= since &&
           (until.ms == 0 || r.at < until);
  }
};

base::Result<Wanted> wanted(const Json& in) {
  Wanted w;
  if (in.contains("thread")) {
    TRY_ASSIGN(w.thread, id_of(in, "thread"));
  }
  w.person = text_or(in, "person");
  if (in.contains("access")) {
    TRY_ASSIGN(const std::string name, text_of(in, "access"));
    w.access = ledger::access_named(name);
    if (!w.access) return base::Error{base::Kind::kUsage, "there is no such access", "access", "open, list, file, print, export, forward, act, denied, break_glass, review, sign_in ..."};
  }
  TRY_ASSIGN(w.since, time_of(in, "since", {}));
  TRY_ASSIGN(w.until, time_of(in, "until", {}));
  return w;
}

}  // namespace

base::Status op_ledger_list(const Call& call, Json& out) {
  TRY_ASSIGN(const Wanted w, wanted(call.in));
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  out["rows"] = Json::array();
  out["next"] = nullptr;
  // False: the page is full, and there is one more.
  const auto add = [&](const ledger::LedgerRow& r) {
    if (!w.takes(r)) return true;
    if (out["rows"].size() == page.limit) {
      out["next"] = out["rows"].back()["seq"];
      return false;
    }
    out["rows"].push_back(row_json(r));
    return true;
  };
  return call.agent.office().store.read([&](keep::Tx& tx) {
    out["size"] = ledger::head(tx).size;
    if (w.thread) {
      auto seqs = ledger::rows_of(tx, *w.thread);
      std::ranges::reverse(seqs);
      for (const std::uint64_t seq : seqs) {
        const auto r = page.after != 0 && seq >= page.after ? std::nullopt : ledger::row(tx, seq);
        if (r && !add(*r)) break;
      }
      return base::Status{};
    }
    for (std::uint64_t seq = page.after != 0 ? page.after - 1 : ledger::head(tx).size; seq > 0; --seq) {
      const auto r = ledger::row(tx, seq);
      if (r && (!add(*r) || r->at < w.since)) break;
    }
    return base::Status{};
  });
}

base::Status op_ledger_verify(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t size, number_of(call.in, "size", 0, ~0ULL));
  const std::string kept = text_or(call.in, "head");
  const auto expected = base::unhex_hash(kept);
  if (call.in.contains("head") && !expected) return base::Error{base::Kind::kUsage, "is 64 hex digits", "head"};
  return call.agent.office().store.read([&](keep::Tx& tx) {
    const ledger::Head head = ledger::head(tx);
    auto bad = ledger::first_bad(tx);
    const auto logged = ledger::against_log(tx, call.agent.office().replica);
    const bool differs = expected && (size > head.size || ledger::hash_at(tx, size) != *expected);
    if (differs && !bad) bad = std::min(size, head.size + 1);
    out["size"] = head.size;
    out["head"] = base::hex(head.hash);
    out["logged"] = Json::array();
    for (const ledger::LoggedHead& h : ledger::logged(tx)) {
      if (h.index != keep::kNoIndex) out["logged"].push_back({{"size", h.size}, {"head", base::hex(h.hash)}, {"index", h.index}});
    }
    out["holds"] = !bad && !logged;
    if (!bad && logged) out["first_bad"] = {{"seq", logged->seq}, {"why", logged->why}};
    if (bad) out["first_bad"] = {{"seq", *bad}, {"why", differs ? "it is not what the head that was kept elsewhere says" : "it does not follow from the row before it"}};
    return base::Status{};
  });
}

// The application says that it has printed; the row is written where every act's is.
base::Status op_ledger_printed(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "thread"));
  if (!call.agent.host().thread(id)) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
  out["thread"] = base::uuid(id);
  return {};
}

}  // namespace adapters::agent::api
