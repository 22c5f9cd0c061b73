// request show, issue, revoke, suspend, policy sign, sign, record.
#include <algorithm>
#include <ostream>

#include "cli/authority/commands.h"
#include "cli/authority/files.h"
#include "cli/authority/report.h"
#include "crypto/merkle.h"
#include "schemas/policy/header.h"
#include "schemas/policy/tools.h"

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using crypto::Cert;
using crypto::Note;
using crypto::NoteType;

namespace {

// Clocks differ: a certificate that begins now would be "not yet valid" at a hub that is a little behind.
constexpr std::uint64_t kSkew = 5 * base::kMinute;

void tell(const Cert& c, Report& report) {
  report.add("name", c.name);
  report.add("kind", c.kind);
  report.add("type", c.type);
  report.add("agency", base::hex(View(c.agency)));
  report.add("agent", base::hex(View(c.agent)));
  report.add("roles", c.roles);
  report.add("sign", base::base64(View(c.sign)));
}

struct Asked {
  crypto::Request request;
  Note note;
};
// Who rotates keys signs with the key that it has so far as well (by_holder); what counts here is the one that is to be certified.
Result<Asked> read_request(const std::string& file) {
  TRY_ASSIGN(auto whole, read_file(file));
  TRY_ASSIGN(auto note, crypto::parse_note(whole));
  TRY_ASSIGN(auto request, crypto::parse_request(note.text));
  const crypto::VerifierKey own{crypto::agent_name(request.consortium, request.cert.agent), crypto::NoteAlg::kEd25519, request.cert.sign};
  if (!note.signed_by(own))
    return Error{Kind::kBadSignature, "the request is not signed by the key that it names", file, "ask the agency for a new request"};
  return Asked{std::move(request), std::move(note)};
}

bool by_holder(const Asked& asked, const crypto::Cert& current) {
  return asked.note.signed_by({crypto::agent_name(asked.request.consortium, current.agent), crypto::NoteAlg::kEd25519, current.sign});
}

// CERT or AGENT on the command line: a certificate file, an agent's name, or its id.
Result<crypto::Hash> find_cert(const Desk& desk, const std::string& given) {
  if (std::filesystem::is_regular_file(given)) {
    TRY_ASSIGN(auto whole, read_file(given));
    TRY_ASSIGN(auto note, crypto::parse_note(whole));
    TRY_ASSIGN(auto cert, crypto::parse_cert(note.text));
    return crypto::sha256(base::view(cert.text()));
  }
  const auto* member = desk.directory().by_slug(given);
  if (auto id = base::unhex_id(given); !member && id) member = desk.directory().member(*id);
  if (!member)
    return Error{Kind::kNotFound, "no such agent in the register", given, "name a certificate file, or record the certificate first"};
  return member->cert_hash;
}

Result<std::optional<base::Instant>> since(const Args& args) {
  if (!args.has("--compromised-since")) return std::optional<base::Instant>();
  auto t = base::parse_rfc3339(args.get("--compromised-since"));
  if (!t) return Error{Kind::kUsage, "not a time such as 2026-10-05T14:00:00Z", "--compromised-since", ""};
  return t;
}

Result<std::vector<crypto::VerifierKey>> eligible(const Desk& desk, const Note& note) {
  TRY_ASSIGN(auto type, crypto::note_type(note.text));
  if (type == NoteType::kEpoch || type == NoteType::kLedger)
    return Error{Kind::kDenied, "authorities do not sign notes of this type", "note line 1", ""};
  auto out = desk.directory().anchor().authorities;
  if (type == NoteType::kAnchor) {
    TRY_ASSIGN(auto next, crypto::parse_anchor(note.text));
    out.insert(out.end(), next.authorities.begin(), next.authorities.end());
  }
  return out;
}

Outcome sign_and_finish(Desk& desk, const std::string& text, unsigned need, Report& report, const Args& args, const Context& context) {
  Note note{text, {}};
  const auto& authorities = desk.directory().anchor().authorities;
  TRY_ASSIGN(auto numbers, signers(args, desk, authorities, need));
  TRY(sign_as(note, numbers, authorities, desk, args, context));
  return finish(desk, note, args.get("-o"), report, args, context);
}

Outcome revoke_or_suspend(const Args& args, const Context& context, bool suspend_only) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  crypto::RevokeNote n;
  TRY_ASSIGN(n.cert, find_cert(desk, args.word(1)));
  n.suspend = suspend_only;
  n.reason = args.get("--reason", "suspended");
  TRY_ASSIGN(n.compromised_since, since(args));
  // The time also makes the text new: a note with the words of an old suspension would be refused as a replay of it.
  if (suspend_only && !n.compromised_since) n.compromised_since = context.now();
  if (auto parsed = crypto::parse_revoke(n.text()); !parsed.ok()) return Error{Kind::kUsage, parsed.error().what, "--reason", ""};
  Report report;
  report.add("note", std::string(suspend_only ? "suspend" : "revoke"));
  report.add("cert", base::hex(View(n.cert)));
  report.add("reason", n.reason);
  return sign_and_finish(desk, n.text(), suspend_only ? 1 : desk.directory().anchor().revoke_threshold, report, args, context);
}

}  // namespace

