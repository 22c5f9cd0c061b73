// For tests of /api/v1, of who may do what, and of the ledger: whole agents with HTTP servers, and people with roles who ask them.
#pragma once

#include "adapters/agent/api/guard.h"
#include "adapters/agent/ledger/ledger.h"
#include "adapters/transport/outbound.h"
#include "tests/unit/ops/kit.h"  // last: brings doctest

namespace rig {

namespace people = adapters::agent::people;
namespace ledger = adapters::agent::ledger;
namespace transport = adapters::transport;

std::string header(const transport::OutboundAnswer& a, const std::string& name);

// One person's browser (or terminal) at one agent.
struct Browser {
  AgentBox& at;
  std::string token, csrf, bearer;  // one of token and bearer
  transport::OutboundAnswer call(const std::string& method, const std::string& path, const std::string& body = {},
                                 std::vector<std::pair<std::string, std::string>> more = {}) const;
  transport::OutboundAnswer post(const std::string& op, const Json& in = Json::object()) const;
  Json ok(const std::string& op, const Json& in = Json::object()) const;                                 // must be 200
  Json refused(const std::string& op, const Json& in, int status) const;                                 // must be; its error object
};

// A server-sent event stream, read as it comes.
class Stream {
 public:
  explicit Stream(const Browser& who, const std::string& last_id = {});
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  [[nodiscard]] int status() const { return status_; }
  struct Event {
    std::string name, id;  // name empty: the stream has ended
    Json data;
  };
  Event next();
  Event next(const std::string& name);  // skips others
 private:
  bool line(std::string& out);
  int fd_ = -1, status_ = 0;
  std::string pending_;
};

// Police, hospital and crisis center; the policy has roles. The latter two serve HTTP.
struct Desk : County {
  Desk();
  Browser enter(AgentBox& at, const std::string& login, std::vector<std::string> roles);  // makes the account at need
  static std::string refer(AgentBox& from, const std::string& to, Json more = Json::object());  // by an unnamed adapter; the thread, once it is there
  static std::vector<ledger::LedgerRow> rows(AgentBox& at);
  static std::vector<ledger::LedgerRow> rows(AgentBox& at, ledger::Access access);
  std::string arrived(AgentBox& from, AgentBox& to, Json more = Json::object());
};

}  // namespace rig
