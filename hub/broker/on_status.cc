// STATUS: counts and the log's head, for people and for monitoring. Nothing protected, no names of agencies.
#include "hub/broker/ops.h"

#include <fmt/format.h>

#include "hub/broker/threads.h"

namespace hub::broker {

std::string metrics_text(const Office& office) {
  const auto& c = office.count;
  std::string out;
  const auto line = [&out](const char* kind, const char* name, std::uint64_t v) {
    out += fmt::format("# TYPE handoff_hub_{0} {1}\nhandoff_hub_{0} {2}\n", name, kind, v);
  };
  line("counter", "batches_total", c.batches);
  line("counter", "messages_total", c.messages);
  line("counter", "receipts_total", c.receipts);
  line("counter", "notes_total", c.notes);
  line("counter", "nacks_total", c.nacks);
  line("counter", "delivers_total", c.delivers);
  line("counter", "commits_total", c.blocks);
  line("counter", "questions_total", c.questions);
  line("counter", "suspensions_total", c.suspensions);
  line("counter", "dropped_total", c.dropped);
  line("counter", "handshakes_refused_total", c.zap_refused);
  line("gauge", "sessions", c.sessions);
  line("gauge", "house_bytes", c.house_bytes);
  line("gauge", "house_items", c.house_items);
  line("gauge", "log_size", c.size);
  line("gauge", "indexed_upto", c.indexed_upto);
  line("gauge", "witnessed_size", c.witnessed_size);
  line("gauge", "witnesses", c.witnesses);
  line("gauge", "store_fill_ppm", c.fill_ppm);
  line("gauge", "read_only", c.read_only ? 1 : 0);
  return out;
}

std::string status_json(const Office& office) {
  const auto& c = office.count;
  const auto directory = office.directory();
  const auto& anchor = directory.anchor();
  std::size_t verify = 0;
  for (const auto& lane : office.verify) verify += lane->size();
  return fmt::format(
      R"({{"origin":"{}","consortium":"{}","test":{},"software":"{}","hub_time":"{}","read_only":{},)"
      R"("log":{{"size":{},"indexed_upto":{},"witnessed_size":{},"witnesses":{}}},"directory":{{"dir_seq":{},"members":{}}},"sessions":{},)"
      R"("queues":{{"verify":{},"write":{},"desk":{},"library":{},"house_items":{},"house_bytes":{}}},"store_fill":{:.4f},)"
      R"("counts":{{"batches":{},"messages":{},"receipts":{},"notes":{},"nacks":{},"delivers":{},"commits":{},"questions":{},"suspensions":{},"dropped":{},"handshakes_refused":{}}}}})",
      anchor.log.name, anchor.consortium, anchor.test, office.options.software, base::rfc3339(office.now()), c.read_only.load(),
      c.size.load(), c.indexed_upto.load(), c.witnessed_size.load(), c.witnesses.load(), directory.seq(), directory.members().size(), c.sessions.load(), verify, office.write.size(),
      office.desk.size(), office.library.size(), c.house_items.load(), c.house_bytes.load(), c.fill_ppm.load() / 1e6, c.batches.load(),
      c.messages.load(), c.receipts.load(), c.notes.load(), c.nacks.load(), c.delivers.load(), c.blocks.load(), c.questions.load(),
      c.suspensions.load(), c.dropped.load(), c.zap_refused.load());
}

base::Result<base::Bytes> on_status(const Reading& r) {
  wire::StatusReport report;
  report.json = status_json(r.office);
  return wire::encode(report);
}

}  // namespace hub::broker
