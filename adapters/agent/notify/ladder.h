// Who is on call, and in which order people and their channels are told. Pure, but for reading rows.
#pragma once

#include "adapters/agent/notify/tellings.h"

namespace adapters::agent::notify {

std::vector<Shift> on_now(const RotaRow& rota, base::Instant now);  // by from; each login once
// People of a list: those whose shift is on; else the first of `always`; else everybody with the role. `next`: who comes after them, one by one.
struct Called {
  std::vector<Person> first, next;
};
Called called(const RotaRow& rota, const std::vector<Person>& staff, base::Instant now);

struct Step {
  Person person;
  ChannelRow channel;
  std::string phone;  // the person's own, else the list's
};
using Rung = std::vector<Step>;  // told at the same time
// The first channel of each, then their other ones, then the next person of the list, then the supervisors. Empty: nobody can be told.
std::vector<Rung> ladder(keep::Tx& tx, std::string_view list, const std::vector<Person>& staff, base::Instant now);

// The moment from which something routine may be told: now, or the end of the quiet hours in the policy's time zone.
base::Instant after_quiet(const Settings& settings, const std::string& tz, base::Instant now);

}  // namespace adapters::agent::notify
