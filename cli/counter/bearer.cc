#include "cli/counter/bearer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <istream>

namespace cli::counter {
namespace {

namespace fs = std::filesystem;

base::Error cannot(const std::string& path) { return {base::Kind::kIo, "the sign-in cannot be kept", path, "check the folder's permissions"}; }

std::string first_line(std::string text) { return text.substr(0, text.find_first_of("\r\n")); }

// Asks on the terminal itself, so that a redirected standard input does not matter. Echo is back whatever happens.
base::Result<std::string> typed(const std::string& question) {
  const int tty = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  termios shown{};
  if (tty < 0 || ::tcgetattr(tty, &shown) != 0) {
    if (tty >= 0) ::close(tty);
    return base::Error{base::Kind::kUsage, "there is no terminal to ask on", "--password-file", "give the password in a file, or - for standard input"};
  }
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(tty, TCSAFLUSH, &hidden);
  (void)!::write(tty, question.data(), question.size());
  std::string out;
  char c = 0;
  while (::read(tty, &c, 1) == 1 && c != '\n') out += c;
  ::tcsetattr(tty, TCSAFLUSH, &shown);
  (void)!::write(tty, "\n", 1);
  ::close(tty);
  return out;
}

}  // namespace

std::string bearer_file(const Call& call) {
  std::string name = call.has("profile") ? call.get("profile") : "default";
  if (call.has("agent")) {
    std::error_code none;
    name = "agent" + fs::weakly_canonical(call.get("agent"), none).string();
  }
  for (char& c : name) c = c == '/' ? '-' : c;
  return call.profiles + "/" + name + ".bearer";
}

std::string kept_bearer(const Call& call) {
  std::ifstream file(bearer_file(call));
  std::string line;
  std::getline(file, line);
  return line;
}

base::Status keep_bearer(const Call& call, const std::string& bearer) {
  std::error_code error;
  fs::create_directories(call.profiles, error);
  const std::string path = bearer_file(call);
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return cannot(path);
  const std::string line = bearer + "\n";
  const bool whole = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(fd);
  return whole ? base::Status{} : cannot(path);
}

void drop_bearer(const Call& call) { ::unlink(bearer_file(call).c_str()); }

base::Result<std::string> secret_from(const Call& call, const std::string& file, const std::string& question) {
  if (file.empty()) return typed(question);
  TRY_ASSIGN(const std::string text, read_file(call, file));
  return first_line(text);
}

}  // namespace cli::counter
