// What adapters may ask.
#include "adapters/agent/host.h"

#include "adapters/agent/blob/inspector.h"
#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/delivery_of.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/match/book.h"
#include "crypto/merkle.h"
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

// The files of a submission, before it is taken: infected, it is refused; without a verdict, the files wait apart from their message.
base::Status AgentHost::scan(const Submission& s, mail::Desk& desk) {
  const auto* list = desk.scans ? blob::attachments_of(s.body.payload) : nullptr;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const schemas::Attachment& a = (*list)[i];
    if (a.data.empty() || a.data.size() > desk.attachments.attachment) continue;
    const keep::BlobScan verdict = blob::inspect(office_, a.data);
    if (verdict == keep::BlobScan::kInfected) {
      base::Error no{base::Kind::kDenied, "the virus scan refuses an attachment", "attachments[" + std::to_string(i + 1) + "]", "send it without this file"};
      record_denial(desk, s, no);
      return no;
    }
    if (verdict == keep::BlobScan::kClean) desk.clean.insert(crypto::sha256(a.data));
  }
  return {};
}

base::Result<Submitted> AgentHost::compose(const Submission& about, const Compose& job) {
  mail::Desk desk = office_.desk();
  TRY(scan(about, desk));
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
  return {row.thread_id, slug_of(directory, row.other), row.requester, mail::loop_of(tx, office.self, row), row.updated, row.order};
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

ThreadPage AgentHost::threads(std::uint64_t before, std::size_t limit) const {
  ThreadPage out;
  const crypto::Directory directory = office_.replica.directory();
  (void)office_.store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kRecent, before == 0 ? base::Bytes{} : keep::key_of(before - 1), [&](base::View, base::View id) {
      if (out.threads.size() == limit) {
        out.next = out.threads.empty() ? 0 : out.threads.back().order;
        return false;
      }
      if (const auto row = mail::thread(tx, base::fixed<16>(id))) out.threads.push_back(info_of(tx, office_, directory, *row));
      return true;
    });
    return base::Status{};
  });
  return out;
}

std::vector<Delivery> AgentHost::events(const base::Id& thread_id) const {
  std::vector<Delivery> out;
  const crypto::Directory directory = office_.replica.directory();
  (void)office_.store.read([&](keep::Tx& tx) {
    for (const std::uint64_t seq : mail::thread_messages(tx, thread_id)) {
      if (auto d = delivery_of(tx, office_, directory, seq)) out.push_back(std::move(*d));
    }
    return base::Status{};
  });
  return out;
}

base::Result<base::Bytes> AgentHost::attachment(const base::Id& thread_id, const schemas::Attachment& a) {
  const base::Error infected{base::Kind::kDenied, "the virus scan refused this attachment", "attachment", "ask its sender for another copy"};
  const base::Error unscanned{base::Kind::kBusy, "the virus scan has given no verdict on this attachment yet", "attachment", "see handoff status"};
  const auto judged = [&](keep::BlobScan scan, base::Bytes bytes) -> base::Result<base::Bytes> {
    if (scan == keep::BlobScan::kClean) return bytes;
    return scan == keep::BlobScan::kInfected ? infected : unscanned;
  };
  if (!a.data.empty()) return judged(blob::inspect(office_, a.data), a.data);
  std::optional<keep::BlobRow> row;
  TRY(office_.store.read([&](keep::Tx& tx) {
    const auto thread = mail::thread(tx, thread_id);
    if (!thread) return base::Status{};
    for (const base::Id& sender : {thread->other, office_.self}) {
      auto found = blob::find(tx, sender, a.blob);
      if (found && found->thread_id == thread_id && !row) row = std::move(found);
    }
    return base::Status{};
  }));
  if (!row) return base::Error{base::Kind::kNotFound, "the attachment is not here", "attachment"};
  if (row->state == keep::BlobState::kArriving) {
    return base::Error{base::Kind::kBusy, "parts are still on their way: " + std::to_string(row->have) + " of " + std::to_string(row->of) + " are here", "attachment"};
  }
  const bool kept = row->state == keep::BlobState::kWhole || row->sender == office_.self;
  if (!kept) return base::Error{base::Kind::kNotFound, "the attachment is not here: " + row->why, "attachment", "ask its sender for another copy"};
  if (office_.scanner == nullptr) row->scan = keep::BlobScan::kClean;
  if (row->scan == keep::BlobScan::kNotYet) row->scan = blob::inspect(office_, *row);
  base::Bytes bytes;
  TRY(office_.store.read([&](keep::Tx& tx) {
    bytes = blob::bytes(tx, *row);
    return base::Status{};
  }));
  return judged(row->scan, std::move(bytes));
}

base::Result<std::optional<std::uint64_t>> AgentHost::propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) {
  const mail::Desk desk = office_.desk();
  std::optional<std::uint64_t> out;
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(out, match::propose(tx, desk, adapter, who, s));
    return {};
  }));
  return out;
}

namespace {

// A row: u32 size of the name, name, u32 size of the key, key, value. The name goes before the key, so that no adapter reaches another's.
void append_text(base::Bytes& out, std::string_view text) {
  base::Fixed<4> size{};
  base::store_be(size.data(), static_cast<std::uint32_t>(text.size()));
  base::append(out, size);
  base::append(out, base::view(text));
}
std::optional<std::string> take_text(base::View& row) {
  if (row.size() < 4) return std::nullopt;
  const auto size = base::load_be<std::uint32_t>(row.data());
  if (row.size() - 4 < size) return std::nullopt;
  std::string out = base::to_string(row.subspan(4, size));
  row = row.subspan(4 + size);
  return out;
}

}  // namespace

base::Status AgentHost::keep(std::string_view adapter, std::string_view key, base::View value) {
  base::Bytes row;
  append_text(row, adapter);
  append_text(row, key);
  return office_.store.write([&](keep::Tx& tx) {
    const base::Hash at = tx.key("kept", row);
    if (value.empty()) {
      tx.erase(Table::kSubscription, at);
    } else {
      tx.put(Table::kSubscription, at, base::concat({row, value}));
    }
    return base::Status{};
  });
}

std::vector<std::pair<std::string, base::Bytes>> AgentHost::kept(std::string_view adapter) const {
  std::vector<std::pair<std::string, base::Bytes>> out;
  (void)office_.store.read([&](keep::Tx& tx) {
    tx.scan(Table::kSubscription, {}, [&](base::View, base::View row) {
      const auto name = take_text(row), key = take_text(row);
      if (name == adapter && key) out.emplace_back(*key, base::to_bytes(row));
      return true;
    });
    return base::Status{};
  });
  return out;
}

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
