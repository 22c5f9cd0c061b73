// handoff audit search: the trail's columns for what the filters say, newest first.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/audit/rows.h"
#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::Json;

constexpr std::uint64_t kPage = 500;  // what a hub hands out at once

// The token of the next page goes into the request. False: there is none. Pages go back in the log: one that does not is a fault, not a loop.
base::Result<bool> go_on(const Json& answer, Json& request) {
  const auto at = answer.find("next");
  if (at == answer.end() || !at->is_number_unsigned()) return false;
  const std::uint64_t token = at->get<std::uint64_t>(), before = request.value("after", ~std::uint64_t{0});
  if (token == 0 || token >= before) return base::malformed("the pages of the answer do not go on", "next", "tell the hub's operator");
  request["after"] = token;
  return true;
}

// --all: rows as they come.
counter::Exit stream(const counter::Call& call, Json request, std::uint64_t most) {
  RowStream out(call);
  for (;;) {
    request["limit"] = std::min(kPage, most - out.written());
    TRY_ASSIGN(const auto answer, counter::ask(call, request));
    TRY(out.page(*answer, most));
    if (out.written() == most || out.broken()) return out.end();
    TRY_ASSIGN(const bool more, go_on(*answer, request));
    if (!more) return out.end();
  }
}

// One document, made of as many pages as the limit needs.
counter::Exit one_answer(const counter::Call& call, Json request, std::uint64_t limit) {
  std::shared_ptr<Json> all;
  for (;;) {
    const std::uint64_t have = all ? all->at("rows").size() : 0;
    request["limit"] = std::min(kPage, limit - std::min(limit, have));
    TRY_ASSIGN(const auto answer, counter::ask(call, request));
    TRY_ASSIGN(const Json* rows, counter::list_in(*answer, "rows"));
    if (all) {
      for (const Json& row : *rows) all->at("rows").push_back(row);
      all->erase("next");
      if (const auto at = answer->find("next"); at != answer->end()) (*all)["next"] = *at;
    } else {
      all = answer;
    }
    if (all->at("rows").size() >= limit) return print_rows(call, *all);
    TRY_ASSIGN(const bool more, go_on(*answer, request));
    if (!more) return print_rows(call, *all);
  }
}

}  // namespace

counter::Exit search(const counter::Call& call) {
  counter::Json request{{"op", "audit.search"}};
  for (const char* name : {"agency", "to", "kind", "purpose"}) {
    if (call.has(name)) request[name] = call.get(name);
  }
  for (const char* name : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, name));
    if (!at.empty()) request[name] = at;
  }
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  if (!thread.empty()) request["thread"] = thread;
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  if (after != 0) request["after"] = after;
  if (call.has("all")) return stream(call, std::move(request), call.has("limit") ? limit : ~std::uint64_t{0});
  return one_answer(call, std::move(request), limit);
}

}  // namespace cli::audit
