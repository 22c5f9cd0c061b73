// Policies by version.
#include "adapters/agent/disclose/shelf.h"

#include "crypto/merkle.h"

namespace adapters::agent::disclose {
namespace {

SharedPolicy parsed(base::View toml) {
  auto policy = schemas::policy::parse_policy(base::text(toml));
  if (!policy.ok()) return nullptr;
  return std::make_shared<const Policy>(std::move(policy).value());
}

}  // namespace

base::Status PolicyShelf::load() {
  std::map<std::uint32_t, Held> held;
  TRY(store_.read([&](keep::Tx& tx) {
    held.clear();
    tx.scan(keep::Table::kPolicy, {}, [&](base::View k, base::View v) {
      held[static_cast<std::uint32_t>(keep::number_in(k))] = {crypto::sha256(v), parsed(v)};
      return true;
    });
    return base::Status{};
  }));
  const std::lock_guard lock(mutex_);
  held_ = std::move(held);
  return {};
}

base::Status PolicyShelf::take(std::uint32_t version, base::View toml) {
  TRY(store_.write([&](keep::Tx& tx) {
    tx.put(keep::Table::kPolicy, keep::key_of(version), toml);
    return base::Status{};
  }));
  auto policy = parsed(toml);
  const bool readable = policy != nullptr;
  {
    const std::lock_guard lock(mutex_);
    held_[version] = {crypto::sha256(toml), std::move(policy)};
  }
  if (!readable) return base::malformed("the text of the policy in force cannot be read by this version", "policy");
  return {};
}

SharedPolicy PolicyShelf::find(const crypto::PolicyNote& note) const {
  const std::lock_guard lock(mutex_);
  const auto it = held_.find(note.version);
  return it == held_.end() || it->second.rules != note.rules ? nullptr : it->second.policy;
}

SharedPolicy PolicyShelf::version(std::uint32_t version) const {
  const std::lock_guard lock(mutex_);
  const auto it = held_.find(version);
  return it == held_.end() ? nullptr : it->second.policy;
}

bool PolicyShelf::has_text(const base::Hash& rules) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [version, held] : held_) {
    if (held.rules == rules) return true;
  }
  return false;
}

base::Bytes PolicyShelf::text(std::uint32_t version) const {
  base::Bytes out;
  (void)store_.read([&](keep::Tx& tx) {  // a store that cannot be read holds no text
    out = tx.get(keep::Table::kPolicy, keep::key_of(version)).value_or(base::Bytes{});
    return base::Status{};
  });
  return out;
}

}  // namespace adapters::agent::disclose
