// check, backup, restore: the store when something may have gone wrong, or before it does.
#include <fmt/format.h>

#include <filesystem>

#include "hub/broker/index.h"
#include "hub/main_folder.h"
#include "hub/store/env.h"

namespace hub {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKept[] = {"anchor.note", "log.key", "transport.key", "next-log.key", "next-transport.key", "hub.toml"};

base::Error usage(const char* what) { return {base::Kind::kUsage, what, {}, "see handoff-hub --help"}; }

base::Status make_new_dir(const std::string& dir) {
  std::error_code error;
  if (fs::exists(dir)) return base::Error{base::Kind::kConflict, "exists already", dir, "give a folder that does not exist yet"};
  fs::create_directories(dir, error);
  if (!error) fs::permissions(dir, fs::perms::owner_all, error);
  if (error) return base::Error{base::Kind::kUsage, "cannot be made", dir, error.message()};
  return {};
}

base::Status copy_small_files(const Folder& from, const Folder& to) {
  for (const char* name : kKept) {
    const auto text = read_file(from.path(name));
    if (text.ok()) TRY(write_new_file(to.path(name), *text, std::string_view(name).ends_with(".key") ? 0600 : 0644));
  }
  return {};
}

base::Status copy_store(const Folder& from, const Folder& to) {
  std::error_code error;
  fs::create_directories(to.path("store/core"), error);
  store::Options options;
  options.map_size = kMapSize;
  options.read_only = true;
  TRY_ASSIGN(const auto env, store::Env::open(from.path("store/core"), options));  // beside a running hub
  return env.copy_to(to.path("store/core"));
}

base::Status backup(const Arguments& a) {
  if (a.words.size() != 2) return usage("backup takes the hub's folder and a new folder");
  const Folder from(a.words[0]), to(a.words[1]);
  TRY(make_new_dir(to.dir()));
  TRY(copy_small_files(from, to));
  TRY(copy_store(from, to));
  fmt::print("{}: a copy with the hub's keys in it; keep it as safely as the hub\n", to.dir());
  return {};
}

base::Status restore(const Arguments& a) {
  if (a.words.size() != 2) return usage("restore takes a backup's folder and a new folder");
  const Folder from(a.words[0]), to(a.words[1]);
  TRY(copy_folder(from, to));
  TRY(to.anchor());
  TRY_ASSIGN(const auto journal, to.open_journal(kMapSize));
  state::Item entry;
  entry.type = schemas::EntryType::kHub;
  entry.bytes = base::to_bytes(base::View(crypto::system_random().bytes<32>()));
  base::append(entry.bytes, base::view("restore"));
  std::vector<state::Item> items;
  items.push_back(std::move(entry));
  TRY_ASSIGN(const auto applied, journal->append(std::move(items), base::real_now()));
  fmt::print(
      "{}: restored; the log has {} entries, root {}\nIf anything was acknowledged after the backup, this log must not be served: use rebuild, with what agents return.\n",
      to.dir(), applied.size, base::base64(applied.root));
  return {};
}

// The search index beside the store: it proves nothing, but a wrong one would hide rows from an auditor.
base::Status check_index(const Folder& folder) {
  TRY_ASSIGN(const auto store, journal::read_only(folder.path("store")));
  return broker::SearchIndex::check_folder(folder.path("index"), store->reader());
}

}  // namespace

base::Status copy_folder(const Folder& from, const Folder& to) {
  TRY(make_new_dir(to.dir()));
  TRY(copy_small_files(from, to));
  TRY(copy_store(from, to));
  std::error_code error;
  fs::create_directories(to.path("incoming"), error);
  return {};
}

int check_command(const Arguments& a) {
  if (a.words.size() != 1) return report(usage("check takes a folder"));
  const Folder folder(a.words[0]);
  auto found = journal::check(folder.path("store"));
  if (found.ok()) {
    if (const auto index = check_index(folder); !index.ok()) found = index.error();
  }
  if (found.ok()) {
    const char* words = a.has("json") ? R"({{"ok":true,"entries":{},"groups":{},"messages":{},"notes":{},"root":"{}"}})"
                                        "\n"
                                      : "it holds: {} entries, {} groups, {} messages, {} notes, root {}\n";
    fmt::print(fmt::runtime(words), found->entries, found->groups, found->messages, found->notes, base::base64(found->root));
    return kWorked;
  }
  report(found.error());
  return found.error().kind == base::Kind::kCorrupt ? kFinding : kError;
}

int backup_command(const Arguments& a) {
  const auto s = backup(a);
  return s.ok() ? kWorked : report(s.error());
}

int restore_command(const Arguments& a) {
  const auto s = restore(a);
  return s.ok() ? kWorked : report(s.error());
}

}  // namespace hub
