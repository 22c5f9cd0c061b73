// One of our adapters as a plugin. Lines are read here; what may take time (a delivery) is done by a thread beside, so that answers to
// what the adapter asks meanwhile, and questions after its health, are not kept waiting.
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <nlohmann/json.hpp>
#include <thread>

#include "adapters/foreign/bridge_host.h"
#include "adapters/foreign/foreign.h"
#include "adapters/transport/lines.h"

namespace adapters::foreign {
namespace {

using base::Error;
using base::Kind;

void write_line(const std::string& line) {
  const std::string whole = line + "\n";
  for (std::size_t at = 0; at < whole.size();) {
    const ssize_t n = ::write(STDOUT_FILENO, whole.data() + at, whole.size() - at);
    if (n < 0 && errno != EINTR) return;  // nobody listens: the end of the input says so as well
    if (n > 0) at += static_cast<std::size_t>(n);
  }
}

class Input {
 public:
  // The next line; kNotFound at the end.
  base::Result<std::string> next() {
    for (;;) {
      TRY_ASSIGN(auto line, lines_.next());
      if (line) return std::move(*line);
      std::string piece(64u << 10, '\0');
      const ssize_t n = ::read(STDIN_FILENO, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return Error{Kind::kNotFound, "the input has ended"};
      piece.resize(static_cast<std::size_t>(n));
      lines_.feed(piece);
    }
  }

 private:
  transport::Lines lines_{kMaxLine};
};

Json result_of(const Json& request, const base::Status& s) {
  Json out{{"op", "result"}, {"id", request.value("id", Json())}, {"verdict", "ok"}};
  if (s.ok()) return out;
  out["verdict"] = s.error().kind == Kind::kBusy ? "busy" : s.error().kind == Kind::kUnsupported ? "unsupported" : "failed";
  out["error"] = error_json(s.error());
  return out;
}

base::Status deliver(agent::Adapter& adapter, const Json& request) {
  TRY_ASSIGN(const agent::Delivery d, delivery_from(request.value("delivery", Json())));
  return adapter.deliver(d);
}

// The thread beside: requests in their order.
class Worker {
 public:
  Worker(agent::Adapter& adapter, BridgeHost& host) : adapter_(adapter), host_(host), thread_([this] { run(); }) {}
  ~Worker() {
    {
      const std::lock_guard held(mutex_);
      stop_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }
  void add(Json request) {
    const std::lock_guard held(mutex_);
    todo_.push_back(std::move(request));
    changed_.notify_all();
  }

 private:
  void run() {
    for (;;) {
      Json request;
      {
        std::unique_lock held(mutex_);
        changed_.wait(held, [this] { return stop_ || !todo_.empty(); });
        if (stop_) return;
        request = std::move(todo_.front());
        todo_.pop_front();
      }
      host_.write(result_of(request, deliver(adapter_, request)));
    }
  }

  agent::Adapter& adapter_;
  BridgeHost& host_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Json> todo_;
  bool stop_ = false;
  std::thread thread_;
};

// What the agent sends, until it says stop or its output ends.
void serve(Input& input, agent::Adapter& adapter, BridgeHost& host, Worker& worker) {
  for (;;) {
    const auto line = input.next();
    if (!line.ok()) return;
    const auto message = read_line(*line);
    if (!message.ok()) continue;
    const std::string op = text_or(**message, "op");
    if (op == "stop") return;
    if (op == "deliver") worker.add(std::move(**message));
    if (op == "submitted" || op == "kept" || op == "answer" || op == "refused") host.settle(std::move(**message));
    if (op != "health") continue;
    Json health = health_json(adapter.health());
    health["op"] = "health", health["id"] = (*message)->value("id", Json());
    host.write(health);
  }
}

}  // namespace

base::Status run_as_plugin(const agent::AdapterType& type, const schemas::Config& table) {
  Input input;
  TRY_ASSIGN(const std::string first, input.next());
  TRY_ASSIGN(const auto hello, read_line(first));
  if (text_or(*hello, "op") != "hello" || number_or(*hello, "v", 0) != kVersion)
    return Error{Kind::kUnsupported, "the first line is no hello of version 1", "standard input", "let an agent start it, or: handoff adapter test"};
  BridgeHost host(*hello, write_line);
  TRY_ASSIGN(const auto adapter, type.make(table, text_or(*hello, "name", type.type)));
  host.write({{"op", "hello"}, {"v", kVersion}, {"name", type.type}, {"outgoing", true}});
  if (auto started = adapter->start(host); !started.ok()) {
    host.say("", started.error().message());
    return started;
  }
  {
    Worker worker(*adapter, host);
    serve(input, *adapter, host, worker);
    host.gone();
    adapter->stop();
  }
  return {};
}

}  // namespace adapters::foreign
