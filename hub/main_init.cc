// keygen, init, add: from an empty folder to one that runs.
#include <fmt/format.h>
#include <poll.h>

#include <cstdio>
#include <filesystem>

#include "crypto/directory.h"
#include "hub/main_folder.h"

namespace hub {
namespace {

namespace fs = std::filesystem;

base::Error usage(const char* what) { return {base::Kind::kUsage, what, {}, "see handoff-hub --help"}; }

base::Status make_dir(const std::string& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (!error) fs::permissions(dir, fs::perms::owner_all, error);
  if (error) return base::Error{base::Kind::kUsage, "cannot be made", dir, error.message()};
  return {};
}

base::Status keygen(const Arguments& a) {
  if (a.words.size() != 1) return usage("keygen takes a folder");
  const Folder folder(a.words[0]);
  TRY(make_dir(folder.dir()));
  const auto log = crypto::SignKey::generate(crypto::system_random());
  const auto box = crypto::BoxKey::generate(crypto::system_random());
  TRY(folder.write_key("log.key", log.seed()));
  TRY(folder.write_key("transport.key", box.secret().view()));
  const crypto::VerifierKey vkey{a.get("origin", "handoff/hub"), crypto::NoteAlg::kEd25519, log.public_key()};
  TRY_ASSIGN(const auto checked, crypto::parse_vkey(vkey.text()));  // an origin that could not be read back is refused here
  const auto transport = base::base64(box.public_key());
  if (a.has("json")) {
    fmt::print("{{\"vkey\":\"{}\",\"transport\":\"{}\"}}\n", checked.text(), transport);
  } else {
    fmt::print("log key        {}\ntransport key  {}\nGive both to the authority; its anchor names them.\n", checked.text(), transport);
  }
  return {};
}

base::Status init(const Arguments& a) {
  if (a.words.size() != 1 || a.get("anchor").empty()) return usage("init takes a folder and --anchor FILE");
  const Folder folder(a.words[0]);
  TRY_ASSIGN(const auto anchor, read_file(a.get("anchor")));
  TRY_ASSIGN(const auto directory, crypto::Directory::start(anchor));  // enough authorities have signed it
  TRY(write_new_file(folder.path("anchor.note"), anchor, 0644));
  auto own = folder.anchor();
  if (own.ok()) {
    TRY(make_dir(folder.path("incoming")));
    TRY_ASSIGN(const auto journal, folder.open_journal(kMapSize));
    fmt::print("{} is the hub of {}{}\n", folder.dir(), own->consortium, own->test ? " (TEST)" : "");
    return {};
  }
  fs::remove(folder.path("anchor.note"));
  return own.error();
}

// Leaves the note for the hub to take in, at once if it runs, else when it starts. The last rename makes it visible as a whole.
base::Result<std::string> leave_note(const Folder& folder, const std::string& file, const std::string& rules, std::size_t n) {
  TRY_ASSIGN(const auto note, read_file(file));
  const auto name = fmt::format("{}/{:016d}-{:04d}", folder.path("incoming"), base::real_now().ms, n);
  if (!rules.empty()) {
    TRY_ASSIGN(const auto text, read_file(rules));
    TRY(write_new_file(name + ".rules", text, 0644));
  }
  TRY(write_new_file(name + ".part", note, 0644));
  std::error_code error;
  fs::rename(name + ".part", name + ".note", error);
  if (error) return base::Error{base::Kind::kUsage, "cannot be made", name + ".note", error.message()};
  return name;
}

// 0: taken in, 1: refused, with the hub's reason on stderr.
base::Result<int> wait_for(const std::string& name, const std::string& file) {
  for (int i = 0; i < 600 && fs::exists(name + ".note"); ++i) ::poll(nullptr, 0, 50);
  if (fs::exists(name + ".note")) return base::Error{base::Kind::kBusy, "the hub has not taken it in", file, "is it running?"};
  const auto reason = read_file(name + ".refused.reason");
  if (!reason.ok()) return kWorked;
  fmt::print(stderr, "handoff-hub: {}: refused: {}", file, *reason);
  return kFinding;
}

base::Result<int> add(const Arguments& a) {
  if (a.words.size() < 2) return usage("add takes a folder and notes");
  const Folder folder(a.words[0]);
  if (!a.get("rules").empty() && a.words.size() != 2) return usage("--rules goes with one policy note");
  std::vector<std::pair<std::string, std::string>> left;
  for (std::size_t i = 1; i < a.words.size(); ++i) {
    TRY_ASSIGN(auto name, leave_note(folder, a.words[i], a.get("rules"), i));
    left.emplace_back(std::move(name), a.words[i]);
  }
  int worst = kWorked;
  for (const auto& [name, file] : left) {
    if (!a.has("wait")) break;
    TRY_ASSIGN(const int one, wait_for(name, file));
    worst = std::max(worst, one);
  }
  return worst;
}

}  // namespace

int keygen_command(const Arguments& a) {
  const auto s = keygen(a);
  return s.ok() ? kWorked : report(s.error());
}

int init_command(const Arguments& a) {
  const auto s = init(a);
  return s.ok() ? kWorked : report(s.error());
}

int add_command(const Arguments& a) {
  const auto s = add(a);
  return s.ok() ? *s : report(s.error());
}

}  // namespace hub
