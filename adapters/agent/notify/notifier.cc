// The thread that tells people. Each telling is on disk before it is sent; what a crash left in between is sent again under the same id, which
// a push service and a mailbox know for the same message. Nothing is counted down: each look asks the clock, which may be set (D18).
#include <algorithm>
#include <chrono>

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/notify/ladder.h"
#include "adapters/agent/notify/notify.h"
#include "adapters/agent/notify/words.h"
#include "schemas/body.h"

namespace adapters::agent::notify {
namespace {

using keep::NoticeRow;
using keep::Table;

constexpr std::uint64_t kTooOld = base::kDay;        // what nobody looked at in a day is told by its deadlines, not by this
constexpr std::uint64_t kRoutineLadder = 4;          // times next_after: routine items stop climbing then
constexpr unsigned kTries = 6;
constexpr std::uint64_t kFirstWait = 15 * base::kSecond, kLongestWait = 10 * base::kMinute;
constexpr std::string_view kVapid = "notify.vapid";  // meta: the private key of the application server

// Has a person, here or through a system of ours, answered in the thread since? Has the other side, if it is they who owe something?
bool moved_on(keep::Tx& tx, const mail::Desk& desk, const NoticeRow& n) {
  const auto row = base::all_zero(n.thread_id) ? std::nullopt : mail::thread(tx, n.thread_id);
  if (!row) return false;
  if (row->loop == "closed" || row->loop == "closed_unresolved") return n.what != "refused" && n.what != "break_glass";
  const auto seqs = mail::thread_messages(tx, n.thread_id);
  for (auto seq = seqs.rbegin(); seq != seqs.rend(); ++seq) {
    const auto m = mail::message(tx, *seq);
    if (!m) continue;
    if ((m->outgoing ? m->created : m->received) <= n.at) break;
    const auto kind = static_cast<schemas::MsgKind>(m->kind);
    if (kind == schemas::MsgKind::kLoopFacts || kind == schemas::MsgKind::kAcknowledgement) continue;
    if (m->sender != desk.self && !row->requester) continue;
    const auto body = schemas::decode_body(m->body);
    const auto* status = body.ok() ? std::get_if<schemas::StatusUpdate>(&body->payload) : nullptr;
    if (status != nullptr && status->actor_role == "machine") continue;
    if (m->sender == desk.self || status != nullptr) return true;
  }
  return false;
}

bool only_a_test(keep::Tx& tx, const mail::Desk& desk, const NoticeRow& n) {
  if (desk.directory.anchor().test || base::all_zero(n.thread_id)) return false;
  const auto row = mail::thread(tx, n.thread_id);
  return row && row->test;
}

struct Look {
  std::string over;                // why it is done with; empty: it is not
  Rung tell;                       // who is to be told now
  bool nobody = false, failed = false;
  base::Instant next;              // when to look again
};

// One notice, as it stands.
Look look_at(keep::Tx& tx, const mail::Desk& desk, const Settings& settings, const std::vector<Person>& staff, const NoticeRow& n) {
  Look out;
  if (n.seen.ms != 0) out.over = "somebody has seen it";
  if (out.over.empty() && desk.now.ms > n.at.ms + kTooOld) out.over = "too old";
  if (out.over.empty() && only_a_test(tx, desk, n)) out.over = "a test";
  if (out.over.empty() && moved_on(tx, desk, n)) out.over = "the thread moved on";
  if (!out.over.empty()) return out;
  out.next = n.at.plus(kTooOld + 1);
  const std::string urgency = urgency_of(tx, n);
  const auto rows = told_of(tx, n.seq);
  const auto rungs = ladder(tx, list_of(n.tell), staff, desk.now);
  out.nobody = rungs.empty();
  out.failed = !rows.empty() && std::ranges::all_of(rows, [](const ToldRow& t) { return t.progress == Progress::kFailed; });
  const base::Instant last = rows.empty() ? base::Instant{} : std::ranges::max_element(rows, {}, &ToldRow::created)->created;
  const bool lost = !rows.empty() && std::ranges::all_of(rows, [&](const ToldRow& t) { return t.created != last || t.progress == Progress::kFailed; });
  const base::Instant climb = rows.empty() || lost ? desk.now : last.plus(settings.wait(urgency));
  if (!rows.empty() && quiet_repeat(n.what) && !lost) return out;
  if (!rows.empty() && urgency == "routine" && desk.now.ms > n.at.ms + kRoutineLadder * settings.wait(urgency)) return out;
  const auto is_new = [&](const Step& s) { return std::ranges::none_of(rows, [&](const ToldRow& t) { return t.person == s.person.id && t.channel == s.channel.id; }); };
  const auto rung = std::ranges::find_if(rungs, [&](const Rung& r) { return std::ranges::any_of(r, is_new); });
  if (rung == rungs.end()) return out;
  out.failed = false;  // there is still somebody
  const std::string tz = desk.policy != nullptr ? desk.policy->calendar.tz : "UTC";
  const base::Instant when = urgency == "routine" ? after_quiet(settings, tz, std::max(climb, desk.now)) : climb;
  out.next = std::min(out.next, when);
  if (when > desk.now) return out;
  std::ranges::copy_if(*rung, std::back_inserter(out.tell), is_new);
  return out;
}

}  // namespace

struct Notifier::Due {
  ToldRow told;
  Errand errand;
};

std::vector<Person> staff_of(const people::People& people) {
  std::vector<Person> out;
  for (const people::PersonRow& p : people.all()) {
    if (!p.disabled) out.push_back({p.id, p.login, p.name, p.phone, people.actor(p, "")});
  }
  return out;
}

Notifier::Notifier(mail::Office& office, Settings settings) : office_(office), settings_(std::move(settings)), carrier_(settings_, office.random, office.clock) {}

void Notifier::set_staff(Staff staff) {
  {
    const std::lock_guard lock(mutex_);
    staff_ = std::move(staff);
  }
  wake();
}

std::vector<Person> Notifier::staff() const {
  Staff ask;
  {
    const std::lock_guard lock(mutex_);
    ask = staff_;
  }
  return ask ? ask() : std::vector<Person>{};
}

// The application server's key is made when Web Push is first asked for, and stays: browsers subscribe to it.
std::string Notifier::vapid() const {
  if (settings_.vapid_subject.empty()) return {};
  transport::P256Secret key{};
  (void)office_.store.read([&](keep::Tx& tx) {
    const auto kept = tx.get(Table::kMeta, base::view(kVapid));
    if (kept && kept->size() == 32) key = base::fixed<32>(*kept);
    return base::Status{};
  });
  const auto point = transport::p256_public(key);
  return point.ok() ? transport::base64url(*point) : std::string();
}

void Notifier::start() {
  if (!settings_.vapid_subject.empty()) {
    std::optional<transport::P256Secret> fresh, key;
    while (!fresh || !transport::p256_public(*fresh).ok()) fresh = office_.random.bytes<32>();
    const base::Status s = office_.store.write([&](keep::Tx& tx) {
      const auto kept = tx.get(Table::kMeta, base::view(kVapid));
      if (!kept) tx.put(Table::kMeta, base::view(kVapid), *fresh);
      key = kept && kept->size() == 32 ? base::fixed<32>(*kept) : *fresh;
      return base::Status{};
    });
    if (s.ok()) carrier_.set_vapid(*key);
  }
  thread_ = std::thread([this] { run(); });
}

void Notifier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  carrier_.stop();
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Notifier::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_.notify_one();
}

