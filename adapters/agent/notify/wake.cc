#include "adapters/agent/notify/wake.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/notify/tellings.h"
#include "adapters/agent/notify/words.h"
#include "schemas/json.h"

namespace adapters::agent::notify {

transport::HttpResponse wake(mail::Office& office, std::string_view id, bool signed_in) {
  transport::HttpResponse out{.status = 204, .type = {}, .body = {}, .headers = {{"Cache-Control", "no-store"}}};
  const auto told_id = base::unhex_id(id);
  if (!told_id) return out;
  const base::Instant now = office.clock();
  std::optional<ToldRow> found;
  Counts have;
  std::string what = "test", urgency;
  const base::Status s = office.store.write([&](keep::Tx& tx) {
    auto t = told_by_id(tx, *told_id);
    if (!t) return base::Status{};
    if (t->fetched.ms == 0) {
      t->fetched = now;
      if (t->progress != Progress::kOpened) t->progress = Progress::kFetched;
      save(tx, *t);
    }
    const auto n = keep::find<keep::NoticeRow>(tx, keep::Table::kNotice, keep::key_of(t->notice));
    have = counts(tx);
    if (n) {
      what = n->what;
      urgency = urgency_of(tx, *n);
    }
    found = std::move(t);
    return base::Status{};
  });
  if (!s.ok() || !found || !signed_in) return out;
  out.status = 200;
  out.type = "application/json";
  out.body = schemas::dump(nlohmann::json{{"count", have.waiting}, {"overdue", have.overdue}, {"urgency", urgency}, {"text", words_of(what, urgency)}});
  return out;
}

}  // namespace adapters::agent::notify
