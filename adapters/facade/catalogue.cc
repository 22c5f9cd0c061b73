#include "adapters/facade/catalogue.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace adapters::facade {
namespace {

using schemas::Json;
constexpr std::size_t kMaxDrafts = 10'000, kPage = 256;
constexpr std::string_view kDraft = "draft/";

std::uint64_t fnv(std::string_view text, std::uint64_t h) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return h;
}

}  // namespace

void Catalogue::add(Item item, std::optional<base::Id> thread) {
  if (thread) of_thread_[*thread].emplace_back(item.type, item.id);
  const std::string type = item.type, id = item.id;
  by_type_[type][id] = {std::move(item), thread};
}

void Catalogue::load(agent::Host& host) {
  for (auto& [key, bytes] : host.kept(settings_.name)) {
    if (!key.starts_with(kDraft)) continue;
    const auto json = schemas::parse_json(base::text(bytes));
    if (!json.ok()) continue;
    const auto when = base::parse_rfc3339((**json)["meta"]["lastUpdated"].get<std::string>());
    const std::lock_guard lock(mutex_);
    add(item_of(*json, when.value_or(base::Instant{}), (**json)["meta"]["versionId"]), std::nullopt);
    ++drafts_;
  }
  for (std::uint64_t before = 0;;) {
    const agent::ThreadPage page = host.threads(before, kPage);
    for (const agent::ThreadInfo& t : page.threads) refresh(host, t.thread_id);
    before = page.next;
    if (before == 0) return;
  }
}

void Catalogue::refresh(const agent::Host& host, const base::Id& thread) {
  std::vector<Item> items = thread_items(host.events(thread), settings_);
  const std::lock_guard lock(mutex_);
  for (const auto& [type, id] : of_thread_[thread]) by_type_[type].erase(id);
  of_thread_[thread].clear();
  for (Item& i : items) {
    i.json.reset();
    add(std::move(i), thread);
  }
}

std::optional<Item> Catalogue::find(const agent::Host& host, const std::string& type, const std::string& id) const {
  std::optional<base::Id> thread;
  {
    const std::lock_guard lock(mutex_);
    const auto types = by_type_.find(type);
    if (types == by_type_.end()) return std::nullopt;
    const auto it = types->second.find(id);
    if (it == types->second.end()) return std::nullopt;
    if (!it->second.thread) return it->second.item;
    thread = it->second.thread;
  }
  for (Item& i : thread_items(host.events(*thread), settings_)) {
    if (i.type == type && i.id == id) return std::move(i);
  }
  return std::nullopt;
}

std::vector<Item> Catalogue::list(const std::string& type, const Filter& filter) const {
  std::vector<Item> out;
  {
    const std::lock_guard lock(mutex_);
    const auto types = by_type_.find(type);
    if (types == by_type_.end()) return out;
    for (const auto& [id, entry] : types->second) {
      if (filter(entry.item)) out.push_back(entry.item);
    }
  }
  std::sort(out.begin(), out.end(), [](const Item& a, const Item& b) { return a.updated != b.updated ? a.updated > b.updated : a.id < b.id; });
  return out;
}

std::optional<base::Id> Catalogue::thread_of(const std::string& type, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto types = by_type_.find(type);
  if (types == by_type_.end()) return std::nullopt;
  const auto it = types->second.find(id);
  return it == types->second.end() ? std::nullopt : it->second.thread;
}

bool Catalogue::is_draft(const std::string& type, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto types = by_type_.find(type);
  if (types == by_type_.end()) return false;
  const auto it = types->second.find(id);
  return it != types->second.end() && !it->second.thread;
}

base::Status Catalogue::keep_draft(agent::Host& host, const Json& resource) {
  const std::string type = resource["resourceType"], id = resource["id"];
  const bool fresh = !is_draft(type, id);
  {
    const std::lock_guard lock(mutex_);
    if (fresh && drafts_ >= kMaxDrafts) return base::Error{base::Kind::kBusy, "too many resources wait for a request", "", "send the requests that they belong to, or delete them"};
  }
  TRY(host.keep(settings_.name, std::string(kDraft) + type + "/" + id, base::view(schemas::dump(resource))));
  const std::lock_guard lock(mutex_);
  drafts_ += fresh ? 1 : 0;
  add(item_of(std::make_shared<Json>(resource), host.now(), resource["meta"]["versionId"]), std::nullopt);
  return {};
}

base::Status Catalogue::drop_draft(agent::Host& host, const std::string& type, const std::string& id) {
  TRY(host.keep(settings_.name, std::string(kDraft) + type + "/" + id, {}));
  const std::lock_guard lock(mutex_);
  drafts_ -= by_type_[type].erase(id);
  return {};
}

std::string Catalogue::new_id(const agent::Host& host) {
  const std::lock_guard lock(mutex_);
  const std::string seed = settings_.name + "/" + std::to_string(host.now().ms) + "/" + std::to_string(++ids_);
  base::Id id{};
  base::store_be(id.data(), fnv(seed, 0xCBF29CE484222325ULL));
  base::store_be(id.data() + 8, fnv(seed, 0x9AE16A3B2F90404FULL));
  id[6] = static_cast<base::Byte>(0x80 | (id[6] & 0x0F)), id[8] = static_cast<base::Byte>(0x80 | (id[8] & 0x3F));
  return base::uuid(id);
}

}  // namespace adapters::facade
