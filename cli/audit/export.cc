// handoff audit export: the agency's ledger or the hub's log for another system, newest first; with --follow what is written from now on, as it
// comes, for a SIEM.
#include "cli/audit/export.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"
#include "cli/counter/profile.h"

namespace cli::audit {
namespace {

using counter::Json;

constexpr std::uint64_t kPage = 1000;

class Export {
 public:
  Export(const counter::Call& call, bool log) : call_(call), format_(call.get("format")), log_(log) {}

  base::Status prepare() {
    if (format_ != "jsonl" && format_ != "csv" && format_ != "fhir" && format_ != "syslog") return base::Error{base::Kind::kUsage, "there is no such format", "--format", "jsonl, csv, fhir or syslog"};
    request_ = {{"op", log_ ? "audit.search" : "ledger.list"}};
    for (const char* option : {"since", "until"}) {
      TRY_ASSIGN(const std::string at, counter::time_option(call_, option));
      if (!at.empty()) request_[option] = at;
    }
    TRY_ASSIGN(const std::string thread, counter::id_option(call_, "thread"));
    if (!thread.empty()) request_["thread"] = thread;
    TRY_ASSIGN(most_, counter::number_option(call_, "rows", 0));
    TRY_ASSIGN(const counter::Profile whom, counter::whom_to_ask(call_));
    agency_ = "auditor";
    if (!whom.agent.empty()) {
      TRY_ASSIGN(const auto status, counter::ask(call_, {{"op", "status"}}));
      agency_ = counter::text(*status, "agency");
    }
    if (format_ == "csv") call_.out << csv_head();
    return {};
  }

  // All that is there, page by page.
  base::Status whole() {
    std::uint64_t after = 0;
    for (;;) {
      TRY_ASSIGN(const auto answer, page(after));
      TRY_ASSIGN(const Json* rows, counter::list_in(*answer, "rows"));
      for (const Json& row : *rows) {
        if (!put(row)) return {};
      }
      const auto next = answer->find("next");
      if (rows->empty() || next == answer->end() || !next->is_number_unsigned()) return {};
      after = next->get<std::uint64_t>();
    }
  }

  // Only what is newer than all that is there now; oldest first.
  base::Status follow(std::uint64_t every_s) {
    TRY(newest(nullptr));
    for (;;) {
      std::this_thread::sleep_for(std::chrono::seconds(every_s));
      bool more = true;
      TRY(newest(&more));
      call_.out.flush();
      if (!more) return {};
    }
  }

 private:
  base::Result<std::shared_ptr<Json>> page(std::uint64_t after) {
    Json request = request_;
    request["limit"] = kPage;
    if (after != 0) request["after"] = after;
    return counter::ask(call_, request);
  }
  static std::uint64_t number(const Json& row, bool log) { return row.value(log ? "index" : "seq", std::uint64_t{0}); }

  // `more` null: only where the end is. False: as many as were wanted.
  base::Status newest(bool* more) {
    TRY_ASSIGN(const auto answer, page(0));
    TRY_ASSIGN(const Json* rows, counter::list_in(*answer, "rows"));
    std::uint64_t end = seen_;
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
      const std::uint64_t n = number(*row, log_);
      end = std::max(end, n);
      if (more != nullptr && n > seen_ && !put(*row)) *more = false;
    }
    seen_ = end;
    return {};
  }

  bool put(const Json& row) {
    if (most_ != 0 && written_ == most_) return false;
    const Record r = log_ ? from_log(row) : from_ledger(row);
    call_.out << (format_ == "csv" ? csv_line(r) : format_ == "fhir" ? fhir(r, agency_) : format_ == "syslog" ? syslog(r, agency_) : json_line(r));
    return ++written_ != most_ && call_.out.good();
  }

  const counter::Call& call_;
  std::string format_, agency_;
  bool log_;
  Json request_;
  std::uint64_t most_ = 0, written_ = 0, seen_ = 0;
};

}  // namespace

counter::Exit audit_export(const counter::Call& call) {
  const std::string shelf = call.has("shelf") ? call.get("shelf") : "ledger";
  if (shelf != "ledger" && shelf != "log") return base::Error{base::Kind::kUsage, "there is no such shelf", "--shelf", "ledger (the agency's own) or log (the hub's)"};
  TRY_ASSIGN(const std::uint64_t every, counter::number_option(call, "every", 2));
  if (every < 1 || every > 3600) return base::Error{base::Kind::kUsage, "out of range", "--every", "use 1 to 3600 seconds"};
  Export out(call, shelf == "log");
  TRY(out.prepare());
  TRY(call.has("follow") ? out.follow(every) : out.whole());
  return counter::kWorked;
}

}  // namespace cli::audit
