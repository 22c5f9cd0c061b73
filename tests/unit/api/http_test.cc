// /api/v1 over HTTP, the web inbox's files, and what is tried against them.
#include "adapters/agent/web/file_type.h"
#include "adapters/inbox/assets.h"
#include "schemas/body.h"
#include "tests/unit/api/kit.h"

using namespace rig;
using ledger::Access;

namespace {

constexpr transport::Asset kFiles[] = {
    {"assets/app-3f2a91bc.js", "text/javascript; charset=utf-8", "console.log(1)", "", "\"js\"", true},
    {"index.html", "text/html; charset=utf-8", "<!doctype html>plain", "packed", "\"html\"", false},
};
const transport::Asset* find(std::string_view path) {
  for (const transport::Asset& a : kFiles) {
    if (a.path == path) return &a;
  }
  return nullptr;
}

// A referral with these files; the message.
std::string with_files(Desk& d, const std::vector<std::pair<std::string, std::string>>& files, const std::string& type) {
  Json list = Json::array();
  for (const auto& [title, bytes] : files) list.push_back({{"title", title}, {"media_type", type}, {"data", base::base64(base::view(bytes))}});
  const auto thread = *base::parse_uuid(Desk::refer(d.apd, "harbor", {{"attachments", list}}));
  REQUIRE(eventually([&] { return d.harbor->host().thread(thread).has_value(); }));
  return base::uuid(d.harbor.messages(thread)[0].msg_id);
}

}  // namespace

TEST_CASE("nobody without a session, with somebody else's word, or from another page gets anything") {
  Desk d;
  const std::string thread = d.arrived(d.stb, d.harbor);
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"}), clerk = d.enter(d.harbor, "c.clerk", {"clerk"});
  const std::string show = "/api/v1/inbox.show", in = Json{{"thread", thread}}.dump();
  const auto status = [&](const Browser& who, std::vector<std::pair<std::string, std::string>> headers) { return who.call("POST", show, in, std::move(headers)).status; };
  CHECK(status({d.harbor, {}, {}, {}}, {}) == 401);
  CHECK(status({d.harbor, "0000000000000000000000000000000000000000000", {}, {}}, {}) == 401);
  CHECK(status({d.harbor, {}, {}, "0000"}, {}) == 401);
  CHECK(status(mo, {}) == 403);                                          // no word
  CHECK(status(mo, {{"X-Handoff-CSRF", clerk.csrf}}) == 403);            // another session's
  CHECK(status(mo, {{"X-Handoff-CSRF", mo.csrf}, {"Origin", "https://elsewhere.example"}}) == 403);
  CHECK(status(mo, {{"X-Handoff-CSRF", mo.csrf}, {"Origin", "null"}}) == 403);
  CHECK(status({d.harbor, {}, {}, mo.token}, {{"Origin", "https://elsewhere.example"}}) == 403);
  CHECK(status(clerk, {{"X-Handoff-CSRF", clerk.csrf}}) == 403);
  CHECK(mo.call("GET", "/api/v1/inbox.show").status == 404);             // no operation by GET
  CHECK(mo.call("PUT", show, "{}").status == 405);
  CHECK(Browser{d.harbor, {}, {}, {}}.call("GET", "/api/v1/events").status == 401);
  CHECK(Browser{d.harbor, {}, {}, {}}.call("GET", "/api/v1/file/" + thread + "/1").status == 401);
  CHECK(Desk::rows(d.harbor, Access::kOpen).empty());

  CHECK(status(mo, {{"X-Handoff-CSRF", mo.csrf}}) == 200);
  CHECK(status(mo, {{"X-Handoff-CSRF", mo.csrf}, {"Origin", "http://" + d.harbor->web()->address()}}) == 200);
  CHECK(status({d.harbor, {}, {}, mo.token}, {}) == 200);                // a bearer needs no word
  d.harbor->people().leave(mo.token);
  CHECK(status(mo, {{"X-Handoff-CSRF", mo.csrf}}) == 401);
  CHECK(status({d.harbor, {}, {}, mo.token}, {}) == 401);
}

