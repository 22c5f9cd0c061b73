#include "adapters/agent/web/api_http.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/agent.h"
#include "adapters/agent/api/guard.h"
#include "adapters/agent/web/file_type.h"
#include "adapters/agent/notify/wake.h"
#include "adapters/agent/people/auth_answers.h"
#include "schemas/json.h"

namespace adapters::agent::web {
namespace {

using schemas::Json;
using transport::HttpRequest;
using transport::HttpResponse;

constexpr std::string_view kPrefix = "/api/v1/";
constexpr std::size_t kMaxFile = 256u << 20;

HttpResponse json(int status, const Json& body) { return {.status = status, .type = "application/json", .body = schemas::dump(body)}; }

// RFC 5987: whatever the file is called, nothing of it ends the header.
std::string encoded(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF", kPlain = "-._~";
  std::string out;
  for (const char c : name.substr(0, 200)) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || kPlain.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[u >> 4], kDigits[u & 15]};
    }
  }
  return out;
}

bool is_json(const HttpRequest& r) {
  const std::string_view type = r.header("content-type");
  return type.substr(0, type.find(';')) == "application/json";
}

}  // namespace

HttpResponse error_answer(const base::Error& e) { return json(people::http_status(e.kind), api::error_json(e)); }

HttpResponse Api::answer(const HttpRequest& r) {
  const Presented who = presented(r);
  const bool get = r.method == "GET";
  if (!get && r.method != "POST") return json(405, api::error_json({base::Kind::kUsage, "POST an operation, GET a file or the events", "method"}));
  if (!own_origin(r, public_url_)) return error_answer({base::Kind::kDenied, "this comes from a page of another server", "origin", "open the inbox at its own address"});
  const auto session = who.token.empty() ? std::nullopt : agent_.people().session(who.token, r.path != "/api/v1/events" && !r.path.starts_with("/api/v1/wake/"));
  if (get && r.path.starts_with("/api/v1/wake/")) return notify::wake(agent_.office(), std::string_view(r.path).substr(13), session.has_value());
  if (!session) return json(401, api::error_json({base::Kind::kDenied, "nobody is signed in", "session", "sign in"}));
  if (!get && !who.bearer && r.header("x-handoff-csrf") != session->csrf) {
    return error_answer({base::Kind::kDenied, "the session's word is missing", "X-Handoff-CSRF", "load the inbox anew"});
  }
  if (session->change_password) return error_answer({base::Kind::kDenied, "the first password has to be changed", "session", "choose a password of your own"});
  if (session->needs_factor) return error_answer({base::Kind::kDenied, "a second factor has to be set up", "session", "add a passkey or an authenticator app"});
  const std::string_view path = std::string_view(r.path).substr(kPrefix.size());
  if (!get) return operation(r, path, *session);
  if (path == "events") return agent_.events().stream(who.token, *session, r.header("last-event-id"));
  if (path.starts_with("file/")) return file(path.substr(5), *session);
  return error_answer({base::Kind::kNotFound, "nothing is here", "path"});
}

HttpResponse Api::operation(const HttpRequest& r, std::string_view op, const people::Session& session) {
  if (!is_json(r)) return error_answer({base::Kind::kUsage, "is application/json", "Content-Type"});
  const auto in = r.body.empty() ? base::Result<std::shared_ptr<Json>>(std::make_shared<Json>(Json::object())) : schemas::parse_json(r.body, api::kMaxLine);
  if (!in.ok()) return error_answer(in.error());
  if (!(*in)->is_object()) return error_answer(base::malformed("a request is one JSON object", "body"));
  Json out = Json::object();
  base::Status done;
  try {
    done = api::perform(agent_, op, **in, session.actor, true, [](const std::string&) { return true; }, out);
  } catch (const Json::exception&) {
    done = base::malformed("a field has the wrong type", "request");
  }
  if (!done.ok()) return error_answer(done.error());
  out["ok"] = true;
  return json(200, out);
}

// What a browser may show is shown in a sandbox; the rest is a download of bytes.
HttpResponse Api::file(std::string_view path, const people::Session& session) {
  const auto slash = path.find('/');
  Json in{{"message", path.substr(0, slash)}};
  const std::string number(slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1));
  if (number.empty() || number.size() > 5 || number.find_first_not_of("0123456789") != std::string::npos) return error_answer({base::Kind::kNotFound, "no such file", "path"});
  in["number"] = std::stoul(number);
  base::Bytes bytes;
  std::string title;
  for (Json next = std::uint64_t{0}; !next.is_null();) {
    in["from"] = next;
    Json out = Json::object();
    const api::Reply none = [](const std::string&) { return true; };
    const base::Status done = bytes.empty() ? api::perform(agent_, "attachment.save", in, session.actor, true, none, out)
                                            : api::op_attachment_save({agent_, in, session.actor, none}, out);  // one file, one row in the ledger
    if (!done.ok()) return error_answer(done.error());
    const auto piece = base::unbase64(out["data"].get<std::string>());
    if (!piece || bytes.size() + piece->size() > kMaxFile) return error_answer({base::Kind::kTooLarge, "the file is too large for the inbox", "file", "save it: handoff inbox save"});
    base::append(bytes, *piece);
    title = out["title"];
    next = out["next"];
  }
  const std::string_view type = shown_as(bytes);
  const bool shown = type != "application/octet-stream";
  return {.status = 200,
          .type = std::string(type),
          .body = base::to_string(bytes),
          .headers = {{"Content-Disposition", std::string(shown ? "inline" : "attachment") + "; filename*=UTF-8''" + encoded(title.empty() ? "file" : title)},
                      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Referrer-Policy", "no-referrer"}}};
}

}  // namespace adapters::agent::web