void Notifier::run() {
  for (;;) {
    bool woken = false;
    {
      std::unique_lock lock(mutex_);
      something_.wait_for(lock, std::chrono::seconds(1), [&] { return stop_ || woken_; });
      if (stop_) return;
      woken = std::exchange(woken_, false);
    }
    std::uint64_t notices = 0;
    (void)office_.store.read([&](keep::Tx& tx) {  // a store that cannot be read fails the next write
      notices = tx.next(Table::kNotice);
      return base::Status{};
    });
    if (!woken && notices == std::exchange(seen_notices_, notices) && office_.clock() < next_) continue;
    seen_notices_ = notices;
    round();
  }
}

void Notifier::round() {
  down_.clear();
  for (const Due& due : plan()) {
    const std::string place = carrier_.place_of(due.errand.channel);
    if (down_.contains(place)) continue;  // it did not answer just now; the others do not wait behind it
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
    }
    send(due);
  }
}

// What is to be done now is written down, in one commit; what is to be sent comes back, the most urgent first.
std::vector<Notifier::Due> Notifier::plan() {
  const std::vector<Person> people = staff();
  const mail::Desk desk = office_.desk();
  next_ = desk.now.plus(base::kMinute);
  if (people.empty()) return {};
  std::vector<Due> due;
  std::map<std::string, std::string> alarms;
  base::Instant next;
  const auto job = [&](keep::Tx& tx, bool writes) {
    bool any = false;
    std::vector<Due> found;
    std::map<std::string, std::string> up;
    base::Instant soonest = desk.now.plus(base::kMinute);
    std::vector<NoticeRow> active;
    each_active(tx, [&](const NoticeRow& n) { active.push_back(n); });
    const Counts have = counts(tx);
    for (const NoticeRow& n : active) {
      const Look look = look_at(tx, desk, settings_, people, n);
      any = any || !look.over.empty() || !look.tell.empty();
      if (!look.over.empty()) {
        if (writes) done(tx, n, look.over);
        continue;
      }
      const std::string list = list_of(n.tell), urgency = urgency_of(tx, n);
      soonest = std::min(soonest, look.next);
      if (look.nobody) up["notify.nobody." + list] = "nobody is told: no one of the list " + list + " has a channel";
      if (look.failed && urgency == "emergent") up["notify.failed." + std::to_string(n.seq)] = "an emergent notice (" + std::to_string(n.seq) + ") reached nobody: every channel failed";
      for (const Step& s : look.tell) {
        if (!writes) continue;
        ToldRow row;
        row.notice = n.seq, row.channel = s.channel.id, row.id = office_.random.bytes<16>(), row.person = s.person.id, row.login = s.person.login;
        row.channel_words = std::string(name(s.channel.kind)) + (s.channel.label.empty() ? "" : " " + s.channel.label);
        row.created = row.next_try = desk.now;
        add(tx, row);
      }
      for (const ToldRow& t : told_of(tx, n.seq)) {
        if (t.progress != Progress::kWaiting) continue;
        soonest = std::min(soonest, t.next_try);
        if (t.next_try > desk.now) continue;
        const auto all = channels_of(tx, t.person);
        const auto channel = std::ranges::find(all, t.channel, &ChannelRow::id);
        const auto person = std::ranges::find(people, t.person, &Person::id);
        const std::string phone = person != people.end() && !person->phone.empty() ? person->phone : rota(tx, list).phone;
        found.push_back({t, {channel == all.end() ? ChannelRow{} : *channel, t.id, n.what, urgency, t.login, phone, have.waiting, have.overdue}});
      }
    }
    due = std::move(found);
    alarms = std::move(up);
    next = soonest;
    return any;
  };
  bool any = false;
  base::Status s = office_.store.read([&](keep::Tx& tx) {
    any = job(tx, false);
    return base::Status{};
  });
  if (s.ok() && any) {
    s = office_.store.write([&](keep::Tx& tx) {
      job(tx, true);
      return base::Status{};
    });
  }
  if (!s.ok()) return {};
  next_ = next;
  raise(std::move(alarms));
  std::ranges::stable_sort(due, {}, [](const Due& d) { return d.errand.urgency == "emergent" ? 0 : d.errand.urgency == "urgent" ? 1 : 2; });
  return due;
}

