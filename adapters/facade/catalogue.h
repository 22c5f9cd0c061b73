// What there is to read: by type and id, where each resource comes from and what it is searched by. The resources of threads are made anew
// from the host when they are read; resources that wait for their request ("drafts") are kept by the host and here. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "adapters/facade/thread_view.h"

namespace adapters::facade {

class Catalogue {
 public:
  explicit Catalogue(const Settings& settings) : settings_(settings) {}
  void load(agent::Host& host);                                   // everything there is
  void refresh(const agent::Host& host, const base::Id& thread);  // after something happened in it

  [[nodiscard]] std::optional<Item> find(const agent::Host& host, const std::string& type, const std::string& id) const;
  using Filter = std::function<bool(const Item&)>;                // of an item without its json
  [[nodiscard]] std::vector<Item> list(const std::string& type, const Filter& filter) const;  // latest first, without json
  [[nodiscard]] std::optional<base::Id> thread_of(const std::string& type, const std::string& id) const;  // nullopt: unknown, or a draft
  [[nodiscard]] bool is_draft(const std::string& type, const std::string& id) const;

  // On disk when it returns ok. kFull: too many wait.
  base::Status keep_draft(agent::Host& host, const schemas::Json& resource);
  base::Status drop_draft(agent::Host& host, const std::string& type, const std::string& id);
  [[nodiscard]] std::string new_id(const agent::Host& host);

 private:
  struct Entry {
    Item item;                       // json only of drafts
    std::optional<base::Id> thread;
  };
  void add(Item item, std::optional<base::Id> thread);
  const Settings& settings_;
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, Entry>> by_type_;
  std::map<base::Id, std::vector<std::pair<std::string, std::string>>> of_thread_;
  std::size_t drafts_ = 0;
  std::uint64_t ids_ = 0;
};

}  // namespace adapters::facade
