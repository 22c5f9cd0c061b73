#include "adapters/transport/folder.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "adapters/transport/files.h"

namespace adapters::transport {
namespace {

constexpr std::uint64_t kTick = 100;

// A read lease is granted only while nobody has the file open for writing. It is given back at once; should a writer come in that
// instant, the signal is one that is ignored. File systems without leases (and files of other owners) say nothing: true then.
bool nobody_writes(const std::string& path) {
  const Descriptor d(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!d) return false;
  ::fcntl(d.get(), F_SETSIG, SIGURG);
  if (::fcntl(d.get(), F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(d.get(), F_SETLEASE, F_UNLCK);
    return true;
  }
  return errno != EAGAIN;
}

bool ends_like(std::string_view name, std::string_view suffix) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return name.size() >= suffix.size() && std::ranges::equal(name.substr(name.size() - suffix.size()), suffix, {}, lower, lower);
}

}  // namespace

FolderWatch::FolderWatch(FolderOptions options, FileHandler handler) : options_(std::move(options)), handler_(std::move(handler)) {}

FolderWatch::~FolderWatch() { stop(); }

base::Status FolderWatch::start() {
  TRY(make_folder(file("done")));
  TRY(make_folder(file("quarantine")));
  inotify_ = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify_ || ::inotify_add_watch(inotify_.get(), options_.path.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
    return base::Error{base::Kind::kIo, std::string("cannot watch the folder: ") + std::strerror(errno), options_.path};
  }
  thread_ = std::thread([this] { run(); });
  return {};
}

void FolderWatch::stop() {
  const std::lock_guard lock(stopping_);
  stop_.set();
  if (thread_.joinable()) thread_.join();
}

bool FolderWatch::wanted(std::string_view name) const {
  return !name.empty() && name.front() != '.' && !name.ends_with(".tmp") && !name.ends_with(".part") && !name.ends_with('~') &&
         std::ranges::any_of(options_.suffixes, [&](const std::string& s) { return ends_like(name, s); });
}

void FolderWatch::run() {
  base::Instant next_scan = options_.clock();
  while (!stop_.is_set()) {
    const Ready ready = wait_for(inotify_.get(), POLLIN, stop_, kTick);
    if (ready == Ready::kStopped) return;
    if (ready == Ready::kYes) read_events();
    const bool due = options_.clock() >= next_scan;
    // Files that are settling are looked at on every tick; the folder as a whole only now and then.
    if (due || ready == Ready::kYes || !seen_.empty()) scan();
    if (due) next_scan = options_.clock().plus(options_.rescan_ms);
  }
}

void FolderWatch::read_events() {
  alignas(inotify_event) std::array<char, 16384> room;
  for (;;) {
    const ssize_t n = ::read(inotify_.get(), room.data(), room.size());
    if (n <= 0) return;
    for (ssize_t at = 0; at < n;) {
      inotify_event event{};
      std::memcpy(&event, room.data() + at, sizeof event);
      const char* name = room.data() + at + sizeof event;
      if (event.len > 0 && wanted(name)) seen_[name].finished = true;
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

void FolderWatch::scan() {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator it(options_.path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (wanted(name) && !it->is_directory(ignored)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::erase_if(seen_, [&](const auto& s) { return !std::binary_search(names.begin(), names.end(), s.first); });
  for (const std::string& name : names) {
    if (stop_.is_set()) return;
    if (whole(name, seen_[name])) process(name);
  }
}

bool FolderWatch::whole(const std::string& name, Seen& seen) {
  struct stat st {};
  if (::lstat(file(name).c_str(), &st) != 0) return false;
  const auto size = static_cast<std::uint64_t>(st.st_size);
  const auto changed = static_cast<std::uint64_t>(st.st_mtim.tv_sec) * 1000000000ULL + static_cast<std::uint64_t>(st.st_mtim.tv_nsec);
  const base::Instant now = options_.clock();
  if (seen.since.ms == 0 || seen.size != size || seen.changed_ns != changed) {
    seen.size = size, seen.changed_ns = changed, seen.since = now;
  }
  if (!seen.finished && now < seen.since.plus(options_.settle_ms)) return false;
  return nobody_writes(file(name));
}

void FolderWatch::process(const std::string& name) {
  const auto bytes = read_file(file(name), options_.max_bytes);
  const base::Status verdict = bytes.ok() ? handler_(name, *bytes) : base::Status(bytes.error());
  const auto done = settle(name, verdict);
  if (!done.ok()) {
    ++trouble_;
    seen_[name] = {};  // offered again after settling anew
  } else {
    seen_.erase(name);
  }
}

base::Status FolderWatch::settle(const std::string& name, const base::Status& verdict) {
  if (verdict.ok()) {
    ++processed_;
    if (!options_.keep_done) return remove_file(file(name));
    const auto moved = move_file(file(name), file("done"), name);
    return moved.ok() ? base::Status() : base::Status(moved.error());
  }
  const base::Error& why = verdict.error();
  if (why.kind == base::Kind::kBusy || why.kind == base::Kind::kFull || why.kind == base::Kind::kIo) return why;
  TRY_ASSIGN(const std::string kept, move_file(file(name), file("quarantine"), name));
  ++quarantined_;
  return write_file(file("quarantine"), kept + ".reason.txt", why.message() + "\n");
}

}  // namespace adapters::transport
