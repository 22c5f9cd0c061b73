// bench_stages seal|verify|open|log|decide|witness: the stages of a message on one core, microseconds a message; best of several windows, so
// that a neighbour on the machine disturbs less.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>

#include "adapters/agent/witness/judge.h"
#include "crypto/merkle.h"
#include "schemas/frames.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/view.h"
#include "tests/bench/meter.h"
#include "tests/kit/consortium.h"

namespace {

constexpr int kWindows = 8;
constexpr std::int64_t kWindowNs = 150'000'000;

// Nanoseconds of one call of `work`, best window.
double best(const std::function<void()>& work) {
  work();
  double least = 1e18;
  for (int w = 0; w < kWindows; ++w) {
    const std::int64_t start = bench::now_ns();
    std::int64_t n = 0;
    do {
      work();
      ++n;
    } while (bench::now_ns() - start < kWindowNs);
    least = std::min(least, static_cast<double>(bench::now_ns() - start) / static_cast<double>(n));
  }
  return least;
}

struct Stage {
  kit::Consortium county{{{"stb", "hospital_ed"}, {"harbor", "crisis_center"}}};
  crypto::SealRequest request;
  base::Bytes frame;

  Stage(std::size_t body, unsigned n) {
    request = county.request("stb", {{.to = "harbor", .body = std::string(body - 4, 'x'), .copies = n}});
    frame = kit::Consortium::frame(county.seal("stb", request));
  }
  void seal() { kit::Consortium::frame(county.seal("stb", request)); }
  void verify() {
    auto parts = schemas::decode_batch(frame);
    auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
    if (!crypto::check_signature(*parts, county.agent("stb").cert.sign).ok() ||
        !crypto::check_hashes(*parts, *parsed, crypto::Frame::kBatch).ok())
      std::abort();
  }
  void open() {
    auto parts = schemas::decode_batch(frame);
    auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
    if (!crypto::check_signature(*parts, county.agent("stb").cert.sign).ok() ||
        !crypto::check_hashes(*parts, *parsed, crypto::Frame::kBatch).ok())
      std::abort();
    const auto& harbor = county.agent("harbor");
    const auto& group = parsed->groups[0];
    if (!crypto::open(parts->groups[0], group, harbor.id(), harbor.epoch_keys.at(group.grp.slots[0].epoch)).ok()) std::abort();
  }
};

void messages(const std::string& what) {
  std::printf("%-8s %8s %10s %10s %10s %10s %12s\n", what.c_str(), "body B", "N=1", "16", "64", "256", "wire B/msg@64");
  for (std::size_t body : {256, 1024, 8192}) {
    std::printf("%-8s %8zu", "us/msg", body);
    double wire = 0;
    for (unsigned n : {1U, 16U, 64U, 256U}) {
      if (n * body > 2u << 20) {  // padded, it would not fit a frame of 4 MiB
        std::printf(" %10s", "-");
        continue;
      }
      Stage s(body, n);
      const double ns = best([&] { what == "seal" ? s.seal() : what == "verify" ? s.verify() : s.open(); });
      std::printf(" %10.2f", ns / 1e3 / n);
      if (n == 64) wire = static_cast<double>(s.frame.size()) / n;
    }
    std::printf(" %12.0f\n", wire);
  }
}

void log() {
  constexpr std::uint64_t kSize = 1 << 16;
  const base::Bytes entry(112, 7);
  std::vector<std::vector<base::Hash>> levels(17);
  crypto::Frontier tree;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    tree.append(crypto::merkle_leaf(entry), [&](unsigned level, std::uint64_t, const base::Hash& h) { levels[level].push_back(h); });
  }
  const auto read = [&](unsigned level, std::uint64_t i) -> std::optional<base::Hash> { return levels.at(level).at(i); };
  const double raw = best([&] { crypto::sha256(entry); });
  const double append = best([&] {
                          crypto::Frontier f;
                          for (int i = 0; i < 1024; ++i) f.append(crypto::merkle_leaf(entry));
                        }) /
                        1024;
  const auto path = *crypto::prove_inclusion(12345, kSize, read);
  const double prove = best([&] {
    if (!crypto::prove_inclusion(12345, kSize, read).ok()) std::abort();
  });
  const double check = best([&] {
    if (!crypto::verify_inclusion(12345, kSize, crypto::merkle_leaf(entry), path, tree.root())) std::abort();
  });
  std::printf(
      "log      raw SHA-256 of an entry %.0f ns | append to the tree %.0f ns (%.2f of the raw rate) | prove in 65,536 %.1f us | verify a "
      "proof %.1f us\n",
      raw, append, raw / append, prove / 1e3, check / 1e3);
}

