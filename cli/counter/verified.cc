// See verified.h.
#include "cli/counter/verified.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/counter/save.h"

namespace cli::counter {
namespace {

namespace fs = std::filesystem;

std::optional<crypto::Hash> hash_in(const Json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? base::unhex_hash(at->get<std::string>()) : std::nullopt;
}
std::uint64_t number_in(const Json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

}  // namespace

std::string verified_file(const Call& call) {
  const char *state = std::getenv("XDG_STATE_HOME"), *home = std::getenv("HOME");
  const std::string folder = state != nullptr && *state != '\0' ? state : std::string(home == nullptr ? "" : home) + "/.local/state";
  std::string name = call.has("profile") ? call.get("profile") : "default";
  if (call.has("agent")) {
    std::error_code none;
    name = "agent" + fs::weakly_canonical(call.get("agent"), none).string();
  }
  for (char& c : name) c = c == '/' ? '-' : c;
  return folder + "/handoff/verified/" + name + ".json";
}

Json to_json(const KeptHead& head) {
  const Mark& m = head.verified.mark;
  Json edge = Json::array();
  for (const auto& h : m.edge) edge.push_back(base::hex(h));
  return {{"log", head.log}, {"size", m.size}, {"root", base::hex(head.verified.root)}, {"at", head.verified.at.ms}, {"dir_seq", m.dir_seq}, {"time", m.time.ms},
          {"last_hub", base::hex(m.last_hub)}, {"last_dir", base::hex(m.last_dir)}, {"edge", std::move(edge)}};
}

std::optional<KeptHead> head_from(const Json& j) {
  const auto root = j.is_object() ? hash_in(j, "root") : std::nullopt;
  if (!root) return std::nullopt;
  KeptHead out;
  Mark& m = out.verified.mark;
  out.log = j.value("log", Json()).is_string() ? j.at("log").get<std::string>() : std::string();
  m.size = number_in(j, "size"), m.dir_seq = number_in(j, "dir_seq"), m.time = {number_in(j, "time")};
  out.verified.root = *root, out.verified.at = {number_in(j, "at")};
  if (m.size == 0) return std::nullopt;
  if (out.log.empty()) return out;
  const auto hub = hash_in(j, "last_hub"), dir = hash_in(j, "last_dir");
  if (!hub || !dir || !j.contains("edge") || !j.at("edge").is_array()) return std::nullopt;
  m.last_hub = *hub, m.last_dir = *dir;
  for (const Json& h : j.at("edge")) {
    const auto hash = h.is_string() ? base::unhex_hash(h.get<std::string>()) : std::nullopt;
    if (!hash) return std::nullopt;
    m.edge.push_back(*hash);
  }
  const auto tree = crypto::Frontier::from(m.size, m.edge);
  if (!tree.ok() || tree->root() != *root) return std::nullopt;
  return out;
}

std::optional<KeptHead> kept_head(const std::string& file, std::string* words) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto j = schemas::parse_json(text, 1U << 16);
  auto head = j.ok() ? head_from(**j) : std::nullopt;
  if (!head) *words = "what was verified last cannot be read (" + file + "); the whole log is checked";
  return head;
}

base::Status keep_head(const std::string& file, const KeptHead& head) {
  std::error_code error;
  const fs::path folder = fs::path(file).parent_path();
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  return write_private(file, schemas::dump(to_json(head)) + "\n");
}

}  // namespace cli::counter
