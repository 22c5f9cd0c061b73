#include "adapters/ems/answer.h"

#include <nlohmann/json.hpp>

#include "schemas/json.h"

namespace adapters::ems {
namespace {

using base::Kind;
using schemas::Json;

Json reports(const std::vector<Taken>& taken) {
  Json out = Json::array();
  for (const Taken& t : taken) out.push_back({{"pcr", t.id}, {"verdict", t.verdict}, {"thread", t.thread.empty() ? Json() : Json(t.thread)}});
  return out;
}

transport::HttpResponse with(int status, const Json& body) { return {.status = status, .type = "application/json", .body = schemas::dump(body)}; }

int status_of(Kind kind) {
  switch (kind) {
    case Kind::kDenied: return 403;
    case Kind::kConflict: return 409;
    case Kind::kTooLarge: return 413;
    case Kind::kBusy: return 503;
    case Kind::kMalformed:
    case Kind::kUnsupported:
    case Kind::kNotFound:
    case Kind::kUsage: return 422;
    default: return 500;
  }
}

// "FILE:12: ELEMENT" -> 12 and "ELEMENT".
Json error_json(const base::Error& e) {
  Json out = {{"line", nullptr}, {"where", e.where}, {"what", e.what}, {"mend", e.mend}};
  const auto colon = e.where.find(':');
  const auto end = colon == std::string::npos ? colon : e.where.find_first_not_of("0123456789", colon + 1);
  if (colon == std::string::npos || end == colon + 1) return out;
  out["line"] = std::stoul(e.where.substr(colon + 1, 9));
  const auto rest = end == std::string::npos ? end : e.where.find_first_not_of(": ", end);
  out["where"] = rest == std::string::npos ? "" : e.where.substr(rest);
  return out;
}

}  // namespace

transport::HttpResponse answer(const std::vector<Taken>& taken) {
  bool fresh = false;
  for (const Taken& t : taken) fresh = fresh || t.verdict == "sent";
  return with(fresh ? 202 : 200, {{"reports", reports(taken)}});
}

transport::HttpResponse answer(const base::Error& e, const std::vector<Taken>& taken) {
  auto out = with(status_of(e.kind), {{"errors", Json::array({error_json(e)})}, {"reports", reports(taken)}});
  if (out.status == 503) out.headers.emplace_back("Retry-After", "30");
  return out;
}

transport::HttpResponse answer(const std::vector<formats::xml::Finding>& findings) {
  Json errors = Json::array();
  for (const auto& f : findings) {
    const auto colon = f.what.find(": ");
    errors.push_back({{"line", f.line},
                      {"where", colon == std::string::npos ? "" : f.what.substr(0, colon)},
                      {"what", colon == std::string::npos ? f.what : f.what.substr(colon + 2)},
                      {"mend", "correct the export"}});
  }
  return with(422, {{"errors", std::move(errors)}, {"reports", Json::array()}});
}

}  // namespace adapters::ems
