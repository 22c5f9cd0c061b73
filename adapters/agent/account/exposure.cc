// From a key to the messages that rest on it.
#include "adapters/agent/account/exposure.h"

#include <algorithm>
#include <map>

#include "adapters/agent/mail/threads.h"
#include "crypto/note.h"

namespace adapters::agent::account {
namespace {

using keep::Table;

struct Which {
  Exposure e;
  bool known = false;
};

bool names(const std::string& asked, const crypto::PublicKey& key) { return asked == base::hex(key) || asked == base::base64(base::View(key)); }

// The certificate or epoch key that is meant, newest first.
Which which(const mail::Desk& desk, const std::string& asked) {
  Which out;
  Exposure& e = out.e;
  const auto cert_is = [&](const crypto::Cert& c, const char* words, bool opens, bool signs) {
    e.what = std::string(words) + " of " + c.name, e.agent = c.agent, e.from = c.not_before, e.until = c.not_after, e.opens = opens, e.signs = signs;
    out.known = true;
  };
  const std::vector<std::string> notes = desk.directory.notes();
  for (auto n = notes.rbegin(); n != notes.rend() && !out.known; ++n) {
    const auto note = crypto::parse_note(*n);
    if (!note.ok()) continue;
    if (const auto c = crypto::parse_cert(note->text); c.ok()) {
      if (names(asked, c->sign)) cert_is(*c, "sign key", false, true);
      else if (names(asked, c->transport)) cert_is(*c, "transport key", false, false);
      else if (names(asked, c->witness)) cert_is(*c, "witness key", false, false);
      else if (asked == c->name) cert_is(*c, "all keys", true, true);
    } else if (const auto epochs = crypto::parse_epoch(note->text); epochs.ok()) {
      const crypto::Cert* owner = desk.directory.cert(epochs->cert);
      for (const crypto::EpochKey& k : epochs->keys) {
        if (owner == nullptr || (!names(asked, k.key) && asked != base::hex(crypto::epoch_kid(k.key)))) continue;
        cert_is(*owner, ("epoch key " + std::to_string(k.epoch)).c_str(), true, false);
        e.from = k.from, e.until = k.until, e.destroyed = k.destroy_after;
      }
    }
  }
  return out;
}

}  // namespace

base::Result<Exposure> exposure(keep::Tx& tx, const mail::Desk& desk, const std::string& key, base::Instant from, base::Instant until) {
  Which found = which(desk, key);
  if (!found.known) return base::Error{base::Kind::kNotFound, "no certificate and no epoch note has this key", "key", "a public key in hex or base64, an epoch key's id, or an agency's name"};
  Exposure e = std::move(found.e);
  if (from > e.from) e.from = from;
  if (until.ms != 0 && until < e.until) e.until = until;
  std::map<std::pair<base::Id, base::Id>, Exposed> rows;
  tx.scan(Table::kMessage, {}, [&](base::View, base::View v) {
    const auto m = keep::unpack<keep::Message>(v);
    if (!m || m->index == keep::kNoIndex || m->created < e.from || m->created >= e.until) return true;
    const bool by = m->sender == e.agent, to = std::ranges::find(m->to, e.agent) != m->to.end() || (!m->outgoing && e.agent == desk.self);
    const bool opened = e.opens && to && !by, doubtful = e.signs && by;
    if (!opened && !doubtful) return true;
    const base::Id other = m->outgoing ? (m->to.empty() ? e.agent : m->to.front()) : m->sender;
    Exposed& row = rows[{m->thread_id, other}];
    row.thread_id = m->thread_id, row.other = other;
    row.opened += opened, row.doubtful += doubtful;
    if (row.first.ms == 0 || m->created < row.first) row.first = m->created;
    row.last = std::max(row.last, m->created);
    return true;
  });
  for (auto& [id, row] : rows) e.threads.push_back(row);
  std::ranges::sort(e.threads, {}, &Exposed::first);
  return e;
}

}  // namespace adapters::agent::account