Outcome finish(Desk& desk, const Note& note, const std::string& file, Report& report, const Args& args, const Context& context) {
  auto complete = desk.directory().check(note.whole(), context.now());
  if (!complete.ok() && complete.error().kind != Kind::kBadSignature) return complete.error();
  TRY(write_file(file, base::view(note.whole())));
  if (complete.ok()) TRY(desk.record(note.whole(), context.now()));
  report.add("hash", base::hex(View(note.hash())));
  report.add("subject", base::hex(View(note.whole_hash())));
  report.add("signatures", std::uint64_t{note.signatures.size()});
  report.add("complete", complete.ok());
  if (!complete.ok()) report.add("missing", complete.error().what);
  report.add("file", file);
  report.print(args, context);
  return Exit::kOk;
}

Outcome request_show(const Args& args, const Context& context) {
  auto asked = read_request(args.word(0));
  if (!asked.ok() && asked.error().kind == Kind::kBadSignature) {
    *context.err << "handoff-authority: " << asked.error().message() << "\n";
    return Exit::kFinding;
  }
  if (!asked.ok()) return asked.error();
  const auto* request = &asked->request;
  Report report;
  report.add("consortium", request->consortium);
  tell(request->cert, report);
  report.add("fingerprint", spoken(crypto::sha256(base::view(request->text()))));
  report.print(args, context);
  return Exit::kOk;
}

Outcome issue(const Args& args, const Context& context) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  const auto& directory = desk.directory();
  TRY_ASSIGN(const auto asked, read_request(args.word(1)));
  const auto& request = asked.request;
  if (request.consortium != directory.anchor().consortium)
    return Error{Kind::kConflict, "a request to another consortium", args.word(1), ""};
  TRY_ASSIGN(auto days, args.number("--days", 365, 1, 3650));
  Cert c = request.cert;
  c.consortium = directory.consortium();
  c.not_before = context.now().minus(kSkew);
  c.not_after = context.now().plus(days * base::kDay);
  unsigned need = directory.anchor().threshold;
  Report report;
  report.add("note", std::string("cert"));
  if (const auto* member = directory.member(c.agent)) {
    c.serial = member->cert.serial + 1;
    c.prev = member->cert_hash;
    if (directory.standing_now(member->cert_hash, context.now()) == crypto::Standing::kRevoked)
      need = std::max(need, directory.anchor().revoke_threshold);
    report.add("asked_by_holder", by_holder(asked, member->cert));  // of the certificate that this one follows
  }
  tell(c, report);
  report.add("serial", c.serial);
  report.add("not_after", base::rfc3339(c.not_after));
  return sign_and_finish(desk, c.text(), need, report, args, context);
}

Outcome revoke(const Args& args, const Context& context) { return revoke_or_suspend(args, context, false); }
Outcome suspend(const Args& args, const Context& context) { return revoke_or_suspend(args, context, true); }

// Nobody signs what would leave somebody without help; warnings are the program manager's.
static Status no_errors(const schemas::policy::Policy& policy, base::Instant now) {
  for (const auto& f : schemas::policy::lint(policy, now))
    if (f.grade == schemas::policy::Finding::Grade::kError)
      return base::malformed(f.what, "policy:" + std::to_string(f.line), f.mend + "; handoff policy lint shows all of it");
  return {};
}

Outcome policy_sign(const Args& args, const Context& context) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  TRY_ASSIGN(auto toml, read_file(args.word(1)));
  TRY_ASSIGN(const auto policy, schemas::policy::parse_policy(toml));
  TRY(no_errors(policy, context.now()));
  TRY_ASSIGN(const auto n, schemas::policy::header_of(policy));
  if (auto parsed = crypto::parse_policy_note(n.text()); !parsed.ok()) return parsed.error();
  Report report;
  report.add("note", std::string("policy"));
  report.add("version", std::uint64_t{n.version});
  report.add("rules", base::hex(View(n.rules)));
  report.add("matrix_rows", std::uint64_t{n.matrix.size()});
  report.add("from", base::rfc3339(n.from));
  return sign_and_finish(desk, n.text(), desk.directory().anchor().threshold, report, args, context);
}

Outcome sign(const Args& args, const Context& context) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  TRY_ASSIGN(auto whole, read_file(args.word(1)));
  TRY_ASSIGN(auto note, crypto::parse_note(whole));
  TRY_ASSIGN(auto authorities, eligible(desk, note));
  auto before = desk.directory().check(whole, context.now());
  if (!before.ok() && before.error().kind != Kind::kBadSignature) return before.error();
  if (!args.has("--json")) *context.out << note.text << "\n";  // whoever signs sees what
  TRY_ASSIGN(auto numbers, args.numbers("--as"));
  TRY(sign_as(note, numbers, authorities, desk, args, context));
  Report report;
  return finish(desk, note, args.get("-o", args.word(1)), report, args, context);
}

Outcome record(const Args& args, const Context& context) {
  TRY_ASSIGN(auto desk, Desk::open(args.word(0)));
  TRY_ASSIGN(auto whole, read_file(args.word(1)));
  TRY(desk.record(whole, context.now()));
  Report report;
  report.add("dir_seq", desk.directory().seq());
  report.add("subject", base::hex(View(desk.directory().last_subject())));
  report.print(args, context);
  return Exit::kOk;
}

}  // namespace cli::authority