// A policy of 60 flows over the county's kinds: an allowed referral, a denied status, and the view of a reader.
void decide() {
  std::string toml = "flow = [\n";
  for (int i = 0; i < 60; ++i)
    toml += " {id=\"F" + std::to_string(i) + "\", from=[\"ems\",\"fire\"], to=[\"hospital_ed\"], kinds=[\"Referral\",\"FollowUp\"], " +
            "purpose=[\"TREAT\"], basis=[\"consent\",\"hold\"], decision=\"" + (i == 59 ? "allow" : "consent") + "\", view=\"v\"},\n";
  toml +=
      "]\n[policy]\nid = \"bench\"\nversion = 1\neffective = 2026-10-01T00:00:00Z\nstate_pack = \"CO-2026.1\"\n"
      "[view.v]\nfields = [\"urgency\",\"service\",\"reason\",\"callback\",\"hold\",\"risk\"]\n";
  const auto policy = schemas::policy::parse_policy(toml);
  if (!policy.ok()) std::abort();
  schemas::policy::Ask yes, no;
  yes.from_kind = "ems", yes.to_kind = "hospital_ed", yes.kind = schemas::MsgKind::kReferral, yes.purpose = schemas::Purpose::kTreat;
  yes.basis = "hold", yes.labels = {"mh"}, yes.now = *base::parse_rfc3339("2026-10-05T14:00:00Z");
  no = yes;
  no.to_kind = "police", no.labels = {"mh", "part2"};
  if (!schemas::policy::decide(*policy, yes).allowed || schemas::policy::decide(*policy, no).allowed) std::abort();
  schemas::Body body;
  schemas::Referral referral;
  referral.urgency = "urgent", referral.notes = {"n"}, referral.subject.name.family = "D";
  body.payload = referral;
  const double allow = best([&] { (void)schemas::policy::decide(*policy, yes); });
  const double deny = best([&] { (void)schemas::policy::decide(*policy, no); });
  const double cut = best([&] { (void)schemas::policy::apply(*policy, "v", body); });
  std::printf("decide   allow %.0f/s (%.2f us) | deny %.0f/s (%.2f us) | cut a referral to a view %.2f us\n", 1e9 / allow, allow / 1e3,
              1e9 / deny, deny / 1e3, cut / 1e3);
}

// One round of 20 witnesses without the network and the disk: each reads the request, checks the log's signature and a consistency proof, and
// signs; the hub checks every line and the quorum (11 of 20) each time one comes in.
void witness() {
  constexpr std::uint64_t kOld = 60'000, kNew = 65'000;
  constexpr unsigned kWitnesses = 20;
  crypto::SignKey log_key = crypto::SignKey::generate(crypto::system_random());
  const crypto::VerifierKey log{"bench.example/hub", crypto::NoteAlg::kEd25519, log_key.public_key()};
  std::vector<std::vector<base::Hash>> levels(17);
  crypto::Frontier tree;
  adapters::agent::witness::Signed signed_so_far{log.name, kOld, {}};
  for (std::uint64_t i = 0; i < kNew; ++i) {
    if (i == kOld) signed_so_far.root = tree.root();
    base::Bytes entry(112, 7);
    base::store_le(entry.data(), i);
    tree.append(crypto::merkle_leaf(entry), [&](unsigned level, std::uint64_t, const base::Hash& h) { levels[level].push_back(h); });
  }
  const auto read = [&](unsigned level, std::uint64_t i) -> std::optional<base::Hash> { return i < levels.at(level).size() ? std::optional(levels.at(level)[i]) : std::nullopt; };
  const crypto::Checkpoint checkpoint{log.name, kNew, tree.root()};
  const std::string body = crypto::AddCheckpoint{kOld, *crypto::prove_consistency(kOld, kNew, read), crypto::sign_checkpoint(checkpoint, log_key)}.text();
  crypto::Anchor anchor;
  std::vector<crypto::SignKey> keys;
  std::string group = "group g 11";
  for (unsigned i = 0; i < kWitnesses; ++i) {
    keys.push_back(crypto::SignKey::generate(crypto::system_random()));
    const std::string name = "w" + std::to_string(i);
    anchor.tlog_policy.push_back("witness " + name + " " + crypto::VerifierKey{"bench.example/witness/" + name, crypto::NoteAlg::kCosignature, keys.back().public_key()}.text());
    group += " " + name;
  }
  anchor.tlog_policy.push_back(group);
  anchor.tlog_policy.emplace_back("quorum g");
  const base::Instant now{1'790'000'000'000};
  const double sign = best([&] {
    const auto request = crypto::parse_add_checkpoint(body);
    if (adapters::agent::witness::judge(signed_so_far, log, *request).status != 200) std::abort();
    (void)crypto::cosign_line(checkpoint, "bench.example/witness/w0", keys[0], now);
  });
  const double round = best([&] {
    std::string note = crypto::parse_add_checkpoint(body)->checkpoint;
    crypto::Cosigned have;
    for (unsigned i = 0; i < kWitnesses; ++i) {
      const auto request = crypto::parse_add_checkpoint(body);
      if (adapters::agent::witness::judge(signed_so_far, log, *request).status != 200) std::abort();
      note += crypto::cosign_line(checkpoint, "bench.example/witness/w" + std::to_string(i), keys[i], now);
      have = crypto::cosigned(anchor, *crypto::parse_note(note));
    }
    if (!have.quorum || have.by.size() != kWitnesses) std::abort();
  });
  std::printf("witness  judge and sign %.0f us | a round of %u witnesses %.1f ms of one core: %.3f %% of it, every ten seconds\n", sign / 1e3, kWitnesses, round / 1e6, round / 1e8);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string what = argv[i];
    if (what == "log")
      log();
    else if (what == "decide")
      decide();
    else if (what == "witness")
      witness();
    else if (what == "seal" || what == "verify" || what == "open")
      messages(what);
    else
      return std::fprintf(stderr, "bench_stages seal|verify|open|log|decide|witness\n"), 2;
  }
  return 0;
}
