// Mail and Web Push, as a mail server and a push service see them; what of each telling is known; and what doctor says before it matters.
#include <httplib.h>

#include <mutex>
#include <thread>

#include "adapters/agent/notify/check.h"
#include "adapters/transport/webpush.h"
#include "tests/unit/adapters/tls_kit.h"
#include "tests/unit/notify/kit.h"
#include "tests/unit/notify/node.h"

using namespace notify_kit;
namespace notify = adapters::agent::notify;

namespace {

constexpr const char* kBrowserSecret = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";  // of RFC 8291, section 5
constexpr const char* kBrowserKey = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr const char* kBrowserAuth = "BTBZMqHH6r4Tts7J_aSIgg";

Desk::More with_mail(const MailServer& mail) {
  return [host = mail.host](notify::Settings& s) {
    notify::MailSettings m;
    m.server.host = host, m.server.tls = transport::MailServer::Tls::kNone, m.from = "handoff@harbor.example";
    s.mail = m;
  };
}

// A push service (RFC 8030) over TLS. Not our own server, which takes no body that is encoded.
class PushService {
 public:
  PushService() : server_(pair_.cert.c_str(), pair_.key.c_str()) {
    server_.Post("/push/.*", [this](const httplib::Request& r, httplib::Response& out) {
      out.status = status;
      const std::lock_guard lock(mutex_);
      got_.push_back(r);
    });
    url = "https://localhost:" + std::to_string(server_.bind_to_any_port("127.0.0.1")) + "/push/a-secret-of-this-browser";
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // stop() needs it
  }
  ~PushService() {
    server_.stop();
    thread_.join();
  }
  Desk::More settings() {
    return [file = ca_.ca()](notify::Settings& s) { s.vapid_subject = "mailto:it@harbor.example", s.push_hosts = {"localhost"}, s.push_ca = file; };
  }
  [[nodiscard]] Json subscription() const { return {{"kind", "push"}, {"address", url}, {"p256dh", kBrowserKey}, {"auth", kBrowserAuth}}; }
  bool came() {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return !got_.empty();
    });
  }
  httplib::Request first() {
    const std::lock_guard lock(mutex_);
    return got_.at(0);
  }
  std::string url;
  std::atomic<int> status = 201;

 private:
  tls_kit::Folder folder_;
  tls_kit::Authority ca_{folder_, "ca"};
  tls_kit::Pair pair_ = ca_.issue("push", "DNS:localhost");
  httplib::SSLServer server_;
  std::mutex mutex_;
  std::vector<httplib::Request> got_;
  std::thread thread_;
};

bool finds(const std::vector<adapters::agent::Finding>& all, bool good, const std::string& words) {
  return std::ranges::any_of(all, [&](const auto& f) { return f.good == good && f.words.find(words) != std::string::npos && (good || !f.mend.empty()); });
}

constexpr const char* kCanaries[] = {"Canary", "Brigid", "stb", "CRISIS_EVAL", "named a plan", "Alder"};

}  // namespace

TEST_CASE("a mail has a subject without content, the count and the way to the inbox; a busy server gets the same mail again") {
  MailServer mail;
  mail.rcpt = 451;
  Desk d(with_mail(mail));
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "");
  done(d.harbor, nurse, "channels.add", {{"kind", "email"}, {"address", "m.okafor@harbor.example"}});
  (void)Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}, {"location_now", "Canary Street"}});
  REQUIRE(eventually([&] { return mail.asked.load() >= 1; }));
  CHECK(mail.got().empty());
  mail.rcpt = 250;
  REQUIRE(eventually([&] {
    d.hub.clock.ahead(base::kMinute);  // its next try
    d.harbor->notifier().wake();
    return !mail.got().empty();
  }));
  const std::string text = mail.got()[0];
  CHECK(text.find("\nTo: m.okafor@harbor.example\n") != std::string::npos);
  CHECK(text.find("\nSubject: Handoff: New emergent item. Open to view.\n") != std::string::npos);
  CHECK(text.find("1 item waiting") != std::string::npos);
  CHECK(text.find("https://harbor.example/inbox/") != std::string::npos);
  for (const char* canary : kCanaries) CHECK_MESSAGE(text.find(canary) == std::string::npos, canary);
}

TEST_CASE("an address that the mail server refuses is no silence: the next way is tried, and the telling says why it failed") {
  MailServer mail;
  mail.rcpt = 550;
  Desk d(with_mail(mail));
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "+1-555-0163");
  done(d.harbor, nurse, "channels.add", {{"kind", "email"}, {"address", "gone@harbor.example"}});
  done(d.harbor, nurse, "channels.add", {{"kind", "webhook"}, {"address", "sms"}});
  (void)Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}});
  REQUIRE(d.came(1));
  const Json told = d.told(nurse, "referral");
  REQUIRE(told.size() == 2);
  const Json& failed = told[0]["state"] == "failed" ? told[0] : told[1];
  CHECK(failed["state"] == "failed");
  CHECK(failed["why"].get<std::string>().find("550") != std::string::npos);
  CHECK(failed.dump().find("gone@") == std::string::npos);
  const Json tested = done(d.harbor, nurse, "channels.test", Json::object())["tested"];
  CHECK(tested[0]["state"] == "failed");
  CHECK(tested[1]["state"] == "accepted");
}

