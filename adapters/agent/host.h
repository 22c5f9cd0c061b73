// The agent's side of plugin.h: what adapters, and the people's socket, may ask of the agency. Thread-safe.
#pragma once

#include <map>

#include "adapters/agent/mail/office.h"

namespace adapters::agent {

class AgentHost final : public Host {
 public:
  using Log = std::function<void(std::string_view who, std::string_view words)>;
  AgentHost(mail::Office& office, std::map<std::string, std::string> aliases, Log log) : office_(office), aliases_(std::move(aliases)), log_(std::move(log)) {}

  base::Result<Submitted> submit(Submission s) override;
  base::Result<std::uint64_t> quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) override;
  [[nodiscard]] std::optional<ThreadInfo> thread(const base::Id& thread_id) const override;
  [[nodiscard]] std::vector<ThreadInfo> threads_by_ref(std::string_view ref) const override;
  [[nodiscard]] std::vector<ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const override;
  [[nodiscard]] ThreadPage threads(std::uint64_t before, std::size_t limit) const override;
  [[nodiscard]] std::vector<Delivery> events(const base::Id& thread_id) const override;
  base::Result<base::Bytes> attachment(const base::Id& thread_id, const schemas::Attachment& a) override;
  base::Result<std::optional<std::uint64_t>> propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) override;
  base::Status keep(std::string_view adapter, std::string_view key, base::View value) override;
  [[nodiscard]] std::vector<std::pair<std::string, base::Bytes>> kept(std::string_view adapter) const override;
  [[nodiscard]] std::optional<std::string> slug_for(std::string_view name) const override;
  [[nodiscard]] std::string own_slug() const override { return office_.slug; }
  [[nodiscard]] std::string own_kind() const override { return office_.kind; }
  [[nodiscard]] base::Instant now() const override { return office_.clock(); }
  void say(std::string_view adapter, std::string_view words) override { log_(adapter, words); }

  // What takes more than one message (a re-referral, break-glass, a take that others are told of): composed in one store write, then on its
  // way as every submission is. `about` says who asks for what, for the record of a denial.
  using Compose = std::function<base::Result<Submitted>(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random)>;
  base::Result<Submitted> compose(const Submission& about, const Compose& job);

  void set_display_names(std::map<std::string, std::string> names);  // display name -> slug, from the policy
  [[nodiscard]] std::string display_of(const std::string& slug) const;

 private:
  base::Status scan(const Submission& s, mail::Desk& desk);
  void record_denial(const mail::Desk& desk, const Submission& s, const base::Error& why);
  mail::Office& office_;
  std::map<std::string, std::string> aliases_;
  Log log_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> names_;
};

// The slug of an agent, or its hex id if it has left the directory.
std::string slug_of(const crypto::Directory& directory, const base::Id& agent);
std::string kind_of_agent(const crypto::Directory& directory, const base::Id& agent);

}  // namespace adapters::agent
