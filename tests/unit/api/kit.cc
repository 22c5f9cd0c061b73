// See kit.h.
#include "tests/unit/api/kit.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schemas/body.h"

namespace rig {
namespace {

constexpr const char* kRoles = R"(role = [
 {id="intake",  may=["create","view_timeline","accept","decline","handoff","break_glass"]},
 {id="adult",   may=["view_timeline","accept"], without_labels=["minor"]},
 {id="beds",    may=["view_timeline","accept"], services=["CSU_BED"]},
 {id="clerk",   may=["create"]},
 {id="privacy", may=["audit","review"]},
 {id="keeper",  may=["keys"]},
]
label_rule = [)";

agent::HttpSettings http() {
  agent::HttpSettings h;
  h.listen = "127.0.0.1:0";
  return h;
}

}  // namespace

std::string header(const transport::OutboundAnswer& a, const std::string& name) {
  for (const auto& [n, v] : a.headers) {
    if (n == name) return v;
  }
  return {};
}

transport::OutboundAnswer Browser::call(const std::string& method, const std::string& path, const std::string& body,
                                        std::vector<std::pair<std::string, std::string>> more) const {
  if (!bearer.empty()) more.emplace_back("Authorization", "Bearer " + bearer);
  if (!token.empty()) more.emplace_back("Cookie", "theme=dark; handoff_session=" + token);
  transport::Outbound out({});
  const auto a = out.call({.method = method, .url = "http://" + at->web()->address() + path, .type = method == "POST" ? "application/json" : "", .body = body, .headers = more});
  REQUIRE_MESSAGE(a.ok(), (a.ok() ? "" : a.error().what));
  return *a;
}

transport::OutboundAnswer Browser::post(const std::string& op, const Json& in) const {
  return call("POST", "/api/v1/" + op, in.dump(), csrf.empty() ? std::vector<std::pair<std::string, std::string>>{} : std::vector<std::pair<std::string, std::string>>{{"X-Handoff-CSRF", csrf}});
}

Json Browser::ok(const std::string& op, const Json& in) const {
  const auto a = post(op, in);
  REQUIRE_MESSAGE(a.status == 200, a.body);
  CHECK(header(a, "cache-control") == "no-store");
  return Json::parse(a.body);
}

Json Browser::refused(const std::string& op, const Json& in, int status) const {
  const auto a = post(op, in);
  REQUIRE_MESSAGE(a.status == status, a.body);
  const Json j = Json::parse(a.body);
  CHECK(j["ok"] == false);
  return j["error"];
}

Stream::Stream(const Browser& who, const std::string& last_id) {
  const std::string address = who.at->web()->address();
  const auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  REQUIRE(::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) == 1);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  const std::string request = "GET /api/v1/events HTTP/1.1\r\nHost: " + address + "\r\nCookie: handoff_session=" + who.token +
                              (last_id.empty() ? "" : "\r\nLast-Event-ID: " + last_id) + "\r\n\r\n";
  REQUIRE(::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
  std::string text;
  REQUIRE(line(text));
  status_ = std::stoi(text.substr(9, 3));
  while (line(text) && !text.empty()) {
  }
}

Stream::~Stream() { ::close(fd_); }

bool Stream::line(std::string& out) {
  for (;;) {
    const auto end = pending_.find('\n');
    if (end != std::string::npos) {
      out = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      if (out.ends_with('\r')) out.pop_back();
      return true;
    }
    char room[4096];
    const ssize_t n = ::recv(fd_, room, sizeof room, 0);
    if (n <= 0) return false;
    pending_.append(room, static_cast<std::size_t>(n));
  }
}

// Sizes of chunks stand between the lines; they are no fields.
Stream::Event Stream::next() {
  Event e;
  std::string text;
  while (line(text)) {
    if (text.starts_with("id: ")) e.id = text.substr(4);
    if (text.starts_with("event: ")) e.name = text.substr(7);
    if (text.starts_with("data: ")) {
      e.data = Json::parse(text.substr(6));
      return e;
    }
  }
  return {};
}

Stream::Event Stream::next(const std::string& name) {
  for (;;) {
    Event e = next();
    if (e.name.empty() || e.name == name) return e;
  }
}

Desk::Desk() : County(ops_policy(2, "label_rule = [", kRoles)) {
  stb.http = harbor.http = http();
  start({&apd, &stb, &harbor});
}

Browser Desk::enter(AgentBox& at, const std::string& login, std::vector<std::string> roles) {
  people::People& all = at->people();
  if (!all.find(login)) {
    people::PersonRow row;
    row.login = login;
    row.name = "Dr. " + login;
    row.roles = std::move(roles);
    const auto saved = all.save(row);
    REQUIRE_MESSAGE(saved.ok(), (saved.ok() ? "" : saved.error().message()));
  }
  const auto entry = all.enter_as(all.find(login)->id, "Chromium on Linux", "test");
  REQUIRE_MESSAGE(entry.ok(), (entry.ok() ? "" : entry.error().message()));
  return {at, entry->token, all.session(entry->token, true)->csrf, {}};
}

std::string Desk::refer(AgentBox& from, const std::string& to, Json more) {
  Json referral = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}},
                   {"urgency", "urgent"},
                   {"reasons", {{{"code", "SI"}}}},
                   {"service", {{"code", "CRISIS_EVAL"}}},
                   {"requester", {{"phone", "+1-555-0110"}}},
                   {"authority_basis", "emergency"}};
  referral.update(more);
  auto body = schemas::body_from_json({{"kind", "Referral"}, {"referral", referral}});
  REQUIRE_MESSAGE(body.ok(), (body.ok() ? "" : body.error().message()));
  agent::Submission s;
  s.body = std::move(body).value();
  s.to = to;
  s.purpose = schemas::Purpose::kTreat;
  const auto sent = from->host().submit(std::move(s));
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
  return base::uuid(sent->thread_id);
}

std::string Desk::arrived(AgentBox& from, AgentBox& to, Json more) {
  const std::string thread = refer(from, to->office().slug, std::move(more));
  REQUIRE(eventually([&] { return to->host().thread(*base::parse_uuid(thread)).has_value(); }));
  REQUIRE(eventually([&] { return from->courier().stopped().empty() && from.phase(*base::parse_uuid(thread)) == schemas::Phase::kReceived; }));
  return thread;
}

std::vector<ledger::LedgerRow> Desk::rows(AgentBox& at) {
  std::vector<ledger::LedgerRow> out;
  (void)at->office().store.read([&](keep::Tx& tx) {
    for (std::uint64_t seq = 1; seq <= ledger::head(tx).size; ++seq) {
      if (auto r = ledger::row(tx, seq)) out.push_back(std::move(*r));
    }
    return base::Status{};
  });
  return out;
}

std::vector<ledger::LedgerRow> Desk::rows(AgentBox& at, ledger::Access access) {
  auto all = rows(at);
  std::erase_if(all, [&](const ledger::LedgerRow& r) { return r.access != access; });
  return all;
}

}  // namespace rig
