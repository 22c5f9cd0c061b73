// handoff inbox attachment: one file that came with a message, written where the person says, readable by them alone.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

base::Error cannot(const std::string& path) { return {base::Kind::kIo, "the file cannot be written", path, "name a new file in a folder of yours"}; }

// A new file; one that exists is left alone.
base::Status write_new(const std::string& path, base::View bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == EEXIST) return base::Error{base::Kind::kConflict, "there is a file of that name", path, "name a new one"};
  if (fd < 0) return cannot(path);
  bool ok = true;
  while (ok && !bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    ok = n > 0;
    if (ok) bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  ok = ::close(fd) == 0 && ok;
  if (ok) return {};
  ::unlink(path.c_str());
  return cannot(path);
}

}  // namespace

counter::Exit inbox_attachment(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  TRY_ASSIGN(const std::uint64_t number, counter::number_option(call, "number", 1));
  counter::Json request{{"op", "attachment.save"}, {"message", message}, {"number", number}, {"from", 0}};
  base::Bytes bytes;
  std::string type;
  for (bool more = true; more;) {
    TRY_ASSIGN(const auto answer, counter::ask(call, request));
    const auto piece = base::unbase64(counter::text(*answer, "data"));
    if (!piece) return base::malformed("the agent's answer is not base64", "attachment", "are the agent and this program of one version?");
    base::append(bytes, *piece);
    type = counter::text(*answer, "media_type");
    const auto next = answer->find("next");
    more = next != answer->end() && next->is_number_unsigned();
    if (more) request["from"] = bytes.size();
  }
  const std::string path = call.get("out");
  TRY(write_new(path, bytes));
  if (call.json()) {
    counter::print_json(call.out, {{"file", path}, {"size", bytes.size()}, {"media_type", type}});
  } else {
    call.out << "wrote " << bytes.size() << " bytes to " << path << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::referral
