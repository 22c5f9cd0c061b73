// What a FHIR client writes, made into messages: create, update, transaction, batch, message. Thread-safe.
//
// One thing sent is one message: it is in the outbox, on disk, when the answer says 201. A resource that is no message by itself (a Patient,
// a Condition) is kept until a request refers to it.
#pragma once

#include "adapters/facade/hooks.h"
#include "adapters/facade/search.h"
#include "adapters/formats/fhir/read.h"

namespace adapters::facade {

class Desk {
 public:
  Desk(const Settings& settings, Catalogue& catalogue, Hooks& hooks) : settings_(settings), catalogue_(catalogue), hooks_(hooks) {}
  void start(agent::Host& host) { host_ = &host; }

  HttpResponse create(const std::string& type, const Json& resource, const HttpRequest& r);
  HttpResponse update(const std::string& type, const std::string& id, const Json& resource, const HttpRequest& r);
  HttpResponse remove(const std::string& type, const std::string& id);
  HttpResponse transaction(const Json& bundle, const HttpRequest& r);
  HttpResponse message(const Json& bundle, const HttpRequest& r);
  [[nodiscard]] std::string location(const Item& i) const;

 private:
  struct Sent {
    agent::Submitted done;
    bool proposed = false;           // a person is asked which thread it belongs to
  };
  base::Result<Sent> send(formats::fhir::Read r, const std::string& bytes, const std::string& key, std::optional<base::Id> thread, const std::string& client);
  base::Status address(formats::fhir::Read& r, agent::Submission& s, const std::optional<base::Id>& thread);
  [[nodiscard]] std::optional<base::Id> thread_by(const formats::fhir::Read& r) const;
  HttpResponse keep(const std::string& type, Json resource, const std::string& id, int status, std::uint64_t version);
  HttpResponse send_created(const std::string& type, const Json& document, const HttpRequest& r, const std::string& key);
  HttpResponse shown(const std::string& type, const std::string& id, int status);
  [[nodiscard]] Json gather(const Json& resource) const;
  HttpResponse answer_task(const std::string& id, const Json& resource, const HttpRequest& r);
  HttpResponse revoke(const base::Id& thread, const Json& resource, const HttpRequest& r);
  HttpResponse keep_all(const Json& bundle);
  [[nodiscard]] std::optional<HttpResponse> stale(const std::string& type, const std::string& id, std::string_view if_match) const;

  const Settings& settings_;
  Catalogue& catalogue_;
  Hooks& hooks_;
  agent::Host* host_ = nullptr;
};

bool waits(std::string_view type);   // kept until a request refers to it
bool carried(std::string_view type); // a message by itself

}  // namespace adapters::facade
