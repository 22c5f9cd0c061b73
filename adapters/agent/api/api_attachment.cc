// attachment.save: the bytes of a file that came with a message, once they are all here and the virus scan lets them pass.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/attachments.h"
#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

constexpr std::size_t kPiece = 8u << 20;  // of an answer

std::string of(std::uint32_t n, std::uint32_t all) { return std::to_string(n) + " of " + std::to_string(all) + " parts"; }

std::string state_of(const keep::BlobRow& row, const mail::Desk& desk) {
  const bool ours = row.sender == desk.self, unscanned = desk.scans && row.scan == keep::BlobScan::kNotYet;
  if (row.scan == keep::BlobScan::kInfected) return "refused by the virus scan";
  if (row.state == keep::BlobState::kRefused) return "refused: " + row.why;
  if (row.state == keep::BlobState::kGone) return "gone: " + row.why;
  if (row.state == keep::BlobState::kArriving) return "arriving: " + of(row.have, row.of);
  if (unscanned) return "waits for the virus scan";
  if (!ours) return "here";
  if (!row.queued) return "not sent: the reader's view has no attachments";
  return row.sent < row.of ? "sending: " + of(row.sent, row.of) : "sent";
}

}  // namespace

Json attachments_json(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, const schemas::Body& body) {
  const auto* list = blob::attachments_of(body.payload);
  if (list == nullptr || list->empty()) return {};
  Json out = Json::array();
  for (std::size_t i = 0; i < list->size(); ++i) {
    const schemas::Attachment& a = (*list)[i];
    const auto row = blob::by_parts(a) ? blob::find(tx, m.sender, a.blob) : std::nullopt;
    const std::string state = row ? state_of(*row, desk) : a.data.empty() ? "not here" : "here";
    out.push_back({{"number", i + 1}, {"title", a.title}, {"media_type", a.media_type}, {"size", a.data.empty() ? a.size : a.data.size()}, {"state", state}});
  }
  return out;
}

base::Status op_attachment_save(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  TRY_ASSIGN(const std::uint64_t number, number_of(call.in, "number", 1, 10'000));
  TRY_ASSIGN(const std::uint64_t from, number_of(call.in, "from", 0, ~0ULL));
  std::optional<schemas::Body> body;
  base::Id thread{};
  TRY(call.agent.office().store.read([&](keep::Tx& tx) {
    for (const keep::Message& m : mail::messages_by_id(tx, id)) {
      auto read = schemas::decode_body(m.body);
      if (body || !read.ok() || blob::attachments_of(read->payload) == nullptr) continue;
      body = std::move(*read);
      thread = m.thread_id;
    }
    return base::Status{};
  }));
  const auto* list = body ? blob::attachments_of(body->payload) : nullptr;
  if (list == nullptr || number == 0 || number > list->size()) {
    return base::Error{base::Kind::kNotFound, "there is no such attachment", body ? "number" : "message", "see: handoff inbox show"};
  }
  const schemas::Attachment& a = (*list)[number - 1];
  TRY_ASSIGN(const base::Bytes bytes, call.agent.host().attachment(thread, a));
  if (from > bytes.size()) return base::Error{base::Kind::kUsage, "the file is shorter", "from"};
  const std::size_t n = std::min<std::size_t>(kPiece, bytes.size() - from);
  out = {{"title", a.title}, {"media_type", a.media_type}, {"size", bytes.size()}, {"data", base::base64(base::View(bytes).subspan(from, n))}};
  out["next"] = from + n < bytes.size() ? Json(from + n) : Json();
  return {};
}

}  // namespace adapters::agent::api