void Notifier::send(const Due& due) {
  Sent sent{Outcome::kNever, "the channel was taken away", 0};
  if (due.errand.channel.id != 0) sent = due.errand.channel.off ? Sent{Outcome::kNever, "the channel is off", 0} : carrier_.send(due.errand);
  if (sent.outcome == Outcome::kAgain) down_.insert(carrier_.place_of(due.errand.channel));
  if (sent.outcome == Outcome::kAgain && sent.why == "stopped") return;  // the next start sends it
  settle(due, sent);
}

void Notifier::settle(const Due& due, const Sent& sent) {
  const base::Instant now = office_.clock();
  (void)office_.store.write([&](keep::Tx& tx) {  // a disk that fails here has told the process already
    auto t = told(tx, due.told.seq);
    if (!t) return base::Status{};
    ++t->tries;
    if (sent.outcome == Outcome::kAccepted) {
      t->accepted = now;
      if (t->progress == Progress::kWaiting || t->progress == Progress::kFailed) t->progress = Progress::kAccepted;
      t->why.clear();
    } else if (t->progress == Progress::kWaiting) {
      t->why = sent.why;
      const bool again = sent.outcome == Outcome::kAgain && t->tries < kTries;
      if (!again) t->progress = Progress::kFailed;
      t->next_try = now.plus(std::max(sent.after_ms, std::min(kLongestWait, kFirstWait << t->tries)));
    }
    save(tx, *t);
    if (sent.outcome == Outcome::kGone) {
      ChannelRow off = due.errand.channel;
      off.off = true;
      save(tx, off);
    }
    return base::Status{};
  });
  wake();  // what failed for good leads to the next channel at once
}

void Notifier::raise(std::map<std::string, std::string> alarms) {
  for (const std::string& key : raised_) {
    if (!alarms.contains(key)) office_.alarms.clear(key);
  }
  raised_.clear();
  for (auto& [key, words] : alarms) {
    raised_.insert(key);
    office_.alarms.raise(key, std::move(words));
  }
}

}  // namespace adapters::agent::notify
