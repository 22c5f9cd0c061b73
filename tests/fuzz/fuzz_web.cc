// What a browser, or somebody who is none, sends the agent's HTTP server before anybody knows who it is: cookies, origins, accepted
// encodings, paths of files; and the first bytes of an attachment. The input's lines are method, path and header values; the rest is a file.
#include <cstdlib>

#include "adapters/agent/web/file_type.h"
#include "adapters/agent/web/inbox_files.h"
#include "adapters/agent/web/origin.h"

namespace web = adapters::agent::web;
namespace transport = adapters::transport;

namespace {

constexpr transport::Asset kPage{"index.html", "text/html", "page", "packed", "\"e\"", false};
const transport::Asset* find(std::string_view path) { return path == kPage.path ? &kPage : nullptr; }

void must(bool holds) {
  if (!holds) std::abort();
}

std::string line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  std::string out(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  transport::HttpRequest r;
  r.method = line(rest);
  r.path = line(rest);
  for (const char* name : {"cookie", "authorization", "origin", "host", "accept-encoding", "if-none-match"}) r.headers[name] = line(rest);
  const auto who = web::presented(r);
  must(who.token.find(';') == std::string::npos || who.bearer);
  if (web::own_origin(r, "https://harbor.example/x")) must(r.headers["origin"].empty() || r.headers["origin"] == "https://harbor.example");
  const auto file = web::inbox_file(r, find);
  must(file.status != 200 || file.body == "page" || file.body == "packed");
  const auto type = web::shown_as(base::view(rest));
  must(rest.find_first_not_of(" \t\r\n") == std::string_view::npos || rest[rest.find_first_not_of(" \t\r\n")] != '<' || type == "application/octet-stream");
  return 0;
}
