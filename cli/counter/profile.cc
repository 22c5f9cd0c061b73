// See profile.h.
#include "cli/counter/profile.h"

#include <filesystem>

#include "schemas/config.h"

namespace cli::counter {

using base::Error;
using base::Kind;

namespace {

base::Result<Profile> read(const std::string& path) {
  TRY_ASSIGN(const auto config, schemas::Config::load(path));
  Profile p;
  if (config.has("hub")) {
    TRY_ASSIGN(p.hub, config.text("hub"));
    TRY_ASSIGN(p.anchor, config.text("anchor"));
    TRY_ASSIGN(p.key, config.text("key"));
  } else {
    TRY_ASSIGN(p.agent, config.text("agent"));
  }
  if (const auto unused = config.unused(); !unused.empty()) {
    return base::malformed("an unknown key: " + unused[0], path, "a profile has the key agent; or hub, anchor and key");
  }
  for (auto* file : {&p.agent, &p.anchor, &p.key}) {
    if (!file->empty()) *file = (std::filesystem::path(path).parent_path() / *file).string();
  }
  return p;
}

}  // namespace

base::Result<Profile> whom_to_ask(const Call& call) {
  if (call.has("agent") && call.has("profile"))
    return Error{Kind::kUsage, "--agent and --profile both name an agent", {}, "give one of them"};
  if (call.has("agent")) return Profile{call.get("agent"), {}, {}, {}};
  const std::string name = call.has("profile") ? call.get("profile") : "default";
  const std::string path = call.profiles + "/" + name + ".toml";
  if (name.find('/') != std::string::npos)
    return Error{Kind::kUsage, "a profile is a name, not a path", "--profile", "or name the agent's data folder with --agent DIR"};
  if (!std::filesystem::exists(path)) {
    return Error{Kind::kNotFound, "no agent is named, and there is no such profile", path,
                 "use --agent DIR, or write the line  agent = \"DIR\"  into that file"};
  }
  return read(path);
}

}  // namespace cli::counter
