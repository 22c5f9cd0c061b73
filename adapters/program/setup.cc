// init and enroll: an agency's keys, its request, and the certificate that answers it.
#include <fmt/format.h>

#include <cstdlib>

#include "adapters/agent/enrol.h"
#include "adapters/agent/rotation.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"
#include "crypto/random.h"

namespace adapters::program {
namespace {

agent::UnlockSource unlock_of(const Arguments& a) { return {a.get("passphrase-file"), a.get("key-file"), a.get("credential")}; }

}  // namespace

base::Result<int> init(const Arguments& a) {
  if (a.words.size() != 1) return usage("init takes a folder");
  agent::InitOptions o;
  o.dir = a.words[0];
  o.slug = a.get("slug");
  o.kind = a.get("kind");
  o.hub = a.get("hub");
  o.consortium = a.get("consortium");
  o.unlock = unlock_of(a);
  o.auditor = a.has("auditor");
  o.low_cost = a.has("low-cost-kdf");
  o.credentials_directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (o.hub.empty() || o.consortium.empty()) return usage("init needs --hub and --consortium");
  if (const std::string agency = a.get("agency", "auto"); agency != "auto") {
    o.agency = base::unhex_id(agency);
    if (!o.agency) return usage("an agency id has 32 hex digits", "--agency");
  }
  TRY_ASSIGN(const agent::Initialised made, agent::init_agent(o, crypto::system_random()));
  fmt::print("agency {}\nagent  {}\nHand {} to the authority.\nPut {} into a safe and delete it here: it can suspend this agent.\n", base::hex(made.agency),
             base::hex(made.agent), made.request_path, made.recovery_path);
  next("with the authority's answer: handoff-agent enroll " + o.dir + " --cert FILE --anchor FILE --anchor-hash HEX");
  return kWorked;
}

base::Result<int> enroll(const Arguments& a) {
  if (a.words.size() == 1 && a.has("cert") && !a.has("anchor") && agent::rotation_pending(a.words[0])) return enroll_next(a, a.words[0]);
  if (a.words.size() != 1 || !a.has("cert") || !a.has("anchor")) return usage("enroll takes a folder, --cert FILE and --anchor FILE");
  agent::EnrollOptions o{a.words[0], a.get("cert"), a.get("anchor"), {}};
  if (a.has("anchor-hash")) {
    o.anchor_hash = base::unhex_hash(a.get("anchor-hash"));
    if (!o.anchor_hash) return usage("an anchor's hash has 64 hex digits", "--anchor-hash");
  }
  TRY_ASSIGN(const agent::Enrolled e, agent::enroll_agent(o, base::real_now()));
  fmt::print("{} is enrolled in {}{}, serial {}, until {}\nanchor hash {}\n", e.slug, e.consortium, e.test ? " (TEST)" : "", e.serial, base::rfc3339(e.not_after),
             base::hex(e.anchor_hash));
  next("the hub's operator imports the certificate (handoff-hub add); then handoff-agent doctor " + a.words[0] + ", and run");
  return kWorked;
}

}  // namespace adapters::program