TEST_CASE("a planted second cookie, a session at another agent, and the address of a proxy") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"}), stb = d.enter(d.stb, "m.okafor", {"intake"});
  CHECK(mo.call("POST", "/api/v1/inbox.list", "{}", {{"X-Handoff-CSRF", mo.csrf}, {"Cookie", "handoff_session=planted"}}).status == 401);
  CHECK(Browser{d.harbor, stb.token, stb.csrf, {}}.post("inbox.list").status == 401);
  d.harbor.stop();
  d.harbor.http->public_url = "https://harbor.example/";
  d.harbor.start();
  const Browser again = d.enter(d.harbor, "m.okafor", {});
  CHECK(mo.post("inbox.list").status == 401);  // a restart ends sessions
  CHECK(again.call("POST", "/api/v1/inbox.list", "{}", {{"X-Handoff-CSRF", again.csrf}, {"Origin", "https://harbor.example"}}).status == 200);
  CHECK(again.call("POST", "/api/v1/inbox.list", "{}", {{"X-Handoff-CSRF", again.csrf}, {"Origin", "https://harbor.example.evil.example"}}).status == 403);
}

TEST_CASE("bodies that are no request: their words, and nothing breaks") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  const auto status = [&](const std::string& body) { return mo.call("POST", "/api/v1/inbox.list", body, {{"X-Handoff-CSRF", mo.csrf}}).status; };
  CHECK(status("[]") == 400);
  CHECK(status("{") == 400);
  CHECK(status("\"x\"") == 400);
  CHECK(status(std::string(100'000, '[')) == 400);
  CHECK(status("{\"limit\":{}}") == 200);
  CHECK(mo.call("POST", "/api/v1/inbox.show", R"({"thread":7})", {{"X-Handoff-CSRF", mo.csrf}}).status == 400);
  CHECK(mo.call("POST", "/api/v1/no.such", "{}", {{"X-Handoff-CSRF", mo.csrf}}).status == 404);
  CHECK(mo.call("POST", "/api/v1/", "{}", {{"X-Handoff-CSRF", mo.csrf}}).status == 404);
  CHECK(mo.call("POST", "/api/v1/inbox.list/", "{}", {{"X-Handoff-CSRF", mo.csrf}}).status >= 400);
  CHECK(status("{\"x\":\"" + std::string(33u << 20, 'x') + "\"}") == 413);
  CHECK(status("{}") == 200);
}

TEST_CASE("files are shown as what they are, and what could run in a browser is a download") {
  Desk d;
  const std::string png("\x89PNG\r\n\x1A\n\0\0", 10);
  const std::string message = with_files(d, {{"scan.html", png}, {"x.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"}, {"a\"\r\nX: 1.txt", "plain words"},
                                             {"page.png", "<html><script>alert(1)</script>"}, {"doc.pdf", "%PDF-1.7 x"}}, "image/svg+xml");
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  const auto file = [&](int n) { return mo.call("GET", "/api/v1/file/" + message + "/" + std::to_string(n)); };
  const auto picture = file(1);
  REQUIRE_MESSAGE(picture.status == 200, picture.body);
  CHECK(picture.type == "image/png");
  CHECK(picture.body == png);
  CHECK(header(picture, "cache-control") == "no-store");
  CHECK(header(picture, "x-content-type-options") == "nosniff");
  CHECK(header(picture, "content-security-policy").find("sandbox") != std::string::npos);
  CHECK(header(picture, "content-security-policy").find("allow-scripts") == std::string::npos);
  for (const int n : {2, 4}) {
    const auto active = file(n);
    CHECK(active.type == "application/octet-stream");
    CHECK(header(active, "content-disposition").starts_with("attachment"));
  }
  const auto text = file(3);
  CHECK(text.type.starts_with("text/plain"));
  CHECK(header(text, "content-disposition") == "inline; filename*=UTF-8''a%22%0D%0AX%3A%201.txt");
  CHECK(header(text, "x").empty());
  CHECK(file(5).type == "application/pdf");
  CHECK(file(6).status == 404);
  for (const char* path : {"/api/v1/file/", "/api/v1/file/x/1", "/api/v1/file/1", "/api/v1/file/../file/1/1", "/api/v1/file//1"}) CHECK(mo.call("GET", path).status >= 400);
  const auto rows = Desk::rows(d.harbor, Access::kFile);
  REQUIRE(rows.size() == 5);
  CHECK(base::uuid(rows[0].msg_id) == message);
  CHECK(rows[0].login == "m.okafor");
}

TEST_CASE("what bytes are is said by the bytes") {
  using adapters::agent::web::shown_as;
  const auto is = [](std::string_view s) { return shown_as(base::view(s)); };
  CHECK(is("\xFF\xD8\xFF\xE0") == "image/jpeg");
  CHECK(is("GIF89a;") == "image/gif");
  CHECK(is("RIFF1234WEBPVP8 ") == "image/webp");
  CHECK(is("caf\xC3\xA9\n").starts_with("text/plain"));
  for (const std::string_view no : {std::string_view(""), std::string_view(" \n<!doctype html>"), std::string_view("<?xml"), std::string_view("a\0b", 3), std::string_view("caf\xC3"),
                                    std::string_view("\xEF\xBB\xBF<html>"), std::string_view("\x1B[0m"), std::string_view("\xC0\xAF")}) {
    CHECK(is(no) == "application/octet-stream");
  }
}

TEST_CASE("the inbox's files: hashed ones for good, pages of the application, gzip where it is taken, nothing of another path") {
  Desk d;
  d.harbor.stop();
  d.harbor.inbox = find;
  d.harbor.start();
  const Browser nobody{d.harbor, {}, {}, {}};
  const auto page = nobody.call("GET", "/inbox/thread/0199a1b2");
  CHECK(page.status == 200);
  CHECK(page.type == "text/html; charset=utf-8");
  CHECK(page.body == "<!doctype html>plain");
  CHECK(header(page, "cache-control") == "no-cache");
  const std::string policy = header(page, "content-security-policy");
  CHECK(policy.find("default-src 'none'") != std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(header(page, "referrer-policy") == "no-referrer");
  CHECK(header(page, "cross-origin-opener-policy") == "same-origin");
  CHECK(header(page, "x-content-type-options") == "nosniff");
  const auto packed = nobody.call("GET", "/inbox/", {}, {{"Accept-Encoding", "br, gzip;q=0.5"}});
  CHECK(header(packed, "content-encoding") == "gzip");
  CHECK(packed.body == "packed");
  CHECK(header(nobody.call("GET", "/inbox/", {}, {{"Accept-Encoding", "gzip;q=0"}}), "content-encoding").empty());
  const auto script = nobody.call("GET", "/inbox/assets/app-3f2a91bc.js");
  CHECK(header(script, "cache-control") == "public, max-age=31536000, immutable");
  CHECK(header(script, "etag") == "\"js\"");
  const auto same = nobody.call("GET", "/inbox/assets/app-3f2a91bc.js", {}, {{"If-None-Match", "\"other\", \"js\""}});
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(nobody.call("GET", "/inbox/assets/app.js").status == 404);
  CHECK(nobody.call("GET", "/inbox/%2e%2e/healthz").status == 400);
  CHECK(nobody.call("GET", "/inbox/..%2f..%2fetc").status == 400);
  CHECK(nobody.call("GET", "/inbox/a%00b").status == 400);
  CHECK(nobody.call("POST", "/inbox/", "{}").status == 405);
  const auto root = nobody.call("GET", "/");
  CHECK(root.status == 308);
  CHECK(header(root, "location") == "/inbox/");
}

TEST_CASE("an agent that was built without the inbox says so") {
  Desk d;
  const auto a = Browser{d.harbor, {}, {}, {}}.call("GET", "/inbox/");
  CHECK(a.status == 404);
  CHECK(a.body == "this agent was built without the web inbox\n");
}

TEST_CASE("the inbox as it was built: one page, no script or style in it, every file found by its path") {
  const auto files = adapters::inbox::all();
  if (files.empty()) return;  // HANDOFF_INBOX=OFF
  const transport::Asset* page = adapters::inbox::find("index.html");
  REQUIRE(page != nullptr);
  CHECK(page->body.find("<style") == std::string_view::npos);
  CHECK(page->body.find("style=") == std::string_view::npos);
  for (auto at = page->body.find("<script"); at != std::string_view::npos; at = page->body.find("<script", at + 1)) {
    const auto tag = page->body.substr(at, page->body.find('>', at) - at);
    CHECK(tag.find("src=\"/inbox/") != std::string_view::npos);
  }
  std::string_view before;
  for (const transport::Asset& a : files) {
    CHECK(before < a.path);
    before = a.path;
    CHECK(adapters::inbox::find(a.path) == &a);
    CHECK(a.immutable == a.path.starts_with("assets/"));
    if (!a.gzip.empty()) CHECK(a.gzip.size() < a.body.size());
  }
  CHECK(adapters::inbox::find("../index.html") == nullptr);
}
