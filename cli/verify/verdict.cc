// The verdict in words that a court can read, and the same as fields.
#include "cli/verify/internal.h"
#include "fmt/format.h"
#include "schemas/registry.h"

namespace cli::verify {

using base::View;

namespace {

std::string words_of(std::span<const schemas::CodeName> table, std::uint16_t code) { return std::string(schemas::name_of(table, code)); }

void add_sender(const Facts& f, Verdict& v) {
  const auto& c = f.sender.cert;
  v.lines.push_back(fmt::format("Sender: {} ({}), agent {}, certificate serial {}, logged at position {}.", c.name, c.kind,
                                base::hex(View(c.agent)), c.serial, f.sender.index));
  v.facts.emplace_back("sender", c.name);
  v.facts.emplace_back("sender_kind", c.kind);
  v.facts.emplace_back("sender_agent", base::hex(View(c.agent)));
}

void add_message(const Facts& f, Verdict& v) {
  auto kind = words_of(schemas::msg_kinds(), f.hdr.kind);
  auto purpose = words_of(schemas::purposes(), f.hdr.purpose);
  v.lines.push_back(fmt::format("Message: {} {}, thread {}, purpose {}, policy version {}{}.", kind, base::uuid(f.hdr.msg_id),
                                base::uuid(f.hdr.thread_id), purpose, f.hdr.policy_version,
                                f.hdr.flags & crypto::Hdr1::kTest ? ", marked as a test" : ""));
  v.lines.push_back(fmt::format("Time: sealed {} by the sender's clock, logged {} by the hub's clock{}.", base::rfc3339(f.hdr.created),
                                base::rfc3339(f.accept.hub_time),
                                f.witnesses ? fmt::format(", in existence at {} by {} witness(es)", base::rfc3339(f.witnessed), f.witnesses)
                                            : std::string("; no witness has signed this checkpoint")));
  v.facts.emplace_back("kind", kind);
  v.facts.emplace_back("purpose", purpose);
  v.facts.emplace_back("message", base::uuid(f.hdr.msg_id));
  v.facts.emplace_back("thread", base::uuid(f.hdr.thread_id));
  v.facts.emplace_back("created", base::rfc3339(f.hdr.created));
  v.facts.emplace_back("hub_time", base::rfc3339(f.accept.hub_time));
  if (f.witnesses) v.facts.emplace_back("witnessed", base::rfc3339(f.witnessed));
}

void add_recipients(const Facts& f, Verdict& v) {
  std::string list;
  for (const auto& s : f.grp.slots) {
    bool known = f.receipt && f.receipt->rcp.recipient == s.recipient;
    list += fmt::format("{}{}{}", list.empty() ? "" : ", ", known ? f.receipt->recipient + " " : "", base::hex(View(s.recipient)));
  }
  v.lines.push_back(fmt::format("Recipients: {}. Nobody else was given a key.", list));
  v.facts.emplace_back("recipients", list);
}

void add_content(const Facts& f, Verdict& v) {
  v.facts.emplace_back("ct_sha256", base::hex(View(f.ct_hash)));
  if (!f.body_hash) {
    v.lines.push_back(fmt::format("Content: not disclosed in this file. SHA-256 of the sealed text: {}.", base::hex(View(f.ct_hash))));
    return;
  }
  v.lines.push_back(fmt::format("Content: the disclosed key opens it; {} bytes, SHA-256 {}. No other key or text fits the signed record.",
                                f.body_size, base::hex(View(*f.body_hash))));
  v.facts.emplace_back("body_sha256", base::hex(View(*f.body_hash)));
}

void add_delivery(const Facts& f, Verdict& v) {
  if (!f.receipt) {
    v.lines.emplace_back("Delivered: not shown; this file holds no receipt.");
    v.facts.emplace_back("delivered", "unproven");
    return;
  }
  const auto& r = *f.receipt;
  auto where = fmt::format("receipt signed by {}, logged at position {} at {}", r.recipient, r.index, base::rfc3339(r.hub_time));
  switch (r.delivered) {
    case Facts::Delivered::kYes:
      v.lines.push_back(fmt::format("Delivered: yes, stored by the recipient's software ({}).", where));
      v.facts.emplace_back("delivered", "yes");
      break;
    case Facts::Delivered::kNo:
      v.lines.push_back(
          fmt::format("Delivered: no, {} ({}).", r.rcp.status == 5 ? "the recipient could not open it" : "it expired unread", where));
      v.facts.emplace_back("delivered", "no");
      break;
    case Facts::Delivered::kUnproven:
      v.lines.push_back(
          fmt::format("Delivered: not shown; the receipt leaves out {} group(s) and this may be one ({}).", r.rcp.n_failed, where));
      v.facts.emplace_back("delivered", "unproven");
      break;
  }
}

}  // namespace

Verdict refused(const char* check, const base::Error& e) {
  Verdict v;
  v.failed = check;
  v.why = e.message();
  v.lines.push_back(fmt::format("DOES NOT HOLD. The check \"{}\" failed: {}.", v.failed, v.why));
  v.lines.emplace_back("Nothing in this file may be relied on.");
  return v;
}

Verdict tell(const Facts& f, bool anchor_given) {
  Verdict v;
  v.holds = true;
  v.lines.push_back(fmt::format("HOLDS. The message below stands in the log {} at position {} of {}, exactly as its sender signed it.",
                                f.checkpoint.origin, f.index, f.checkpoint.size));
  v.lines.push_back(fmt::format("Anchor: {} {}", base::hex(View(f.anchor)),
                                anchor_given ? "(the hash that was given)" : "- compare this hash with the one the consortium publishes."));
  v.facts = {{"anchor", base::hex(View(f.anchor))},
             {"anchor_given", anchor_given ? "yes" : "no"},
             {"log", f.checkpoint.origin},
             {"index", std::to_string(f.index)},
             {"log_size", std::to_string(f.checkpoint.size)}};
  add_sender(f, v);
  add_message(f, v);
  add_recipients(f, v);
  add_content(f, v);
  add_delivery(f, v);
  v.lines.emplace_back(
      "Not shown by this file: whether the certificate had been revoked or suspended earlier in the log, and whether a person read the "
      "message.");
  return v;
}

}  // namespace cli::verify
