// See search.h.
#include "hub/broker/search.h"

#include <algorithm>

namespace hub::broker {
namespace {

namespace wire = schemas::wire;

constexpr std::uint32_t kMaxRows = 500;
constexpr std::uint64_t kMaxEntries = 10'000;  // of the log, where the index does not reach
constexpr std::uint64_t kMaxGroups = 5'000;    // looked into for one answer

bool zero(const base::Id& id) { return base::all_zero(id); }

// The first entry whose hub_time is at least `ms`: entries are in the order of hub_time.
std::uint64_t first_at(const state::Reader& log, std::uint64_t size, std::uint64_t ms) {
  std::uint64_t low = 0, high = size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto ent = log.entry(middle);
    if (ent && base::load_le<std::uint64_t>(ent->data() + 8) < ms) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

class Page {
 public:
  Page(const state::Reader& log, const wire::Search& q, const base::Id& party, wire::Found& found)
      : log_(log), q_(q), thread_(base::fixed<16>(base::View(q.thread).first(16))), party_(party), found_(found), limit_(std::clamp(q.limit, 1U, kMaxRows)) {}

  // False: the page is full, or enough has been looked at.
  bool take(std::uint64_t index) {
    if (found_.rows.size() >= limit_) return false;
    const auto labels = log_.labels(index);
    if (!labels) return true;
    if (++groups_ > kMaxGroups) return false;
    if (!of_group(*labels)) return true;
    for (auto& row : log_.rows(index)) {
      if (of_message(row)) found_.rows.push_back(std::move(row));
    }
    return true;
  }

 private:
  bool of_group(const state::Reader::Labels& g) const {
    const auto gets = [&](const base::Id& agent) { return std::find(g.recipients.begin(), g.recipients.end(), agent) != g.recipients.end(); };
    if (!zero(q_.agency_from) && g.sender != q_.agency_from) return false;
    if (!zero(q_.agency_to) && !gets(q_.agency_to)) return false;
    if (!zero(party_) && g.sender != party_ && !gets(party_)) return false;
    return std::any_of(g.messages.begin(), g.messages.end(), [&](const auto& m) { return fits(m.thread, m.kind, m.purpose); });
  }
  bool of_message(const wire::Row& row) const { return fits(row.thread_id, row.kind, row.purpose); }
  bool fits(const base::Id& thread, std::uint16_t kind, std::uint16_t purpose) const {
    return (zero(thread_) || thread == thread_) && (q_.kind == 0 || kind == q_.kind) && (q_.purpose == 0 || purpose == q_.purpose);
  }

  const state::Reader& log_;
  const wire::Search& q_;
  const base::Id thread_, party_;
  wire::Found& found_;
  const std::size_t limit_;
  std::uint64_t groups_ = 0;
};

// The log itself, [from, before), newest first. Below which entry to go on, if it ended early.
std::optional<std::uint64_t> walk(std::uint64_t from, std::uint64_t before, const SearchIndex::Visit& visit) {
  for (std::uint64_t i = before, looked = 0; i > from; --i) {
    if (++looked > kMaxEntries || !visit(i - 1)) return i;
  }
  return std::nullopt;
}

}  // namespace

base::Result<wire::Found> search(const state::Reader& log, const SearchIndex* index, const wire::Search& q, const base::Id& party) {
  wire::Found found;
  found.size = log.size();
  found.indexed_upto = index != nullptr ? std::min(index->upto(), found.size) : found.size;
  const std::uint64_t indexed = index != nullptr ? found.indexed_upto : 0;
  std::uint64_t before = q.before_index == 0 ? found.size : std::min(q.before_index, found.size);
  const std::uint64_t from = q.since == 0 ? 0 : first_at(log, found.size, q.since);
  if (q.until != 0 && q.until != ~std::uint64_t{0}) before = std::min(before, first_at(log, found.size, q.until + 1));
  Page page(log, q, party, found);
  const auto visit = [&](std::uint64_t i) { return page.take(i); };
  auto go_on = walk(std::max(from, indexed), before, visit);
  if (!go_on && indexed > 0) {
    const auto thread = base::fixed<16>(base::View(q.thread).first(16));
    const auto end = std::min(before, indexed);
    TRY_ASSIGN(go_on, zero(thread) ? index->select({q.agency_from, q.agency_to, party, q.kind, q.purpose}, from, end, visit)
                                   : index->by_thread(thread, from, end, visit));
  }
  if (go_on && *go_on > from) found.next_before = *go_on;
  return found;
}

}  // namespace hub::broker
