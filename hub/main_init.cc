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
  const bool next = a.has("next");
  if (next && a.has("origin")) return usage("a log keeps its name: --next takes no --origin");
  std::string origin = a.get("origin", "handoff/hub");
  if (next) {
    TRY_ASSIGN(const auto pinned, folder.anchor());
    origin = pinned.log.name;
  }
  TRY(make_dir(folder.dir()));
  // Asked again, it says again what it made: nothing is lost with the terminal that it was printed on.
  if (!next || !fs::exists(folder.path("next-log.key")))
    TRY(folder.write_key(next ? "next-log.key" : "log.key", crypto::SignKey::generate(crypto::system_random()).seed()));
  if (!next || !fs::exists(folder.path("next-transport.key")))
    TRY(folder.write_key(next ? "next-transport.key" : "transport.key", crypto::BoxKey::generate(crypto::system_random()).secret().view()));
  TRY_ASSIGN(const auto log, folder.log_key(next));
  TRY_ASSIGN(const auto box, folder.transport(next));
  const crypto::VerifierKey vkey{origin, crypto::NoteAlg::kEd25519, log.public_key()};
  TRY_ASSIGN(const auto checked, crypto::parse_vkey(vkey.text()));  // an origin that could not be read back is refused here
  const auto transport = base::base64(box.public_key());
  if (a.has("json")) {
    fmt::print("{{\"vkey\":\"{}\",\"transport\":\"{}\"}}\n", checked.text(), transport);
  } else {
    fmt::print("log key        {}\ntransport key  {}\nGive both to the authority; its {}anchor names them.{}\n", checked.text(), transport, next ? "next " : "", next ? " Restart the hub, so that it has them at hand." : "");
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
    TRY_ASSIGN(const auto keys, folder.keys());
    if (keys.fit(*own) == nullptr) {
      own = base::Error{base::Kind::kConflict, "the anchor names another hub's keys", folder.dir(), "give the authority what `handoff-hub keygen` printed for this folder"};
    }
  }
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

// The log key changes with the anchor's entry. The transport key cannot change under lines that are up.
base::Status say_restart(const Folder& folder, const std::string& file) {
  TRY_ASSIGN(const auto whole, read_file(file));
  const auto note = crypto::parse_note(whole);
  const auto anchor = note.ok() ? crypto::parse_anchor(note->text) : base::Result<crypto::Anchor>(note.error());
  if (!anchor.ok()) return {};
  TRY_ASSIGN(const auto box, folder.transport());
  if (box.public_key() != anchor->hub_transport) fmt::print("{}: restart the hub once your members' agents have read it: its new transport key is used from then on\n", file);
  return {};
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
    if (one == kWorked) TRY(say_restart(folder, file));
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
