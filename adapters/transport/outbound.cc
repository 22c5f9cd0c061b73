// Calls by libcurl. A handle a call: nothing of one call (connection, cookie, credential) is there in the next.
#include "adapters/transport/outbound.h"

#include <algorithm>

#include "adapters/transport/curl.h"

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view kSpaces = " \t\r\n";

std::string part(CURLU* url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

struct Place {
  std::string host, words;  // words: where a call went; no path, no query, no user: they may hold what is nobody's business
};
base::Result<Place> place_of(std::string_view text) {
  curl_init();
  const Error wrong{Kind::kUsage, "not an address that can be called", "url", "write it as https://host/path"};
  if (text.find('\0') != text.npos) return wrong;
  const CurlUrl url(curl_url());
  CHECK(url != nullptr);
  if (curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) return wrong;
  const std::string scheme = part(url.get(), CURLUPART_SCHEME), host = part(url.get(), CURLUPART_HOST);
  if (host.empty() || (scheme != "https" && scheme != "http")) return wrong;
  if (scheme == "http" && !this_machine(host)) return Error{Kind::kUsage, "plain http leaves this machine", host, "use https"};
  const std::string port = part(url.get(), CURLUPART_PORT);
  return Place{host, scheme + "://" + host + (port.empty() ? "" : ":" + port)};
}

std::string trimmed(std::string_view s) {
  const auto first = s.find_first_not_of(kSpaces);
  return first == s.npos ? "" : std::string(s.substr(first, s.find_last_not_of(kSpaces) - first + 1));
}

// What comes back, up to a limit for head and body together.
struct Gathering {
  OutboundAnswer answer;
  std::size_t room;
  bool over = false;

  bool fits(std::size_t n) {
    over = over || n > room;
    if (!over) room -= n;
    return !over;
  }
  static std::size_t body(char* bytes, std::size_t, std::size_t n, void* self) {
    auto& g = *static_cast<Gathering*>(self);
    if (!g.fits(n)) return 0;
    g.answer.body.append(bytes, n);
    return n;
  }
  static std::size_t head(char* bytes, std::size_t, std::size_t n, void* self) {
    auto& g = *static_cast<Gathering*>(self);
    if (!g.fits(n)) return 0;
    const std::string_view line(bytes, n);
    if (line.starts_with("HTTP/")) g.answer.headers.clear();  // after a 100 Continue the true head follows
    if (const auto colon = line.find(':'); colon != line.npos) {
      std::string name(line.substr(0, colon));
      std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (name == "content-type") g.answer.type = trimmed(line.substr(colon + 1));
      g.answer.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
    }
    return n;
  }
};

void set_security(CURL* c, const OutboundOptions& o) {
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!o.ca_file.empty()) {  // these and no others
    curl_easy_setopt(c, CURLOPT_CAINFO, o.ca_file.c_str());
    curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);
  }
  if (!o.client_cert.empty()) curl_easy_setopt(c, CURLOPT_SSLCERT, o.client_cert.c_str());
  if (!o.client_key.empty()) curl_easy_setopt(c, CURLOPT_SSLKEY, o.client_key.c_str());
}

void set_call(CURL* c, const OutboundOptions& o, const OutboundCall& call, curl_slist* headers) {
  curl_easy_setopt(c, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer holds no stop up
  curl_easy_setopt(c, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(o.connect_ms));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(o.connect_ms + o.answer_ms));
  if (!call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH") {
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, call.body.data());
  }
  if (call.method == "HEAD") curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
}

base::Result<CurlList> headers_of(const OutboundCall& call) {
  std::vector<std::string> lines = {"Expect:", "Content-Type:" + (call.type.empty() ? "" : " " + call.type)};
  // Without a value curl would take the header out; a semicolon sends it empty.
  for (const auto& [name, value] : call.headers) lines.push_back(value.empty() ? name + ";" : name + ": " + value);
  curl_slist* list = nullptr;
  for (const std::string& line : lines) {
    if (!one_line(line)) {
      curl_slist_free_all(list);
      return Error{Kind::kUsage, "a header has one line", "headers"};
    }
    list = curl_slist_append(list, line.c_str());
  }
  return CurlList(list);
}

}  // namespace

base::Status check_url(std::string_view url) {
  const auto place = place_of(url);
  return place.ok() ? base::Status() : base::Status(place.error());
}

base::Result<std::string> host_of(std::string_view url) {
  TRY_ASSIGN(Place place, place_of(url));
  return std::move(place.host);
}

base::Result<OutboundAnswer> Outbound::call(const OutboundCall& c) {
  TRY_ASSIGN(const Place at, place_of(c.url));
  const std::string& place = at.words;
  const bool method = !c.method.empty() && std::ranges::all_of(c.method, [](char l) { return l >= 'A' && l <= 'Z'; });
  if (!method) return Error{Kind::kUsage, "not a method", "method"};
  TRY_ASSIGN(const auto headers, headers_of(c));
  const CurlMulti multi(curl_multi_init());
  const CurlEasy easy(curl_easy_init());
  CHECK(multi != nullptr && easy != nullptr);
  set_security(easy.get(), options_);
  set_call(easy.get(), options_, c, headers.get());
  Gathering got{{}, options_.max_answer};
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &Gathering::body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &got);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, &Gathering::head);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &got);
  curl_multi_add_handle(multi.get(), easy.get());
  const auto result = curl_run(multi.get(), stop_);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi.get(), easy.get());
  if (!result) return Error{Kind::kBusy, "stopped", place};
  if (got.over) return Error{Kind::kTooLarge, "the answer is over the limit of " + std::to_string(options_.max_answer) + " bytes", place};
  if (*result != CURLE_OK) return Error{Kind::kBusy, std::string("no answer: ") + curl_easy_strerror(*result), place};
  got.answer.status = static_cast<int>(status);
  return std::move(got.answer);
}

}  // namespace adapters::transport
