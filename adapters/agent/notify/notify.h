// Notify: takes notices (keep::NoticeRow) to people: who is on call or has the role, on which channel, and what became of it. Nothing that
// leaves here has content: "New emergent item. Open to view.", a count, and an id that only the inbox can resolve.
//
// A notice goes to the first channel of each person it is for; what nobody acknowledged in `next_after` goes to the next channel, then to the
// next person of the list, then to the supervisor. Thread-safe; one thread of its own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/agent/mail/office.h"
#include "adapters/agent/notify/carrier.h"
#include "adapters/agent/people/people.h"

namespace adapters::agent::notify {

struct Shift {
  base::Instant from, until;           // until 0: open end
  std::string login;
};
void fields(auto& f, keep::MaybeConst<Shift> auto& r) { f(r.from, r.until, r.login); }
struct RotaRow {                       // key: list name: "on_call", "supervisor", "privacy_officer", "it", "coordinator"
  std::string list;
  std::vector<Shift> shifts;           // by from
  std::vector<std::string> always;     // logins, when no shift is on, in order
  std::string phone;                   // the list's own number
};
void fields(auto& f, keep::MaybeConst<RotaRow> auto& r) { f(r.list, r.shifts, r.always, r.phone); }
enum class Progress : std::uint8_t { kWaiting = 0, kAccepted = 1, kFetched = 2, kOpened = 3, kFailed = 4 };
struct ToldRow {                       // key: u64 seq
  std::uint64_t seq = 0, notice = 0, channel = 0;
  base::Id id{};                       // random: what a push message carries, and all that it carries
  base::Id person{};
  std::string login, channel_words;
  Progress progress{};
  base::Instant created, accepted, fetched, opened, next_try;
  std::uint32_t tries = 0;
  std::string why;                     // of a failure: "the mail server refused the sender", never an address
};
void fields(auto& f, keep::MaybeConst<ToldRow> auto& r) {
  f(r.seq, r.notice, r.channel, r.id, r.person, r.login, r.channel_words, r.progress, r.created, r.accepted, r.fetched, r.opened, r.next_try,
    r.tries, r.why);
  f.within(r.progress, Progress::kWaiting, Progress::kFailed);
}

// Somebody of the staff who may sign in.
struct Person {
  base::Id id{};
  std::string login, name, phone;
  people::Actor actor;
};
using Staff = std::function<std::vector<Person>()>;
std::vector<Person> staff_of(const people::People& people);

class Notifier {
 public:
  Notifier(mail::Office& office, Settings settings);
  ~Notifier() { stop(); }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void set_staff(Staff staff);                        // who there is to tell; nobody: nothing is done
  void start();
  void stop();
  void wake();                                        // a notice was written, a person, list or channel changed

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] std::vector<Person> staff() const;
  [[nodiscard]] std::string vapid() const;            // application server key, base64url; empty: Web Push is not set up
  [[nodiscard]] Carrier& carrier() { return carrier_; }

 private:
  struct Due;
  void run();
  void round();
  std::vector<Due> plan();
  void send(const Due& due);
  void settle(const Due& due, const Sent& sent);
  void raise(std::map<std::string, std::string> alarms);

  mail::Office& office_;
  Settings settings_;
  Carrier carrier_;
  std::set<std::string> raised_, down_;               // alarms that are up; places that did not answer in this round
  base::Instant next_;                                // when something is due
  std::uint64_t seen_notices_ = 0;
  mutable std::mutex mutex_;                          // guards what follows
  std::condition_variable something_;
  Staff staff_;
  bool stop_ = false, woken_ = false;
  std::thread thread_;
};

}  // namespace adapters::agent::notify
