// quarantine.list, quarantine.show, backup: what operators take care of.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/files.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

Json row_json(const keep::QuarantineRow& q) {
  return {{"id", q.id}, {"adapter", q.adapter}, {"format", q.format}, {"at", base::rfc3339(q.at)},
          {"why", q.what}, {"where", q.where}, {"mend", q.mend}, {"size", q.bytes.size()}};
}

}  // namespace

base::Status op_quarantine_list(const Call& call, Json& out) {
  const std::uint64_t limit = std::min<std::uint64_t>(number_or(call.in, "limit", 100), 1000);
  out["items"] = Json::array();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kQuarantine, {}, [&](base::View, base::View v) {
      if (const auto q = keep::unpack<keep::QuarantineRow>(v)) out["items"].push_back(row_json(*q));
      return out["items"].size() < limit;
    });
    return base::Status{};
  });
}

base::Status op_quarantine_show(const Call& call, Json& out) {
  const std::uint64_t id = number_or(call.in, "id", 0);
  return call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    const auto q = keep::find<keep::QuarantineRow>(tx, Table::kQuarantine, keep::key_of(id));
    if (!q) return base::Error{base::Kind::kNotFound, "there is no such item in quarantine", "id", "see: quarantine.list"};
    out.update(row_json(*q));
    out["bytes"] = base::base64(q->bytes);
    return {};
  });
}

// A hot, consistent copy: the store as it is, and the sealed key files. The passphrase is not in it.
base::Status op_backup(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string dir, text_of(call.in, "dir"));
  if (dir.empty() || dir[0] != '/') return base::Error{base::Kind::kUsage, "name an absolute folder", "dir"};
  TRY(make_folder(dir));
  TRY(make_folder(dir + "/store"));
  const std::string& from = call.agent.settings().dir;
  for (const char* name : {"keys.sealed", "epochs.sealed", "cert.note", "anchor.note", "agent.toml"}) {
    auto bytes = read_file(from + "/" + name);
    if (!bytes.ok() && bytes.error().kind == base::Kind::kNotFound) continue;
    if (!bytes.ok()) return bytes.error();
    TRY(write_atomic(dir + "/" + name, *bytes));
  }
  TRY(call.agent.office().store.copy_to(dir + "/store"));
  out["dir"] = dir;
  return {};
}

}  // namespace adapters::agent::api
