// See hub_line.h.
#include "cli/counter/hub_line.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/counter/hub_rows.h"
#include "cli/counter/log_check.h"
#include "cli/counter/verified.h"
#include "cli/counter/vouched.h"
#include "crypto/log_keys.h"
#include "crypto/secret.h"
#include "hub/client/anchors.h"

namespace cli::counter {
namespace {

namespace wire = hub::client::wire;
using What = wire::LogGet::What;

class Line : public HubLine {
 public:
  Line(crypto::Directory anchored, const crypto::PublicKey& server, std::unique_ptr<hub::net::Context> context, crypto::BoxKey key)
      : anchored_(std::move(anchored)), server_(server), context_(std::move(context)), key_(std::move(key)) {}

  base::Status open(const std::string& endpoint) {
    hub::client::Options options;
    options.endpoint = endpoint;
    options.server = server_;
    options.credit = 0;
    options.checkpoint = [] { return std::string(); };
    options.dir_seq = [] { return std::uint64_t{0}; };
    TRY_ASSIGN(client_, hub::client::Client::start(*context_, key_, options, {}));
    if (!client_->wait_connected(15'000))
      return base::Error{base::Kind::kBusy, "the hub does not answer", endpoint, "is it running, and is this credential in its directory?"};
    return fetch_notes();
  }

  base::Result<std::shared_ptr<Json>> ask(const Json& question, const Progress& progress) override {
    const std::string op = question.at("op");
    auto out = std::make_shared<Json>(Json::object());
    if (op == "audit.trail" || op == "audit.search") {
      TRY(search(question, op == "audit.trail", *out));
    } else if (op == "audit.verify") {
      TRY(verify(question, *out, progress));
    } else {
      return base::Error{base::Kind::kUsage, "a hub cannot answer this", op, "ask an agent: --agent DATA_DIR"};
    }
    if (!out->contains("ok")) (*out)["ok"] = true;
    return out;
  }

 private:
  base::Status fetch_notes() {
    for (;;) {
      TRY_ASSIGN(const auto got, client_->dir_get({notes_.size(), 256, {}}));
      for (const auto& n : got.notes) notes_.push_back(n);
      if (got.notes.empty() || notes_.size() >= got.dir_seq) break;
    }
    directory_ = std::make_unique<crypto::Directory>(anchored_);
    for (const auto& n : notes_) TRY(directory_->add(n.note, n.log_index, {n.hub_time}).ok() ? base::Status() : bad_note());
    return {};
  }
  static base::Status bad_note() {
    return base::Error{base::Kind::kBadSignature, "the hub's directory does not follow from the anchor", "directory",
                       "is this the right anchor? if so, tell the authority"};
  }

  base::Result<crypto::Checkpoint> checkpoint(std::string* whole = nullptr) {
    TRY_ASSIGN(auto got, client_->log_get({What::kCheckpoint, 0, 0, 0}));
    if (whole != nullptr) *whole = got.checkpoint;
    if (auto c = crypto::open_checkpoint(got.checkpoint, *directory_); c.ok()) return c;
    TRY(fetch_notes());  // an anchor that came since may name another log key
    return crypto::open_checkpoint(got.checkpoint, *directory_);
  }

  base::Status search(const Json& question, bool whole_thread, Json& out) {
    TRY_ASSIGN(auto query, search_of(question, *directory_));
    wire::Found found;
    Json rows = Json::array();
    Prover prover(*client_, *directory_);
    do {
      TRY_ASSIGN(found, client_->search(query));
      TRY(fetch_notes());  // a row may be of somebody who has joined since
      TRY_ASSIGN(const auto head, checkpoint());
      for (const auto& row : found.rows) rows.push_back(row_json(row, *directory_, prover.prove(row, head)));
      if (!out.contains("access_index")) out["access_index"] = found.access_index;
      if (query.before_index != 0 && found.next_before >= query.before_index)
        return base::malformed("the hub's pages do not go on", "next", "tell its operator");
      query.before_index = found.next_before;
    } while (whole_thread && found.next_before != 0);
    if (whole_thread) std::reverse(rows.begin(), rows.end());
    out["rows"] = std::move(rows);
    out["indexed_upto"] = found.indexed_upto;
    out["size"] = found.size;
    if (found.next_before != 0) out["next"] = found.next_before;
    return {};
  }

  // `from`: the head that was kept (verified.h). `since`, `since_time`: from that entry or time on alone.
  base::Status verify(const Json& question, Json& out, const Progress& progress) {
    std::string note;
    TRY_ASSIGN(const auto cosigned, client_->log_get({What::kWitnessed, 0, 0, 0}));
    TRY_ASSIGN(const auto head, checkpoint(&note));
    TRY(fetch_notes());  // after the checkpoint: those that were logged since this line was opened are in it
    const Source hub = source();
    std::uint64_t since = question.value("since", std::uint64_t{0});
    if (question.contains("since_time")) {
      const auto t = base::parse_rfc3339(question.value("since_time", std::string()));
      if (!t) return base::Error{base::Kind::kUsage, "expected a time such as 2026-10-05T14:00:00Z", "--since"};
      TRY_ASSIGN(since, entry_at(hub, head.size, *t));
    }
    const auto kept = question.contains("from") ? head_from(question.at("from")) : std::nullopt;
    // A consortium that was founded anew may use the old names.
    const std::string log = head.origin + " " + base::hex(crypto::sha256(base::view(anchored_.anchor().text())));
    const bool same_log = kept && kept->log == log;
    TRY_ASSIGN(const auto v, since != 0 ? check_log_since(hub, head, since, progress)
                                        : check_log(hub, head, same_log ? std::optional(kept->verified) : std::nullopt, progress));
    out = {{"ok", !v.bad}, {"since", v.since}, {"entries", v.mark.size}, {"root", base::hex(v.root)}, {"checkpoint", note}};
    TRY_ASSIGN(const auto others, vouched(*directory_, cosigned.checkpoint, head, [this](std::uint64_t from, std::uint64_t to) -> base::Result<std::vector<crypto::Hash>> {
                 TRY_ASSIGN(auto got, client_->log_get({What::kConsistency, from, to, 0}));
                 return std::move(got.path);
               }));
    out["witnessed"] = {{"quorum", others.quorum}, {"size", others.size}, {"by", others.by}};
    if (const auto& bad = v.bad ? v.bad : others.bad) out["ok"] = false, out["first_bad"] = {{"index", bad->index}, {"why", bad->why}};
    if (out["ok"] == true && since == 0) out["mark"] = to_json({{v.mark, v.root, {}}, log});
    return {};
  }

  Source source() {
    Source s;
    s.entries = [this](std::uint64_t from, std::uint64_t to) -> base::Result<base::Bytes> {
      TRY_ASSIGN(auto got, client_->log_get({What::kEntries, from, to, 0}));
      return std::move(got.data);
    };
    s.tile = [this](unsigned level, std::uint64_t n, unsigned width) -> base::Result<base::Bytes> {
      TRY_ASSIGN(auto got, client_->log_get({What::kTile, n, width, static_cast<std::uint8_t>(level)}));
      return std::move(got.data);
    };
    s.note = [this](std::uint64_t dir_seq) { return dir_seq <= notes_.size() ? std::optional(notes_[dir_seq - 1].note) : std::nullopt; };
    s.directory = [this](std::uint64_t dir_seq) -> base::Result<crypto::Directory> {
      crypto::Directory d = anchored_;
      if (dir_seq > notes_.size()) return bad_note().error();
      for (std::size_t i = 0; i < dir_seq; ++i) {
        if (!d.add(notes_[i].note, notes_[i].log_index, {notes_[i].hub_time}).ok()) return bad_note().error();
      }
      return d;
    };
    return s;
  }

  crypto::Directory anchored_;
  const crypto::PublicKey server_;  // of the newest anchor that is here as a file
  std::unique_ptr<hub::net::Context> context_;
  crypto::BoxKey key_;
  std::vector<wire::DirNote> notes_;
  std::unique_ptr<crypto::Directory> directory_;
  std::unique_ptr<hub::client::Client> client_;  // last: ends first
};

base::Result<std::string> read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::Error{base::Kind::kNotFound, "the file cannot be read", file, "the profile names it"};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

base::Result<crypto::BoxKey> read_key(const std::string& file) {
  TRY_ASSIGN(auto text, read(file));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  auto bytes = base::unhex(text);
  crypto::wipe(text.data(), text.size());
  if (!bytes || bytes->size() != 32) return base::malformed("a transport key is 64 hex digits", file);
  crypto::Secret<32> secret;
  std::copy(bytes->begin(), bytes->end(), secret.data());
  crypto::wipe(bytes->data(), bytes->size());
  return crypto::BoxKey::from_secret(secret);
}

}  // namespace

base::Result<std::unique_ptr<HubLine>> HubLine::connect(const Profile& profile) {
  TRY_ASSIGN(const auto anchor, read(profile.anchor));
  TRY_ASSIGN(auto directory, crypto::Directory::start(anchor));
  TRY_ASSIGN(auto key, read_key(profile.key));
  TRY_ASSIGN(const auto newest, crypto::verify_anchor_chain(hub::client::anchor_notes(profile.anchor)));
  auto line = std::make_unique<Line>(std::move(directory), newest.hub_transport, std::make_unique<hub::net::Context>(), std::move(key));
  TRY(line->open(profile.hub));
  return std::unique_ptr<HubLine>(std::move(line));
}

}  // namespace cli::counter
