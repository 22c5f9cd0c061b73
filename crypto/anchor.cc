// The anchor: what a member pins. Its text, its tlog-policy lines, and how one anchor follows another. See certificate.h.
#include <algorithm>
#include <set>

#include "crypto/certificate.h"
#include "crypto/internal/lines.h"

namespace crypto {

using base::Error;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using internal::LineReader;
using internal::put;

namespace {

constexpr std::pair<std::string_view, std::uint64_t> kLimits[] = {
    {"age-ms", 24 * base::kHour},
    {"audit-path", 63},
    {"batch-frame-bytes", 4U << 20},
    {"body-bytes", 256U << 10},
    {"clock-skew-ms", 2 * base::kMinute},
    {"groups-per-batch", kMaxGroups},
    {"in-flight", 4},
    {"mailbox-groups", 100'000},
    {"messages-per-group", kMaxMessages},
    {"note-bytes", 32U << 10},
    {"slots-per-group", kMaxSlots},
};

constexpr std::string_view kAuthority = "/authority/";

bool known_limit(std::string_view limit, std::uint64_t value) {
  return std::any_of(std::begin(kLimits), std::end(kLimits),
                     [&](const auto& l) { return l.first == limit && value >= 1 && value <= l.second; });
}

// C2SP tlog-policy without its log lines: witness NAME VKEY [URL], group NAME any|all|K MEMBER..., and one last quorum NAME|none.
class PolicyLines {
 public:
  void read(LineReader& r, std::vector<std::string>& out) {
    while (r.next_is("witness") || r.next_is("group")) {
      bool group = r.next_is("group");
      out.emplace_back(r.take());
      auto words = internal::split(out.back(), ' ');
      if (!(group ? add_group(words) : add_witness(words))) r.fail("not a witness or group line");
    }
    auto quorum = r.value("quorum");
    out.push_back("quorum " + std::string(quorum));
    if (quorum != "none" && !free_.contains(std::string(quorum))) r.fail("the quorum names no witness or group");
  }

 private:
  bool declare(std::string_view name) {
    return internal::is_name(name) && name != "none" && declared_.emplace(name).second && free_.emplace(name).second;
  }

  bool add_witness(const std::vector<std::string_view>& w) {
    if (w.size() != 3 && w.size() != 4) return false;
    auto key = parse_vkey(w[2]);
    return key.ok() && key->alg == NoteAlg::kCosignature && keys_.insert(key->key).second && declare(w[1]) &&
           !(w.size() == 4 && w[3].empty());
  }

  bool add_group(const std::vector<std::string_view>& w) {
    if (w.size() < 4) return false;
    for (std::size_t i = 3; i < w.size(); ++i) {
      if (free_.erase(std::string(w[i])) != 1) return false;  // unknown, or already in a group
    }
    auto k = internal::decimal(w[2]);
    return declare(w[1]) && (w[2] == "any" || w[2] == "all" || (k && *k >= 1 && *k <= w.size() - 3));
  }

  std::set<std::string> declared_, free_;
  std::set<PublicKey> keys_;
};

void read_authorities(LineReader& r, Anchor& a) {
  std::uint64_t last = 0;
  while (r.next_is("authority")) {
    auto key = parse_vkey(r.value("authority"));
    if (!key.ok() || key->alg != NoteAlg::kEd25519) return r.fail("not an Ed25519 verifier key");
    auto at = key->name.rfind(kAuthority);
    auto number = at == std::string::npos ? std::nullopt : internal::decimal(std::string_view(key->name).substr(at + kAuthority.size()));
    if (!number || *number <= last) return r.fail("an authority is named <consortium>/authority/<i>, i rising from 1");
    auto consortium = key->name.substr(0, at);
    if (a.authorities.empty()) a.consortium = consortium;
    if (consortium != a.consortium || !internal::is_name(consortium)) return r.fail("an authority of another or an unfit consortium name");
    last = *number;
    a.authorities.push_back(std::move(key).value());
  }
}

void read_limits(LineReader& r, Anchor& a) {
  std::string_view last;
  while (r.next_is("limit")) {
    auto w = r.values("limit", 2);
    auto value = r.as_number(w[1]);
    if (w[0] <= last || !known_limit(w[0], value)) return r.fail("not a known limit, over suite 1's value, or out of order");
    last = w[0];
    a.limits.emplace_back(w[0], value);
  }
}

bool distinct_keys(const Anchor& a) {
  std::set<PublicKey> keys{a.log.key, a.hub_transport};
  for (const auto& v : a.authorities) keys.insert(v.key);
  for (const auto& w : a.witnesses()) keys.insert(w.key);
  return keys.size() == 2 + a.authorities.size() + a.witnesses().size();
}

}  // namespace

std::span<const std::pair<std::string_view, std::uint64_t>> suite1_limits() { return kLimits; }

std::vector<VerifierKey> Anchor::witnesses() const {
  std::vector<VerifierKey> out;
  for (const auto& line : tlog_policy) {
    auto words = internal::split(line, ' ');
    if (words[0] != "witness" || words.size() < 3) continue;
    auto key = parse_vkey(words[2]);
    if (key.ok()) out.push_back(std::move(key).value());
  }
  return out;
}

std::string Anchor::text() const {
  std::string out = "sfh-anchor/v1\n";
  put(out, "version", version);
  put(out, "threshold", threshold);
  put(out, "revoke-threshold", revoke_threshold);
  for (const auto& a : authorities) put(out, "authority", a.text());
  put(out, "log", log.text());
  put(out, "hub-transport", base::base64(View(hub_transport)));
  for (const auto& line : tlog_policy) out += line + "\n";
  for (const auto& [limit, value] : limits) put(out, "limit", limit + " " + std::to_string(value));
  if (test) out += "test\n";
  put(out, "prev", base::hex(View(prev)));
  return out;
}

Result<Anchor> parse_anchor(std::string_view note_text) {
  LineReader r(note_text, "sfh-anchor/v1");
  Anchor a;
  auto small = [&](std::string_view key) {
    auto v = r.number(key);
    if (v < 1 || v > UINT32_MAX) r.fail(std::string(key) + " is out of range");
    return static_cast<std::uint32_t>(v);
  };
  a.version = small("version");
  a.threshold = small("threshold");
  a.revoke_threshold = small("revoke-threshold");
  read_authorities(r, a);
  if (a.authorities.empty() || a.threshold > a.authorities.size() || a.revoke_threshold > a.authorities.size())
    r.fail("fewer authorities than a threshold needs");
  auto log = parse_vkey(r.value("log"));
  if (!log.ok() || log->alg != NoteAlg::kEd25519 || !internal::is_name(log->name)) {
    r.fail("not an Ed25519 verifier key with a fit origin name");
  } else {
    a.log = std::move(log).value();
  }
  a.hub_transport = r.key("hub-transport");
  PolicyLines().read(r, a.tlog_policy);
  read_limits(r, a);
  a.test = r.flag("test");
  a.prev = r.hash("prev");
  if ((a.version == 1) != base::all_zero(View(a.prev))) r.fail("only the first anchor has no predecessor");
  if (!distinct_keys(a)) r.fail("one key has two roles");
  TRY(r.done());
  return a;
}

Status check_rotation(const Anchor& old, const Hash& old_hash, const Anchor& next) {
  if (next.consortium != old.consortium || next.test != old.test)
    return Error{Kind::kConflict, "an anchor of another consortium, or of another test flag"};
  if (next.version != old.version + 1 || next.prev != old_hash)
    return Error{Kind::kConflict, "an anchor that does not follow the current one"};
  return {};
}

Result<Anchor> verify_anchor_chain(std::span<const std::string> whole_notes) {
  std::optional<Anchor> current;
  Hash hash{};
  for (const auto& whole : whole_notes) {
    TRY_ASSIGN(auto note, parse_note(whole));
    TRY_ASSIGN(auto next, parse_anchor(note.text));
    if (current) {
      TRY(check_rotation(*current, hash, next));
      TRY_ASSIGN(auto by_old, count_signers(note, current->authorities, next.authorities));
      if (by_old < current->threshold) return Error{Kind::kBadSignature, "an anchor without enough signatures of the one before"};
    } else if (next.version != 1) {
      return Error{Kind::kConflict, "an anchor chain begins with version 1"};
    }
    TRY_ASSIGN(auto by_new, count_signers(note, next.authorities,
                                          current ? std::span<const VerifierKey>(current->authorities) : std::span<const VerifierKey>()));
    if (by_new < next.threshold) return Error{Kind::kBadSignature, "an anchor without enough signatures of its own authorities"};
    hash = note.hash();
    current = std::move(next);
  }
  if (!current) return base::malformed("an anchor chain without an anchor");
  return std::move(*current);
}

}  // namespace crypto
