#include "adapters/facade/outcome.h"

#include <nlohmann/json.hpp>

namespace adapters::facade {

Json operation_outcome(const std::vector<Issue>& issues) {
  Json list = Json::array();
  for (const Issue& i : issues) {
    Json one{{"severity", i.severity}, {"code", i.code}};
    if (!i.words.empty()) one["diagnostics"] = i.words;
    if (!i.where.empty()) one["expression"] = {i.where};
    list.push_back(std::move(one));
  }
  return {{"resourceType", "OperationOutcome"}, {"issue", std::move(list)}};
}

HttpResponse resource(int status, const Json& j) {
  return {.status = status, .type = "application/fhir+json; charset=utf-8", .body = schemas::dump(j), .headers = {{"Cache-Control", "no-store"}}};
}

HttpResponse failed(int status, std::string code, std::string words, std::string where) {
  return resource(status, operation_outcome({{"error", std::move(code), std::move(words), std::move(where)}}));
}

HttpResponse failed(const base::Error& e) {
  using base::Kind;
  struct Row {
    Kind kind;
    int status;
    const char* code;
  };
  constexpr Row kRows[] = {{Kind::kMalformed, 422, "structure"}, {Kind::kUsage, 422, "business-rule"}, {Kind::kUnsupported, 422, "not-supported"}, {Kind::kTooLarge, 413, "too-long"},
                           {Kind::kDenied, 403, "forbidden"},    {Kind::kNotFound, 404, "not-found"},  {Kind::kConflict, 409, "conflict"},         {Kind::kStale, 409, "conflict"},
                           {Kind::kBusy, 503, "transient"}};
  int status = 500;
  const char* code = "exception";
  for (const Row& r : kRows) {
    if (r.kind == e.kind) status = r.status, code = r.code;
  }
  // A move that the life of a referral does not have is a conflict with where it stands, not a matter of permission.
  if (e.kind == Kind::kDenied && (e.where == "status" || e.where == "esc_level")) status = 409, code = "business-rule";
  const bool rule = e.kind == Kind::kDenied && status == 403;
  HttpResponse out = failed(status, code, (rule && !e.where.empty() ? "rule " + e.where + ": " : "") + e.what + (e.mend.empty() ? "" : "; " + e.mend), rule ? "" : e.where);
  if (status == 503) out.headers.emplace_back("Retry-After", "5");
  return out;
}

}  // namespace adapters::facade
