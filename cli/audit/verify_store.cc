// handoff audit verify --store DIR: a copy of a hub's store, offline, against the log's signature. Names the first bad entry.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/audit/store.h"
#include "cli/counter/print.h"
#include "crypto/directory.h"
#include "crypto/log_keys.h"

namespace cli::audit {
namespace {

using counter::Json;

struct Report {
  Log log;
  Finding bad;
  std::string anchor_hash;
};

// The given anchor is the one to trust; the store's own only shows that the store agrees with itself.
base::Result<Report> check(const counter::Call& call) {
  TRY_ASSIGN(const Store store, Store::open(call.get("store")));
  Report r;
  std::string anchor;
  if (call.has("anchor")) {
    TRY_ASSIGN(anchor, counter::read_file(call, call.get("anchor")));
  } else if (const auto stored = store.get(Rows::kMeta, base::view("anchor"))) {
    anchor = base::text(*stored);
  }
  auto directory = crypto::Directory::start(anchor);
  if (!directory.ok() && call.has("anchor"))
    return base::Error{base::Kind::kUsage, "this is not a consortium's anchor: " + directory.error().what, call.get("anchor"),
                       "give the anchor.note that the authority published"};
  if (!directory.ok()) {
    r.bad = Bad{std::nullopt, "the stored anchor is missing or damaged; give --anchor FILE to check the log without it"};
    return r;
  }
  r.anchor_hash = base::hex(crypto::parse_note(anchor)->hash());
  for (std::uint64_t seq = 1; seq <= store.count(Rows::kDir); ++seq) {  // later anchors may have named other log keys
    const auto row = store.get(Rows::kDir, seq);
    if (!row || row->size() < 16 || !directory->add(base::text(row->subspan(16)), base::load_le<std::uint64_t>(row->data()), {base::load_le<std::uint64_t>(row->data() + 8)}).ok()) break;
  }
  std::optional<crypto::Checkpoint> known;
  if (call.has("known")) {
    TRY_ASSIGN(const std::string note, counter::read_file(call, call.get("known")));
    const auto opened = crypto::open_checkpoint(note, *directory);
    if (!opened.ok()) return base::Error{base::Kind::kUsage, "this is not a checkpoint of this log: " + opened.error().what, call.get("known"), "give the \"checkpoint\" that audit verify --json printed"};
    known = *opened;
  }
  r.bad = check_log(store, *directory, known, r.log, counter::progress_to(call, "entries checked"));
  if (!r.bad) r.bad = check_behind(store, r.log.size);
  return r;
}

Json json(const Report& r, bool given) {
  Json j{
      {"ok", !r.bad}, {"entries", r.log.size}, {"root", base::base64(r.log.root)}, {"anchor_hash", r.anchor_hash}, {"anchor_given", given}};
  if (r.bad) j["first_bad"] = {{"index", r.bad->index ? Json(*r.bad->index) : Json()}, {"why", r.bad->why}};
  return j;
}

void print(std::ostream& out, const Report& r, bool given) {
  if (r.bad) {
    counter::wrap(
        out, 0,
        "THE STORE DOES NOT HOLD. " + (r.bad->index ? "Entry #" + std::to_string(*r.bad->index) + ": " : std::string()) + r.bad->why);
    return;
  }
  counter::wrap(out, 0, "the store holds: " + std::to_string(r.log.size) + " entries, root " + base::base64(r.log.root));
  counter::wrap(out, 0,
                given ? "signed by the log of the anchor that was given"
                      : "signed by the log of the anchor in the store itself; compare its hash with the published one: " + r.anchor_hash);
}

}  // namespace

counter::Exit verify_store(const counter::Call& call) {
  TRY_ASSIGN(const Report r, check(call));
  if (call.json()) {
    counter::print_json(call.out, json(r, call.has("anchor")));
  } else {
    print(call.out, r, call.has("anchor"));
  }
  return r.bad ? counter::kFinding : counter::kWorked;
}

}  // namespace cli::audit
