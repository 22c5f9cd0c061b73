#include "adapters/foreign/settings.h"

namespace adapters::foreign {
namespace {

using base::Error;
using base::Kind;

struct Number {
  const char* key;
  std::int64_t normal, most;
  std::uint64_t unit;
  std::uint64_t* out;
};

base::Status read_numbers(const schemas::Config& c, Settings& s) {
  transport::ProcessOptions& p = s.process;
  const Number all[] = {{"memory_mb", 512, 1 << 20, 1u << 20, &p.memory_bytes}, {"cpu_seconds", 30, 86400, 1, &p.cpu_seconds},
                        {"files", 64, 65536, 1, &p.files},                      {"processes", 256, 65536, 1, &p.processes},
                        {"file_mb", 1024, 1 << 20, 1u << 20, &p.file_bytes},    {"hello_s", 10, 3600, 1000, &s.hello_ms},
                        {"timeout_s", 30, 3600, 1000, &s.answer_ms},            {"grace_s", 5, 60, 1000, &s.grace_ms},
                        {"restart_ms", 500, 60'000, 1, &s.restart_ms},          {"health_ms", 10'000, 3'600'000, 1, &s.health_ms}};
  for (const Number& n : all) {
    TRY_ASSIGN(const std::int64_t value, c.number(n.key, n.normal));
    const bool limit = n.out == &p.memory_bytes || n.out == &p.cpu_seconds || n.out == &p.file_bytes;  // 0: none
    if (value < (limit ? 0 : 1) || value > n.most)
      return Error{Kind::kUsage, "out of range", s.name + "." + n.key, "use " + std::string(limit ? "0 (no limit)" : "1") + " to " + std::to_string(n.most)};
    *n.out = static_cast<std::uint64_t>(value) * n.unit;
  }
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  s.name = name;
  TRY_ASSIGN(s.process.command, c.list("command"));
  if (s.process.command.empty())
    return Error{Kind::kUsage, "a plugin is a program", name + ".command", R"(name it with its words: command = ["python3", "bridge.py"])"};
  TRY_ASSIGN(s.process.folder, c.path("folder", "."));
  TRY_ASSIGN(s.config, c.object("config"));
  s.process.environment = {"PATH=" + s.process.path, "LANG=C.UTF-8", "HOME=/"};
  TRY_ASSIGN(const auto more, c.pairs("environment"));
  for (const auto& [key, value] : more) s.process.environment.push_back(key + "=" + value);
  TRY(read_numbers(c, s));
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

}  // namespace adapters::foreign
