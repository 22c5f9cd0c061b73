// The table of commands, their flags and their help.
#include "cli/authority/commands.h"

#include <exception>
#include <ostream>

#include "fmt/format.h"

namespace cli::authority {

namespace {

struct Command {
  std::string_view verb, second;  // "anchor", "show"; second may be empty
  std::string_view words;         // for the help; one word each
  std::size_t n_words;
  std::span<const Flag> flags;
  std::string_view what;
  std::string_view example;
  Outcome (*run)(const Args&, const Context&);
};

constexpr Flag kJson{"--json", ""}, kPass{"--passphrase-file", "FILE"}, kAs{"--as", "1,2"}, kOut{"-o", "FILE", true};
constexpr Flag kSince{"--compromised-since", "RFC3339"}, kTlogPolicy{"--tlog-policy", "FILE"}, kRevokeThreshold{"--revoke-threshold", "R"};

constexpr Flag kInit[] = {{"--consortium", "NAME", true},
                          {"--authorities", "N", true},
                          {"--threshold", "K", true},
                          kRevokeThreshold,
                          {"--origin", "NAME"},
                          {"--hub-transport", "B64", true},
                          {"--log-key", "VKEY", true},
                          kTlogPolicy,
                          {"--test", ""},
                          kPass,
                          kJson};
constexpr Flag kShow[] = {kJson};
constexpr Flag kIssue[] = {kOut, {"--days", "N"}, kAs, kPass, kJson};
constexpr Flag kRevoke[] = {kOut, {"--reason", "CODE", true}, kSince, kAs, kPass, kJson};
constexpr Flag kSuspend[] = {kOut, {"--reason", "CODE"}, kSince, kAs, kPass, kJson};
constexpr Flag kPolicy[] = {kOut, kAs, kPass, kJson};
constexpr Flag kSign[] = {{"-o", "FILE"}, {"--as", "3", true}, kPass, kJson};
constexpr Flag kRotate[] = {kOut,
                            {"--add", "N"},
                            {"--remove", "1,2"},
                            {"--threshold", "K"},
                            kRevokeThreshold,
                            {"--log-key", "VKEY"},
                            {"--hub-transport", "B64"},
                            {"--origin", "NAME"},
                            kTlogPolicy,
                            {"--witnesses", "all|none|NAME,NAME"},
                            kAs,
                            kPass,
                            kJson};

constexpr Command kCommands[] = {
    {"init", "", "DIR", 1, kInit, "make the authority keys and the first anchor of a consortium",
     "init alder --consortium alder.example --authorities 3 --threshold 2 --hub-transport ... --log-key ...", init},
    {"request", "show", "FILE", 1, kShow, "read a certificate request and check that its own key signed it", "request show harbor.request",
     request_show},
    {"issue", "", "DIR REQUEST", 2, kIssue, "certify an agent; serial and predecessor follow the register",
     "issue alder harbor.request -o harbor.cert --as 1,2", issue},
    {"revoke", "", "DIR CERT", 2, kRevoke, "revoke a certificate (a file, or an agent's name or id)",
     "revoke alder harbor.cert --reason key-compromised -o revoke.note", revoke},
    {"suspend", "", "DIR AGENT", 2, kSuspend, "suspend an agent for 72 hours (a name or an id)",
     "suspend alder harbor-house -o suspend.note --as 3", suspend},
    {"policy", "sign", "DIR POLICY.toml", 2, kPolicy, "sign a policy: the hash of its text and the header matrix made from it",
     "policy sign alder alder.toml -o policy.note", policy_sign},
    {"sign", "", "DIR NOTE", 2, kSign, "add signatures to a note that another machine began", "sign alder harbor.cert --as 3", sign},
    {"record", "", "DIR NOTE", 2, kShow, "take a note that was completed elsewhere into the register", "record alder harbor.cert", record},
    {"anchor", "show", "DIR|FILE", 1, kShow, "show an anchor and the hash to read aloud", "anchor show alder", anchor_show},
    {"anchor", "rotate", "DIR", 1, kRotate, "make the next anchor, signed by enough of the old and of the new authorities",
     "anchor rotate alder --add 1 --remove 2 -o anchor-2.note", anchor_rotate},
};

std::string usage_line(const Command& c) {
  std::string out = fmt::format("handoff-authority {}{}{} {}", c.verb, c.second.empty() ? "" : " ", c.second, c.words);
  for (const auto& f : c.flags) {
    auto text = fmt::format("{}{}{}", f.name, f.value.empty() ? "" : " ", f.value);
    out += f.required ? " " + text : " [" + text + "]";
  }
  return out;
}

void help(const Context& context, const Command* only) {
  if (!only) {
    *context.out << "handoff-authority: the consortium's signing keys. It never opens a socket.\n"
                    "Exit codes: 0 it worked, 1 a finding, 2 an error. Keys are sealed: --passphrase-file FILE or HANDOFF_PASSPHRASE.\n\n";
  }
  for (const auto& c : kCommands) {
    if (only && only != &c) continue;
    *context.out << usage_line(c) << "\n    " << c.what << "\n    example: handoff-authority " << c.example << "\n";
  }
}

int fail(const Context& context, const base::Error& e) {
  *context.err << "handoff-authority: " << e.message() << "\n";
  return 2;
}

int run_command(std::span<const std::string> arguments, const Context& context) {
  auto word = [&](std::size_t i) { return i < arguments.size() ? std::string_view(arguments[i]) : std::string_view(); };
  if (arguments.empty() || word(0) == "--help" || word(0) == "help") {
    help(context, nullptr);
    return arguments.empty() ? 2 : 0;
  }
  for (const auto& c : kCommands) {
    if (c.verb != word(0) || (!c.second.empty() && c.second != word(1))) continue;
    if (arguments.back() == "--help") {
      help(context, &c);
      return 0;
    }
    auto args = Args::parse(arguments.subspan(c.second.empty() ? 1 : 2), c.n_words, c.flags);
    if (!args.ok()) return fail(context, args.error());
    auto outcome = c.run(*args, context);
    return outcome.ok() ? static_cast<int>(*outcome) : fail(context, outcome.error());
  }
  return fail(context, {base::Kind::kUsage, "no such command", std::string(word(0)), "see handoff-authority --help"});
}

}  // namespace

int run(std::span<const std::string> arguments, const Context& context) {
  try {
    return run_command(arguments, context);
  } catch (const std::exception& e) {  // of the standard library: no memory, no such locale
    return fail(context, {base::Kind::kIo, e.what(), "", ""});
  }
}

}  // namespace cli::authority
