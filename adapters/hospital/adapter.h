// The adapter's own class, shared by its three files: adapter.cc (life, answers), intake.cc (what comes in), delivery.cc (what goes out).
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/hospital/correlate.h"
#include "adapters/hospital/referral_out.h"
#include "adapters/hospital/settings.h"
#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"

namespace adapters::hospital {

// What the sender is told. `message`: instead of an acknowledgement by the application, the answer itself.
struct Answer {
  hl7::Verdict verdict = hl7::Verdict::kAccept;
  std::vector<hl7::Fault> faults{};
  std::string message{};
  std::optional<base::Error> keep{};  // refused for this reason: an operator is to see it
};
Answer answer_for(const base::Error& e);  // an error of the host or of the parser

class HospitalMllp : public agent::Adapter {
 public:
  explicit HospitalMllp(Settings s) : settings_(std::move(s)), client_(settings_.client) {}
  ~HospitalMllp() override { HospitalMllp::stop(); }

  base::Status start(agent::Host& host) override;
  base::Status deliver(const agent::Delivery& d) override;
  base::Status take_again(std::string_view format, base::View bytes) override;
  void stop() override;
  [[nodiscard]] agent::Health health() const override;

 private:
  std::optional<std::string> on_message(std::string_view bytes);
  std::optional<std::string> on_refused(transport::Framed::What what, std::string_view head);
  std::optional<std::string> reply(const hl7::Message* m, const Answer& a);
  Answer refuse(Answer answer, base::Kind kind = base::Kind::kMalformed);
  Answer kept(std::string_view bytes, Answer answer);  // in quarantine, if it is to be
  [[nodiscard]] std::string words() const;
  std::string next_control_id();

  Answer take(const hl7::Message& m, std::string_view bytes);
  Answer take_referral(const hl7::Message& m, std::string_view bytes);
  Answer take_change(const hl7::Message& m);
  Answer take_status(const hl7::Message& m);
  Answer take_query(const hl7::Message& m);
  Answer take_visit(const hl7::Message& m);
  Answer take_appointment(const hl7::Message& m);
  Answer take_words(const hl7::Message& m);
  Answer take_withdrawal(const hl7::Message& m);
  Answer status_of(const hl7::Message& m, const agent::ThreadInfo& thread);
  Answer unknown(const hl7::Message& m);
  Answer hand_in(const hl7::Message& m, agent::Submission s);
  Answer failed(const base::Error& e);
  Answer broken(std::vector<hl7::Fault> faults, bool related);
  Answer propose(const hl7::Message& m, agent::Submission s);
  agent::Submission in_thread(const agent::ThreadInfo& thread, schemas::Payload payload) const;
  [[nodiscard]] std::optional<std::string> route(const std::vector<std::string>& names) const;
  [[nodiscard]] std::optional<agent::ThreadInfo> either(const Keys& keys) const;

  base::Status fetch(Outgoing& o);
  [[nodiscard]] base::Result<std::string> written(const Outgoing& o, bool asks) const;
  base::Status send(const std::string& message, const std::string& id);

  Settings settings_;
  transport::MllpClient client_;
  std::optional<transport::MllpServer> server_;
  agent::Host* host_ = nullptr;
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delivered_{0}, failed_{0}, acks_{0}, unrelated_{0}, known_{0}, matches_{0};
};

}  // namespace adapters::hospital
