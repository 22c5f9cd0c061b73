// See log_walk.h.
#include "cli/counter/log_walk.h"

#include "crypto/transcript.h"
#include "schemas/registry.h"

namespace cli::counter {

using schemas::EntryType;

std::optional<std::string> LogWalk::entry(base::View ent) {
  const auto e = crypto::parse_ent1(ent);
  if (!e.ok()) return "the entry is not well-formed: " + e.error().what;
  if (e->hub_time < last_time_) return "its time lies before that of the entry before it";
  const auto type = static_cast<EntryType>(e->type);
  if (type == EntryType::kHub && e->container != last_hub_) return "the chain of the hub's own events is broken";
  if (e->dir_seq != directory_.seq() + (type == EntryType::kDir ? 1 : 0)) return "it counts the directory's notes wrongly";
  if (type == EntryType::kDir) {
    if (auto why = note(*e)) return why;
  }
  if (type == EntryType::kHub) last_hub_ = e->subject;
  last_time_ = e->hub_time;
  tree_.append(crypto::merkle_leaf(ent));
  return std::nullopt;
}

std::optional<std::string> LogWalk::note(const crypto::Ent1& e) {
  if (e.container != directory_.last_subject()) return "the directory's chain is broken";
  const auto text = note_at_(directory_.seq() + 1);
  if (!text) return "its note is missing";
  if (crypto::sha256(base::view(*text)) != e.subject) return "its note is not the one that was logged";
  const auto added = directory_.add(*text, tree_.size(), e.hub_time);
  if (!added.ok()) return "its note is not valid here: " + added.error().what;
  return std::nullopt;
}

}  // namespace cli::counter
