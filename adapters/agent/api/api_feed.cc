// feed.mode, feed.report, feed.try: what adapters would send, and when they begin to.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/feeds.h"
#include "adapters/agent/rehearse/watch.h"

namespace adapters::agent::api {
namespace {

Json texts(const std::vector<std::string>& list) { return list; }

Json mode_json(const std::string& adapter, const keep::ModeRow& row) {
  Json out = {{"adapter", adapter}, {"mode", keep::name(row.mode)}, {"kinds", texts(row.kinds)}, {"since", time_json(row.since)}, {"changes", Json::array()}};
  for (const keep::ModeChange& c : row.changes) {
    out["changes"].push_back({{"at", base::rfc3339(c.at)}, {"by", c.by}, {"mode", keep::name(c.mode)}, {"kinds", texts(c.kinds)}});
  }
  return out;
}

Json report_json(Agent& agent, const std::string& adapter, const Page& page) {
  const keep::ModeRow row = agent.modes().get(adapter);
  Json out = mode_json(adapter, row);
  out["counts"] = Json::array();
  for (const keep::Tally& t : row.tallies) {
    out["counts"].push_back({{"kind", t.kind}, {"verdict", t.verdict}, {"reason", t.reason}, {"to", t.to}, {"count", t.count},
                             {"first", base::rfc3339(t.first)}, {"last", base::rfc3339(t.last)}});
  }
  out["messages"] = Json::array();
  for (const keep::RehearsedRow& r : agent.modes().rows(adapter, page.after, page.limit)) out["messages"].push_back(rehearsed_json(r));
  return out;
}

std::vector<std::string> kinds_in(const Json& in) {
  std::vector<std::string> out;
  const auto it = in.find("kinds");
  if (it == in.end() || !it->is_array()) return out;
  for (const Json& k : *it) out.push_back(k.get<std::string>());  // another type is answered as malformed
  return out;
}

}  // namespace

Json rehearsed_json(const keep::RehearsedRow& row) {
  Json out = {{"no", row.no}, {"at", base::rfc3339(row.at)}, {"format", row.format}, {"kind", row.kind}, {"verdict", row.verdict},
              {"test", row.test}, {"unmapped", texts(row.unmapped)}, {"readers", Json::array()}};
  for (const keep::ReaderAnswer& a : row.readers) {
    out["readers"].push_back({{"to", a.to}, {"allowed", a.allowed}, {"view", a.view}, {"code", a.code}, {"words", a.words},
                              {"rules", texts(a.rules)}, {"withheld", texts(a.withheld)}});
  }
  if (!row.what.empty()) out["error"] = {{"where", row.where}, {"what", row.what}, {"mend", row.mend}};
  return out;
}

base::Status must_exist(Agent& agent, const std::string& adapter) {
  std::string known;
  for (const AdapterSettings& a : agent.settings().adapters) {
    if (a.name == adapter) return {};
    known += (known.empty() ? "there are: " : ", ") + a.name;
  }
  return base::Error{base::Kind::kNotFound, "there is no adapter of that name", "adapter", known.empty() ? "agent.toml names none" : known};
}

base::Status op_feed_mode(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string adapter, text_of(call.in, "adapter"));
  TRY(must_exist(call.agent, adapter));
  TRY_ASSIGN(const std::string name, text_of(call.in, "mode"));
  const auto mode = keep::feed_mode(name);
  if (!mode) return base::Error{base::Kind::kUsage, "a feed is live, dry-run or shadow", "mode"};
  TRY(call.agent.modes().set(adapter, *mode, kinds_in(call.in), call.actor.login));
  call.agent.supervisor().wake();
  out.update(mode_json(adapter, call.agent.modes().get(adapter)));
  return {};
}

base::Status op_feed_report(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  const std::string only = text_or(call.in, "adapter");
  if (!only.empty()) TRY(must_exist(call.agent, only));
  out["adapters"] = Json::array();
  for (const AdapterSettings& a : call.agent.settings().adapters) {
    if (only.empty() || a.name == only) out["adapters"].push_back(report_json(call.agent, a.name, page));
  }
  return {};
}

// Bytes, as the adapter would read them if they came in now. Whatever its mode: nothing of it is sent or kept.
base::Status op_feed_try(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string adapter, text_of(call.in, "adapter"));
  TRY(must_exist(call.agent, adapter));
  TRY_ASSIGN(const std::string text, text_of(call.in, "bytes"));
  auto bytes = base::unbase64(text);
  if (!bytes) return base::Error{base::Kind::kUsage, "is base64", "bytes"};
  const auto watch = std::make_shared<rehearse::Watch>(rehearse::Watch::Kind::kRehearse);
  const auto shared = std::make_shared<const base::Bytes>(std::move(*bytes));
  TRY_ASSIGN(const base::Status read, call.agent.supervisor().ask(adapter, [watch, shared, format = text_or(call.in, "format")](Adapter& a) {
    const rehearse::Watch::Scope scope(*watch);
    return a.take_again(format, *shared);
  }));
  if (!read.ok() && !watch->refused && !watch->passing) watch->rows.push_back(rehearse::unread(text_or(call.in, "format"), read.error(), call.agent.office().clock()));
  out["adapter"] = adapter;
  out["messages"] = Json::array();
  bool all = !watch->rows.empty();
  for (const keep::RehearsedRow& r : watch->rows) {
    out["messages"].push_back(rehearsed_json(r));
    all = all && (r.verdict == "would_send" || r.verdict == "repeat");
  }
  out["good"] = all;
  return {};
}

}  // namespace adapters::agent::api
