// handoff quarantine: what could not be read, sent or handed out; and its way in again, which is tried before it is taken.
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using base::Error;
using base::Kind;
using counter::Json;
using counter::text;

// "3,4,7-9"
base::Result<Json> ids_in(const std::string& words) {
  Json out = Json::array();
  for (std::size_t at = 0; at < words.size();) {
    const auto comma = std::min(words.find(',', at), words.size());
    std::uint64_t from = 0, to = 0;
    const char* end = words.data() + comma;
    auto read = std::from_chars(words.data() + at, end, from);
    to = from;
    if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, to);
    if (read.ec != std::errc{} || read.ptr != end || to < from || to - from > 10'000) return Error{Kind::kUsage, "ids are numbers: 3,4,7-9", "ids"};
    for (; from <= to; ++from) out.push_back(from);
    at = comma + 1;
  }
  return out;
}

base::Result<Json> request_for(const counter::Call& call, const char* op) {
  Json out = {{"op", op}, {"adapter", call.get("adapter")}, {"reason_has", call.get("why")}, {"all", call.has("all")}};
  if (call.has("ids")) {
    TRY_ASSIGN(out["ids"], ids_in(call.get("ids")));
  }
  TRY_ASSIGN(const std::string since, counter::time_option(call, "since"));
  if (!since.empty()) out["since"] = since;
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  out["limit"] = limit;
  return out;
}

void print_item(std::ostream& out, const Json& q) {
  const std::string where = text(q, "where"), mend = text(q, "mend");
  counter::wrap(out, 0, "#" + text(q, "id") + "  " + text(q, "adapter") + ", " + text(q, "format") + ", " + text(q, "size") + " bytes, since " +
                            counter::age(q.value("age_s", std::uint64_t{0})));
  counter::wrap(out, 4, (where.empty() ? "" : where + ": ") + text(q, "why") + (mend.empty() ? "" : "; " + mend));
}

std::string job_words(const Json& r) {
  std::string out = "replay " + text(r, "id") + ": " + text(r, "state") + ", " + text(r, "sent") + " of " + text(r, "total") + " sent, " + text(r, "kept") + " refused again";
  if (text(r, "state") == "discarded") out = "discard " + text(r, "id") + ": " + text(r, "total") + " items, " + text(r, "reason");
  if (const auto words = text(r, "words"); !words.empty()) out += "; " + words;
  return out + " (" + text(r, "by") + ", " + counter::seconds(text(r, "created")) + ")";
}

counter::Exit printed_job(const counter::Call& call, const Json& answer) {
  if (call.json()) {
    counter::print_json(call.out, answer);
  } else {
    counter::wrap(call.out, 0, job_words(answer.value("replay", Json::object())));
  }
  return counter::kWorked;
}

std::string counts(const Json& map) {
  std::string out;
  for (const auto& [name, n] : map.items()) out += (out.empty() ? "" : ", ") + std::to_string(n.get<std::uint64_t>()) + " " + counter::plain(name);
  return out.empty() ? "none" : out;
}

void print_preview(const counter::Call& call, const Json& answer) {
  for (const Json& q : answer.value("items", Json::array())) {
    print_item(call.out, q);
    std::string line = text(q, "verdict") + (q.value("stale", false) ? ", STALE: it would have expired by now" : "");
    for (const Json& m : q.value("messages", Json::array())) {
      for (const Json& r : m.value("readers", Json::array())) line += ", " + text(m, "kind") + (r.value("allowed", false) ? " to " : " NOT to ") + text(r, "to");
    }
    if (q.contains("error")) line += ": " + text(q.at("error"), "what");
    counter::wrap(call.out, 4, "now: " + line);
  }
  counter::wrap(call.out, 0, text(answer, "count") + " items: " + counts(answer.value("verdicts", Json::object())) + "; to " +
                                 counts(answer.value("destinations", Json::object())) + "; oldest " + counter::age(answer.value("oldest_age_s", std::uint64_t{0})) +
                                 "; " + text(answer, "stale") + " stale");
  call.out << "Nothing was sent. The same with --go sends them.\n";
}

}  // namespace

counter::Exit quarantine_list(const counter::Call& call) {
  TRY_ASSIGN(const Json request, request_for(call, "quarantine.list"));
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "items"));
  if (counter::print_data(call, *answer, *list, {"id", "adapter", "format", "size", "age_s", "where", "why", "mend"})) return counter::kWorked;
  if (list->empty()) call.out << "nothing in quarantine\n";
  for (const Json& q : *list) print_item(call.out, q);
  return counter::kWorked;
}

counter::Exit quarantine_show(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "quarantine.show"}, {"id", id}}));
  if (!call.has("bytes")) answer->erase("bytes");
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  print_item(call.out, *answer);
  if (!call.has("bytes")) {
    call.out << "    its contents are protected: --bytes shows them, export writes them to a file\n";
    return counter::kWorked;
  }
  const auto bytes = base::unbase64(text(*answer, "bytes"));
  if (!bytes) return Error{Kind::kMalformed, "the agent's answer is not base64", "bytes"};
  std::string line;
  for (const base::Byte b : *bytes) {
    if (b != '\r' && b != '\n') line += static_cast<char>(b);
    if ((b == '\r' || b == '\n') && !line.empty()) call.out << counter::plain(std::exchange(line, {})) << "\n";
  }
  if (!line.empty()) call.out << counter::plain(line) << "\n";
  return counter::kWorked;
}

counter::Exit quarantine_export(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "quarantine.show"}, {"id", id}}));
  const auto bytes = base::unbase64(text(*answer, "bytes"));
  if (!bytes) return Error{Kind::kMalformed, "the agent's answer is not base64", "bytes"};
  const std::string path = call.get("out");
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);  // protected contents: nobody else's to read
  if (fd < 0) return Error{Kind::kUsage, "the file cannot be made, or is there already", path, "name a new one"};
  const bool whole = ::write(fd, bytes->data(), bytes->size()) == static_cast<ssize_t>(bytes->size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!whole) return Error{Kind::kIo, "the file could not be written", path};
  if (!call.json()) call.out << bytes->size() << " bytes in " << path << ", readable by you alone; delete it when it has served\n";
  if (call.json()) counter::print_json(call.out, {{"file", path}, {"size", bytes->size()}});
  return counter::kWorked;
}

// A preview, unless --go says otherwise.
counter::Exit quarantine_replay(const counter::Call& call) {
  TRY_ASSIGN(Json request, request_for(call, call.has("go") ? "quarantine.replay" : "quarantine.preview"));
  if (call.has("go")) {
    TRY_ASSIGN(request["per_minute"], counter::number_option(call, "rate", 60));
    TRY_ASSIGN(request["most_waiting"], counter::number_option(call, "most-waiting", 50));
    TRY_ASSIGN(const auto begun, counter::ask(call, request));
    return printed_job(call, *begun);
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    print_preview(call, *answer);
  }
  return counter::kWorked;
}

counter::Exit quarantine_replays(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "quarantine.replays"}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "replays"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  if (list->empty()) call.out << "nothing was replayed or discarded\n";
  for (const Json& r : *list) counter::wrap(call.out, 0, job_words(r));
  return counter::kWorked;
}

counter::Exit quarantine_stop(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "quarantine.stop"}, {"id", id}}));
  return printed_job(call, *answer);
}

counter::Exit quarantine_discard(const counter::Call& call) {
  TRY_ASSIGN(Json request, request_for(call, "quarantine.discard"));
  request["reason"] = call.get("reason");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  return printed_job(call, *answer);
}

}  // namespace cli::program
