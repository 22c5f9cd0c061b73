// What adapters may ask.
#include "adapters/agent/host.h"

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent {

using keep::Table;

std::string slug_of(const crypto::Directory& directory, const base::Id& agent) {
  if (base::all_zero(agent)) return std::string(mail::kEverybody);
  const crypto::Member* m = directory.member(agent);
  return m ? m->cert.name : base::hex(agent);
}
std::string kind_of_agent(const crypto::Directory& directory, const base::Id& agent) {
  const crypto::Member* m = directory.member(agent);
  return m ? m->cert.kind : "";
}

base::Result<Submitted> AgentHost::submit(Submission s) {
  return compose(s, [&s](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) { return mail::compose(tx, desk, random, s); });
}

base::Result<Submitted> AgentHost::compose(const Submission& about, const Compose& job) {
  const mail::Desk desk = office_.desk();
  std::optional<Submitted> out;
  const base::Status done = office_.store.write([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(out, job(tx, desk, office_.random));
    return {};
  });
  if (!done.ok()) {
    if (done.error().kind == base::Kind::kDenied) record_denial(desk, about, done.error());
    return done.error();
  }
  if (!out->repeat && office_.wake_courier) office_.wake_courier();
  if (!out->repeat && office_.wake_clock) office_.wake_clock();
  return *out;
}

namespace {

// The class of a refusal, for reports: the policy's own, if it is the policy that refuses; else the life of the referral does.
std::string code_of_denial(keep::Tx& tx, const mail::Desk& desk, const Submission& s, const base::Id& to, const std::string& rule) {
  const crypto::Member* member = desk.directory.member(to);
  if (member == nullptr || desk.policy == nullptr) return "lifecycle";
  const auto answer = mail::ask_policy(tx, desk, *member, s.purpose, s.body, s.thread);
  const auto rules = answer.rules();
  return !answer.allowed && !rules.empty() && rules[0] == rule ? answer.code : "lifecycle";
}

}  // namespace

// A denial is an event of its own (45 CFR 171: every refusal has its reason). Its own commit: what was denied left no trace.
void AgentHost::record_denial(const mail::Desk& desk, const Submission& s, const base::Error& why) {
  keep::RefusalRow row;
  row.at = desk.now;
  row.from = desk.self;
  if (const crypto::Member* to = desk.directory.by_slug(s.to)) row.to = to->cert.agent;
  if (s.thread) row.thread_id = *s.thread;
  row.kind = static_cast<std::uint16_t>(schemas::kind_of(s.body.payload));
  row.rule = why.where;
  row.words = why.what;
  row.person = s.person;
  (void)office_.store.write([&](keep::Tx& tx) {  // a disk that fails here has told the process already
    if (base::all_zero(row.to) && s.thread) {
      if (const auto thread = mail::thread(tx, *s.thread)) row.to = thread->other;
    }
    row.code = code_of_denial(tx, desk, s, row.to, row.rule);
    mail::record_refusal(tx, row);
    return base::Status{};
  });
}

base::Result<std::uint64_t> AgentHost::quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) {
  keep::QuarantineRow row;
  row.adapter = adapter;
  row.format = format;
  row.what = why.what;
  row.where = why.where;
  row.mend = why.mend;
  row.kind = static_cast<std::uint8_t>(why.kind);
  row.at = office_.clock();
  row.bytes = base::to_bytes(bytes);
  std::uint64_t id = 0;
  TRY(office_.store.write([&](keep::Tx& tx) {
    keep::QuarantineRow kept = row;
    kept.id = tx.next(Table::kQuarantine);
    tx.put(Table::kQuarantine, keep::key_of(kept.id), keep::pack(kept));
    id = kept.id;
    return base::Status{};
  }));
  return id;
}

namespace {

ThreadInfo info_of(keep::Tx& tx, const mail::Office& office, const crypto::Directory& directory, const keep::ThreadRow& row) {
  return {row.thread_id, slug_of(directory, row.other), row.requester, mail::loop_of(tx, office.self, row)};
}

}  // namespace

std::optional<ThreadInfo> AgentHost::thread(const base::Id& thread_id) const {
  std::optional<ThreadInfo> out;
  const crypto::Directory directory = office_.replica.directory();
  (void)office_.store.read([&](keep::Tx& tx) {  // a store that cannot be read knows no threads; writes tell the alarm
    if (const auto row = mail::thread(tx, thread_id)) out = info_of(tx, office_, directory, *row);
    return base::Status{};
  });
  return out;
}

std::vector<ThreadInfo> AgentHost::threads_by_ref(std::string_view ref) const {
  std::vector<ThreadInfo> out;
  const crypto::Directory directory = office_.replica.directory();
  (void)office_.store.read([&](keep::Tx& tx) {
    for (const base::Id& id : mail::threads_by_ref(tx, ref)) {
      if (const auto row = mail::thread(tx, id)) out.push_back(info_of(tx, office_, directory, *row));
    }
    return base::Status{};
  });
  return out;
}

std::vector<ThreadInfo> AgentHost::threads_by_subject_id(const schemas::Identifier& id) const { return threads_by_ref(mail::subject_ref(id)); }

std::optional<std::string> AgentHost::slug_for(std::string_view name) const {
  const auto alias = aliases_.find(std::string(name));
  if (alias != aliases_.end()) return alias->second;
  const crypto::Directory directory = office_.replica.directory();
  if (const crypto::Member* m = directory.by_slug(name)) return m->cert.name;
  const std::lock_guard lock(mutex_);
  const auto display = names_.find(std::string(name));
  if (display == names_.end()) return std::nullopt;
  return display->second;
}

void AgentHost::set_display_names(std::map<std::string, std::string> names) {
  const std::lock_guard lock(mutex_);
  names_ = std::move(names);
}

std::string AgentHost::display_of(const std::string& slug) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, of] : names_) {
    if (of == slug) return name;
  }
  return slug;
}

}  // namespace adapters::agent
