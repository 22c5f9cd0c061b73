// The scan of protocol section 6, entry by entry.
#include "adapters/agent/keep/replica.h"

namespace adapters::agent::keep {
namespace {

using schemas::EntryType;

base::Error broken(const char* what) { return {base::Kind::kCorrupt, what, "log"}; }

base::Status scan_accept(Scan& scan, const crypto::Ent1& e, bool seen_before) {
  if (e.container != scan.container) {
    if (seen_before) return broken("the entries of a batch are not consecutive");
    scan.subjects.clear();
  }
  if (!scan.subjects.insert(e.subject).second) return broken("a group is logged twice");
  scan.container = e.container;
  return {};
}

}  // namespace

base::Status scan_entry(Scan& scan, const crypto::Ent1& e, bool seen_before) {
  if (e.hub_time < scan.hub_time) return broken("hub_time goes back");
  const auto type = static_cast<EntryType>(e.type);
  if (type != EntryType::kAccept && e.count != 0) return broken("a count outside an ACCEPT entry");
  if (type == EntryType::kAccept && e.count == 0) return broken("an ACCEPT entry without messages");
  if (e.dir_seq != scan.dir_seq + (type == EntryType::kDir ? 1 : 0)) return broken("dir_seq does not count the notes");
  if (type == EntryType::kDir) {
    if (e.container != scan.last_dir) return broken("the chain of notes is broken");
    scan.last_dir = e.subject;
    scan.dir_seq = e.dir_seq;
  }
  if (type == EntryType::kHub) {
    if (e.container != scan.last_hub) return broken("the chain of hub events is broken");
    scan.last_hub = e.subject;
  }
  if (type == EntryType::kAccept) {
    TRY(scan_accept(scan, e, seen_before));
  } else {
    scan.container = {};
    scan.subjects.clear();
  }
  scan.hub_time = e.hub_time;
  return {};
}

}  // namespace adapters::agent::keep
