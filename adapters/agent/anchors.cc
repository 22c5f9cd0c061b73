// See anchors.h.
#include "adapters/agent/anchors.h"

#include "adapters/agent/files.h"
#include "adapters/agent/keep/offers.h"
#include "hub/client/anchors.h"

namespace adapters::agent {

void take_anchors(const std::string& dir, keep::Store& store, const keep::Replica& replica, base::Instant now) {
  const auto notes = hub::client::anchor_notes(dir + "/anchor.note");
  for (std::size_t i = 1; i < notes.size(); ++i) {
    if (i + 1 > replica.directory().anchor().version) (void)keep::take_offer(store, notes[i], replica.directory(), now);
  }
}

base::Status keep_anchors(const std::string& dir, const keep::Store& store, const keep::Replica& replica) {
  std::vector<std::string> notes;
  const crypto::Directory directory = replica.directory();
  if (directory.anchor().version > 1) notes = directory.notes();
  for (const keep::Offered& o : keep::offers(store)) notes.push_back(o.note);
  for (const std::string& whole : notes) {
    if (!whole.starts_with("sfh-anchor/")) continue;
    const auto note = crypto::parse_note(whole);
    const auto anchor = note.ok() ? crypto::parse_anchor(note->text) : base::Result<crypto::Anchor>(note.error());
    if (!anchor.ok() || anchor->version < 2) continue;
    const std::string path = hub::client::anchor_file(dir + "/anchor.note", anchor->version);
    const auto there = read_text(path);
    if (there.ok() && *there == whole) continue;
    TRY(write_atomic(path, base::view(whole), 0644));
  }
  return {};
}

hub::client::Server hub_key(const keep::Store& store, const keep::Replica& replica) {
  const crypto::Directory directory = replica.directory();
  const auto by_file = keep::offered_anchor(store);
  if (by_file && by_file->version > directory.anchor().version) return {by_file->hub_transport, true};
  return {directory.anchor().hub_transport, false};
}

}  // namespace adapters::agent
