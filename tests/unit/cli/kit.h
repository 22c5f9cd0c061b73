// For tests of `handoff`: a folder with a stand-in for an agent's socket, and the real program run against it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace cli_kit {

using Json = nlohmann::json;

struct Folder {
  std::string path;
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string put(const std::string& name, const std::string& text) const;  // the file's path
};

// Answers each line with what `answer` says: JSON, or any text. Empty: it hangs up.
class FakeAgent {
 public:
  using Answer = std::function<std::vector<std::string>(const Json& request)>;
  FakeAgent(const std::string& dir, Answer answer);
  FakeAgent(const std::string& dir, Json answer);
  ~FakeAgent();
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;
  [[nodiscard]] std::vector<Json> requests() const;

 private:
  void serve();
  void talk(int fd);
  Answer answer_;
  int listener_ = -1;
  mutable std::mutex mutex_;
  std::vector<Json> requests_;
  std::thread thread_;
};

struct Ran {
  int code = -1;
  std::string out, err;
  [[nodiscard]] Json json() const { return Json::parse(out, nullptr, false); }
};
// Runs bin/handoff. HOME is `home`; stdin holds `in`; stdout goes to `out_file` if one is named.
Ran run(std::vector<std::string> words, const std::string& home, const std::string& in = {}, const std::string& out_file = {});

std::size_t widest_line(const std::string& text);  // in code points
inline bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
inline const char* const kThread = "0199a1b2-0000-7000-8000-000000000001";
inline const char* const kMessage = "0199a1b2-0000-7000-8000-000000000002";

// A person at a terminal of an agency.
struct Desk {
  Folder home;
  FakeAgent agent;
  explicit Desk(FakeAgent::Answer answer) : agent(home.path, std::move(answer)) {}
  explicit Desk(Json answer) : agent(home.path, std::move(answer)) {}
  Ran handoff(std::vector<std::string> words, const std::string& in = {}) {
    words.insert(words.end(), {"--agent", home.path});
    return run(std::move(words), home.path, in);
  }
};

}  // namespace cli_kit