TEST_CASE("a push carries an id and nothing else; somebody else's decrypter reads it, and of the telling it is known how far it came") {
  PushService push;
  Desk d(push.settings());
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "");
  done(d.harbor, nurse, "channels.add", push.subscription());
  const std::string thread = Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}, {"location_now", "Canary Street"}});
  REQUIRE_MESSAGE(push.came(), d.told(nurse, "referral").dump());
  const httplib::Request request = push.first();
  std::string all = request.path + node_kit::vapid(request.get_header_value("Authorization"));
  for (const auto& [name, value] : request.headers) all += name == "Authorization" || name == "Topic" ? "" : name + value;  // these are random letters
  for (const char* canary : kCanaries) CHECK_MESSAGE(all.find(canary) == std::string::npos, canary);
  const std::string id = node_kit::open(kBrowserSecret, kBrowserAuth, transport::base64url(base::view(request.body)));
  CHECK(id.size() == 32);
  CHECK(base::unhex(id).has_value());
  const std::string claims = node_kit::vapid(request.get_header_value("Authorization"));
  CHECK_MESSAGE(Json::parse(claims, nullptr, false)["aud"] == push.url.substr(0, push.url.find("/push")), claims);
  CHECK(request.get_header_value("Urgency") == "high");
  CHECK(request.get_header_value("Content-Encoding") == "aes128gcm");
  REQUIRE(eventually([&] { return d.told(nurse, "referral")[0]["state"] == "accepted"; }));

  const auto stranger = notify::wake(d.harbor->office(), id, false);
  CHECK(stranger.status == 204);
  const auto woken = notify::wake(d.harbor->office(), id, true);
  CHECK(woken.status == 200);
  for (const char* canary : kCanaries) CHECK_MESSAGE(woken.body.find(canary) == std::string::npos, canary);
  CHECK(d.told(nurse, "referral")[0]["state"] == "fetched");
  done(d.harbor, nurse, "inbox.show", {{"thread", thread}});
  CHECK(d.told(nurse, "referral")[0]["state"] == "opened");
}

TEST_CASE("a subscription that its browser gave up is asked no more, and doctor says whose it was; a stranger's service is never called") {
  PushService push;
  Desk d(push.settings());
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "");
  done(d.harbor, nurse, "channels.add", push.subscription());
  push.status = 410;
  (void)Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}});
  REQUIRE(push.came());
  REQUIRE(eventually([&] { return finds(notify::check_people(d.harbor->office(), d.harbor->notifier()), false, "a subscription of m.okafor is gone"); }));
  CHECK(done(d.harbor, nurse, "channels.list", Json::object())["channels"][0]["off"] == true);
  CHECK(done(d.harbor, nurse, "channels.list", Json::object()).dump().find("a-secret-of-this-browser") == std::string::npos);

  Json out, elsewhere = push.subscription();
  elsewhere["address"] = "https://127.0.0.1" + push.url.substr(std::string("https://localhost").size());
  CHECK_FALSE(perform(d.harbor, nurse, "channels.add", elsewhere, out).ok());
}

TEST_CASE("a way that is set up wrongly is an error of doctor, with its mend") {
  notify::Settings s;
  MailServer mail;
  s.url = "https://harbor.example/inbox/";
  notify::MailSettings m;
  m.server.host = mail.host, m.server.tls = transport::MailServer::Tls::kNone, m.from = "handoff@harbor.example";
  s.mail = m;
  CHECK(finds(notify::check_ways(s), true, "which takes it"));
  s.mail->server.tls = transport::MailServer::Tls::kStart;
  CHECK(finds(notify::check_ways(s), false, "speaks no TLS"));
  s.mail->server.host = "127.0.0.1:1";
  CHECK(finds(notify::check_ways(s), false, "mail by 127.0.0.1:1"));
  s.mail->password_file = "/nonexistent/smtp.password";
  CHECK(finds(notify::check_ways(s), false, "password cannot be read"));
  s.mail.reset();
  notify::WebhookSettings w;
  w.name = "sms", w.url = "https://gateway.invalid/v1", w.header_files = {{"Authorization", "/nonexistent/gateway.key"}};
  s.webhooks.push_back(w);
  CHECK(finds(notify::check_ways(s), false, "its host has no address"));
  CHECK(finds(notify::check_ways(s), false, "its secret cannot be read"));
  s.url.clear();
  CHECK(finds(notify::check_ways(s), false, "do not say where the inbox is"));
}

TEST_CASE("a list without anybody, somebody on call without a channel, and no way at all are errors of doctor") {
  Desk d;
  const auto findings = [&] { return notify::check_people(d.harbor->office(), d.harbor->notifier()); };
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "+1-555-0163");
  CHECK(finds(findings(), false, "the list supervisor has nobody"));
  CHECK(finds(findings(), false, "on the list on_call, without a channel: m.okafor"));
  CHECK(finds(findings(), false, "Web Push is not set up"));
  done(d.harbor, nurse, "channels.add", {{"kind", "webhook"}, {"address", "sms"}});
  CHECK(finds(findings(), true, "on_call: 1 to be told"));
  CHECK_FALSE(finds(findings(), false, "without a channel: m.okafor"));
}
