// init, anchor show, anchor rotate.
#include <algorithm>
#include <ostream>

#include "cli/authority/commands.h"
#include "cli/authority/files.h"
#include "cli/authority/quorum.h"
#include "cli/authority/report.h"

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using crypto::Anchor;
using crypto::Note;
using crypto::NoteAlg;
using crypto::SignKey;

namespace {

struct NewAuthority {
  unsigned number;
  SignKey key;
};

// The parts of an anchor that init and rotate take from flags.
Status apply_flags(const Args& args, Anchor& a) {
  TRY_ASSIGN(a.threshold, args.number("--threshold", a.threshold, 1, 1000));
  TRY_ASSIGN(a.revoke_threshold, args.number("--revoke-threshold", a.version == 1 ? a.threshold : a.revoke_threshold, 1, 1000));
  if (args.has("--log-key")) {
    TRY_ASSIGN(a.log, crypto::parse_vkey(args.get("--log-key")));
  }
  if (args.has("--origin") && args.get("--origin") != a.log.name)
    return Error{Kind::kUsage, "the log key is of another origin", "--origin", "make the log key for this origin"};
  if (args.has("--hub-transport")) {
    auto raw = base::unbase64(args.get("--hub-transport"));
    if (!raw || raw->size() != 32) return Error{Kind::kUsage, "not base64 of 32 bytes", "--hub-transport", "handoff-hub keygen prints it"};
    a.hub_transport = base::fixed<32>(View(*raw));
  }
  if (args.has("--tlog-policy")) {
    TRY_ASSIGN(auto text, read_file(args.get("--tlog-policy")));
    a.tlog_policy.clear();
    for (std::size_t from = 0; from < text.size();) {
      auto end = std::min(text.find('\n', from), text.size());
      if (end > from && text[from] != '#') a.tlog_policy.push_back(text.substr(from, end - from));
      from = end + 1;
    }
  }
  return {};
}

void tell(const Anchor& a, const crypto::Hash& hash, Report& report) {
  report.add("consortium", a.consortium);
  report.add("version", std::uint64_t{a.version});
  report.add("threshold", std::uint64_t{a.threshold});
  report.add("revoke_threshold", std::uint64_t{a.revoke_threshold});
  std::vector<std::string> names;
  for (const auto& v : a.authorities) names.push_back(v.text());
  report.add("authorities", names);
  report.add("log", a.log.text());
  report.add("hub_transport", base::base64(View(a.hub_transport)));
  report.add("test", a.test);
  report.add("hash", base::hex(View(hash)));
  report.add("read_aloud", spoken(hash));
}

Status save_keys(const std::vector<NewAuthority>& fresh, bool test, const std::filesystem::path& dir, const Args& args,
                 const Context& context) {
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    TRY_ASSIGN(auto pass, passphrase(args, context, i));
    TRY(save_key(dir / ("authority-" + std::to_string(fresh[i].number) + ".key"), fresh[i].key, pass, test, context));
  }
  return {};
}

std::vector<NewAuthority> make_authorities(Anchor& a, unsigned first, unsigned n, const Context& context) {
  std::vector<NewAuthority> out;
  for (unsigned i = first; i < first + n; ++i) {
    out.push_back({i, SignKey::generate(*context.random)});
    a.authorities.push_back({crypto::authority_name(a.consortium, i), NoteAlg::kEd25519, out.back().key.public_key()});
  }
  return out;
}

unsigned number_of(const crypto::VerifierKey& authority) {
  return static_cast<unsigned>(std::stoul(authority.name.substr(authority.name.rfind('/') + 1)));
}

}  // namespace

