#include "adapters/transport/smtp.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "adapters/transport/curl.h"

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

struct Reading {
  std::string_view left;
  static std::size_t next(char* to, std::size_t size, std::size_t n, void* self) {
    auto& r = *static_cast<Reading*>(self);
    const std::size_t some = std::min(size * n, r.left.size());
    std::memcpy(to, r.left.data(), some);
    r.left.remove_prefix(some);
    return some;
  }
};
std::size_t drop(char*, std::size_t size, std::size_t n, void*) { return size * n; }

std::string domain_of(std::string_view address) { return std::string(address.substr(address.find('@') + 1)); }

std::string date_of(base::Instant at) {
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const base::Civil c = base::civil(at);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%02u %s %d %02u:%02u:%02u +0000", c.day, kMonths[c.month - 1], c.year, c.hour, c.minute, c.second);
  return out.data();
}

std::string lines_of(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

std::string message_of(const Mail& m) {
  return "Date: " + date_of(m.at) + "\r\nFrom: " + m.from + "\r\nTo: " + m.to + "\r\nMessage-ID: <" + m.id + "@" + domain_of(m.from) + ">\r\nSubject: " + m.subject +
         "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\nAuto-Submitted: auto-generated\r\n\r\n" + lines_of(m.text);
}

base::Status set_server(CURL* c, const MailServer& s, std::string_view from) {
  const auto colon = s.host.rfind(':');
  const std::string host = s.host.substr(0, s.host.find(']') != std::string::npos && colon < s.host.find(']') ? std::string::npos : colon);
  if (host.empty() || !one_line(s.host) || s.host.find_first_of("/@ ?#") != std::string::npos) return Error{Kind::kUsage, "not a mail server", "host", "write it as smtp.example:587"};
  if (s.tls == MailServer::Tls::kNone && !this_machine(host)) return Error{Kind::kUsage, "mail without TLS leaves this machine", host, "tls = \"starttls\" or \"tls\""};
  if (!mail_address(from)) return Error{Kind::kUsage, "not an e-mail address", "from"};
  const std::string url = std::string(s.tls == MailServer::Tls::kWhole ? "smtps://" : "smtp://") + s.host + "/" + domain_of(from);
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(c, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(s.tls == MailServer::Tls::kNone ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!s.ca_file.empty()) {  // these and no others
    curl_easy_setopt(c, CURLOPT_CAINFO, s.ca_file.c_str());
    curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);
  }
  if (!s.user.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, s.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, s.password.c_str());
  }
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(s.connect_ms));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(s.connect_ms + s.answer_ms));
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &drop);
  return {};
}

base::Status run(CURL* c, const MailServer& s, const StopFlag& stop) {
  const CurlMulti multi(curl_multi_init());
  CHECK(multi != nullptr);
  curl_multi_add_handle(multi.get(), c);
  const auto result = curl_run(multi.get(), stop);
  long code = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
  curl_multi_remove_handle(multi.get(), c);
  if (!result) return Error{Kind::kBusy, "stopped", s.host};
  if (*result == CURLE_OK) return {};
  if (*result == CURLE_LOGIN_DENIED) return Error{Kind::kDenied, "the mail server refuses the user or the password", s.host, "see notify.smtp: user, password_file"};
  if (*result == CURLE_USE_SSL_FAILED) return Error{Kind::kDenied, "the mail server speaks no TLS here", s.host, "another port, or tls = \"tls\""};
  if (code >= 500 && code < 600) return Error{Kind::kDenied, "the mail server refuses with " + std::to_string(code), s.host, "ask its administrator"};
  if (code >= 400 && code < 500) return Error{Kind::kBusy, "the mail server says not now, with " + std::to_string(code), s.host};
  return Error{Kind::kBusy, std::string("no mail went: ") + curl_easy_strerror(*result), s.host};
}

}  // namespace

bool mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == text.npos || at + 1 == text.size() || text.size() > 254 || text.find('@', at + 1) != text.npos) return false;
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos; });
}

base::Status Smtp::send(const MailServer& server, const Mail& mail) {
  curl_init();
  if (!mail_address(mail.to)) return Error{Kind::kUsage, "not an e-mail address", "to"};
  if (!one_line(mail.subject) || !one_line(mail.id)) return Error{Kind::kUsage, "a header has one line", "subject"};
  const CurlEasy easy(curl_easy_init());
  CHECK(easy != nullptr);
  TRY(set_server(easy.get(), server, mail.from));
  const CurlList to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  const std::string text = message_of(mail);
  Reading reading{text};
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &Reading::next);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, &reading);
  return run(easy.get(), server, stop_);
}

base::Status Smtp::check(const MailServer& server, std::string_view from) {
  curl_init();
  const CurlEasy easy(curl_easy_init());
  CHECK(easy != nullptr);
  TRY(set_server(easy.get(), server, from));
  curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
  curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
  return run(easy.get(), server, stop_);
}

}  // namespace adapters::transport
