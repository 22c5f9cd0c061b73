// See county.h.
#include "tests/bench/county.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace bench {
namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::binary) << text; }

int shell(const std::string& command) { return std::system((command + " >&2").c_str()); }

}  // namespace

std::string sender_slug(int shift, int producer) { return "sender-" + std::to_string(shift) + "-" + std::to_string(producer); }
std::string mailbox_slug(int box) { return "box-" + std::to_string(box); }

kit::Consortium county() {
  std::vector<kit::AgentSpec> agents;
  for (int b = 0; b < kMailboxes; ++b) agents.push_back({mailbox_slug(b), "crisis_center"});
  for (int s = 0; s < kShifts; ++s) {
    for (int p = 0; p < kSendersPerShift; ++p) agents.push_back({sender_slug(s, p), "hospital_ed"});
  }
  kit::Options options;
  options.now = {base::real_now().ms / base::kDay * base::kDay};
  options.epochs = 3;
  options.limits = {{"mailbox-groups", 100'000}};
  return kit::Consortium(std::move(agents), std::move(options));
}

int serve(const std::string& programs, const std::string& dir, int port) {
  const kit::Consortium c = county();
  fs::create_directories(dir);
  const fs::path hub = fs::path(dir) / "hub", notes = fs::path(dir) / "notes";
  fs::create_directories(hub);
  fs::create_directories(notes);
  write_text(hub / "log.key", base::hex(c.log_key().seed()) + "\n");
  write_text(hub / "transport.key", base::hex(c.hub_transport().secret().view()) + "\n");
  write_text(notes / "anchor", c.anchor());
  std::string add, policy;
  int n = 0;
  for (const auto& note : c.notes()) {
    char name[32];
    std::snprintf(name, sizeof name, "%05d.note", n++);
    write_text(notes / name, note.whole);
    if (note.blob.empty()) add += " " + (notes / name).string();
    else policy = (notes / name).string();
    if (!note.blob.empty()) write_text(policy + ".toml", base::text(note.blob));
  }
  write_text(hub / "hub.toml",
             "[hub]\nstartup_quiet_ms = 0\n[limits]\nsignature_checks_per_second = 1000000\nframes_per_second = 1000000\nbytes_per_second = 4000000000\n"
             "messages_per_second = 10000000\n");
  const std::string program = programs + "/handoff-hub";
  if (shell(program + " init " + hub.string() + " --anchor " + (notes / "anchor").string()) != 0) return 2;
  if (shell(program + " add " + hub.string() + " " + policy + " --rules " + policy + ".toml") != 0) return 2;
  if (shell(program + " add " + hub.string() + add) != 0) return 2;
  execl(program.c_str(), program.c_str(), "run", hub.c_str(), "--listen", ("tcp://127.0.0.1:" + std::to_string(port)).c_str(), nullptr);
  std::perror(program.c_str());
  return 2;
}

}  // namespace bench
