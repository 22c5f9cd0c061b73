#include "adapters/police/status_out.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/formats/csv/csv.h"
#include "adapters/transport/descriptor.h"

namespace adapters::police {
namespace {

using base::Error;
using base::Kind;

constexpr const char* kFile = "status_out.csv";
constexpr std::size_t kTail = 64u << 10;

Error failed(const char* what, const std::string& path) {
  const int code = errno;
  return {code == ENOSPC || code == EDQUOT ? Kind::kFull : Kind::kIo, std::string(what) + ": " + std::strerror(code), path,
          "look at the disk and at the folder's permissions"};
}

// The file's last bytes, from the beginning of a row if it is long.
base::Result<std::string> tail_of(int fd, off_t size, const std::string& path) {
  const auto want = std::min(static_cast<std::size_t>(size), kTail);
  std::string out(want, '\0');
  if (::pread(fd, out.data(), want, size - static_cast<off_t>(want)) != static_cast<ssize_t>(want)) return failed("cannot read", path);
  return out;
}

base::Status write_at_end(int fd, const std::string& bytes, off_t size, const std::string& path) {
  if (::pwrite(fd, bytes.data(), bytes.size(), size) == static_cast<ssize_t>(bytes.size()) && ::fsync(fd) == 0) return {};
  const Error why = failed("cannot write", path);
  if (::ftruncate(fd, size) != 0) return failed("cannot take back half a row", path);
  return why;
}

}  // namespace

std::string status_row(const agent::Delivery& d, const schemas::StatusUpdate& u) {
  std::string ref = u.in_reply_to_ref;
  if (d.opening)
    if (const auto* r = std::get_if<schemas::Referral>(&d.opening->payload)) ref = r->source_ref.empty() ? r->incident_ref : r->source_ref;
  return formats::csv::write_row({base::uuid(d.thread_id), ref, u.status, u.reason.empty() ? u.reason_class : u.reason, base::rfc3339(u.at),
                                  u.actor_role, u.appointment_at, u.outcome});
}

base::Status append_status(const std::string& folder, const std::string& row) {
  const std::string path = folder + "/" + kFile;
  const transport::Descriptor d(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat st {};
  if (!d || ::fstat(d.get(), &st) != 0) return failed("cannot open", path);
  off_t size = st.st_size;
  TRY_ASSIGN(const std::string tail, tail_of(d.get(), size, path));
  // Half a row is what a power loss left of one that was never reported as written.
  if (!tail.empty() && !tail.ends_with('\n')) {
    const auto end = tail.rfind('\n');
    size -= static_cast<off_t>(tail.size() - (end == tail.npos ? 0 : end + 1));
    if (::ftruncate(d.get(), size) != 0) return failed("cannot take back half a row", path);
  } else if (tail.ends_with("\r\n" + row)) {
    return {};
  }
  const std::string header = formats::csv::write_row({"thread", "source_ref", "status", "reason", "at", "by_role", "appt_at", "outcome"});
  return write_at_end(d.get(), (size == 0 ? header : "") + row, size, path);
}

}  // namespace adapters::police