Outcome init(const Args& args, const Context& context) {
  Anchor a;
  a.consortium = args.get("--consortium");
  a.test = args.has("--test");
  a.tlog_policy = {"quorum none"};
  TRY_ASSIGN(auto n, args.number("--authorities", 0, 1, 32));
  TRY(apply_flags(args, a));
  // No single key may enrol anybody (protocol 3, split of duties).
  if (a.threshold < 2 && !a.test)
    return Error{Kind::kUsage, "a threshold below 2 lets one person enrol anybody", "--threshold", "use 2 or more, or --test"};
  auto fresh = make_authorities(a, 1, n, context);
  TRY(crypto::parse_anchor(a.text()).ok() ? Status() : Status(crypto::parse_anchor(a.text()).error()));
  const std::filesystem::path dir = args.word(0);
  if (std::filesystem::exists(dir / "anchor.note"))
    return Error{Kind::kConflict, "this folder already has an anchor", dir.string(), "choose another folder"};
  TRY(make_dir(dir));
  TRY(save_keys(fresh, a.test, dir, args, context));
  Note note{a.text(), {}};
  for (const auto& f : fresh) note.sign(crypto::authority_name(a.consortium, f.number), f.key);
  TRY(Desk::create(dir, note.whole()));
  TRY_ASSIGN(auto desk, Desk::open(dir));
  TRY(desk.record(note.whole(), context.now()));
  Report report;
  tell(a, note.hash(), report);
  report.add("file", desk.anchor_file(1).string());
  report.print(args, context);
  return Exit::kOk;
}

Outcome anchor_show(const Args& args, const Context& context) {
  std::filesystem::path file = args.word(0);
  bool complete = true;
  if (std::filesystem::is_directory(file)) {
    TRY_ASSIGN(auto desk, Desk::open(file));
    file = desk.anchor_file(desk.directory().anchor().version);
  }
  TRY_ASSIGN(auto whole, read_file(file));
  TRY_ASSIGN(auto note, crypto::parse_note(whole));
  TRY_ASSIGN(auto a, crypto::parse_anchor(note.text));
  unsigned own = 0;
  for (const auto& authority : a.authorities) own += note.signed_by(authority) ? 1 : 0;
  complete = own >= a.threshold;
  Report report;
  tell(a, note.hash(), report);
  report.add("signatures", std::uint64_t{own});
  report.add("complete", complete);
  report.print(args, context);
  if (!complete) *context.err << "handoff-authority: this anchor lacks signatures of its own authorities\n";
  return complete ? Exit::kOk : Exit::kFinding;
}

Outcome anchor_rotate(const Args& args, const Context& context) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  const Anchor old = desk.directory().anchor();
  Anchor next = old;
  next.version = old.version + 1;
  TRY_ASSIGN(auto current, read_file(desk.anchor_file(old.version)));
  TRY_ASSIGN(auto current_note, crypto::parse_note(current));
  next.prev = current_note.hash();
  TRY(apply_flags(args, next));
  if (next.log.name != old.log.name && !args.has("--origin"))
    return Error{Kind::kUsage, "the log key is of another origin: the log would lose its name", "--log-key", "handoff-hub keygen --next keeps it; where a new log begins, say --origin NAME"};
  if (args.has("--witnesses")) {
    if (args.has("--tlog-policy")) return Error{Kind::kUsage, "two quorums", "--witnesses", "give it or --tlog-policy"};
    TRY_ASSIGN(next.tlog_policy, quorum_lines(desk, args.get("--witnesses"), context.now()));
  }
  TRY_ASSIGN(auto gone, args.numbers("--remove"));
  std::erase_if(next.authorities, [&](const auto& v) { return std::find(gone.begin(), gone.end(), number_of(v)) != gone.end(); });
  TRY_ASSIGN(auto added, args.number("--add", 0, 0, 32));
  auto fresh = make_authorities(next, number_of(old.authorities.back()) + 1, added, context);
  auto checked = crypto::parse_anchor(next.text());
  if (!checked.ok()) return checked.error();
  TRY(save_keys(fresh, next.test, desk.dir(), args, context));

  Note note{next.text(), {}};
  TRY_ASSIGN(auto numbers, args.numbers("--as"));
  if (numbers.empty()) {
    TRY_ASSIGN(numbers, signers(args, desk, old.authorities, old.threshold));
    TRY_ASSIGN(auto of_new, signers(args, desk, next.authorities, static_cast<unsigned>(next.authorities.size())));
    for (auto i : of_new) {
      if (std::find(numbers.begin(), numbers.end(), i) == numbers.end()) numbers.push_back(i);
    }
  }
  auto both = old.authorities;
  both.insert(both.end(), next.authorities.begin(), next.authorities.end());
  TRY(sign_as(note, numbers, both, desk, args, context));
  Report report;
  tell(next, note.hash(), report);
  return finish(desk, note, args.get("-o"), report, args, context);
}

}  // namespace cli::authority
