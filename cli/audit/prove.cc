// handoff audit prove MESSAGE -o BUNDLE: writes the proof bundle of a message, after checking it as a court would.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"
#include "cli/verify/proof.h"

namespace cli::audit {
namespace {

// Whole or not at all, for the person's eyes only: a disclosed bundle holds the content's key.
base::Status write_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".part";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const base::Error failed{base::Kind::kUsage, "the bundle cannot be written", path, "check the folder and its permissions"};
  if (fd < 0) return failed;
  bool good = true;
  for (std::string_view rest = text; good && !rest.empty();) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    good = n > 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(n));
  }
  good = ::fsync(fd) == 0 && good;
  ::close(fd);
  if (good && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  ::unlink(temporary.c_str());
  return failed;
}

}  // namespace

counter::Exit prove(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "audit.prove"}, {"message", message}, {"disclose", call.has("disclose")}}));
  const auto part = answer->find("bundle");
  if (part == answer->end() || !(part->is_string() || part->is_object()))
    return base::malformed("the agent's answer has no bundle", "audit.prove");
  const std::string bundle = part->is_string() ? part->get<std::string>() : schemas::dump(*part, 1) + "\n";
  const auto verdict = verify::verify_bundle(bundle);
  if (!verdict.holds)
    return base::Error{base::Kind::kBadSignature, "the agent's bundle does not hold: " + verdict.why,
                       "audit.prove, check \"" + verdict.failed + "\"", "run handoff audit verify"};
  const std::string path = call.get("out");
  TRY(write_file(path, bundle));
  if (call.json()) {
    counter::print_json(call.out, {{"ok", true}, {"bundle", path}, {"bytes", bundle.size()}, {"disclosed", call.has("disclose")}});
  } else {
    call.out << counter::plain(path) << ": " << bundle.size() << " bytes, and it holds"
             << (call.has("disclose") ? "; it DISCLOSES the content" : "") << "\n";
    call.out << "anyone can check it offline: handoff-verify " << counter::plain(path) << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::audit
