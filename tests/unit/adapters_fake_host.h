// A Host for adapter tests: remembers what was submitted and quarantined, answers as it is told, keeps its own clock.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include "adapters/agent/plugin.h"

namespace fake {

struct Kept {
  std::string format, bytes;
  base::Error why;
};

class Host final : public adapters::agent::Host {
 public:
  std::vector<adapters::agent::Submission> submitted;
  std::vector<Kept> quarantined;
  std::optional<base::Error> refuse;         // the next answers of submit()
  std::map<std::string, std::string> names;  // slug_for
  std::vector<adapters::agent::ThreadInfo> known;
  std::map<std::string, std::vector<adapters::agent::ThreadInfo>> by_ref;  // threads_by_ref
  std::map<std::string, std::vector<std::size_t>> refs;         // reference, or "system|value" of a subject -> places in `known`
  std::string own = "stb", kind = "hospital";
  std::atomic<std::uint64_t> time{1791208924000};

  base::Result<adapters::agent::Submitted> submit(adapters::agent::Submission s) override {
    const std::lock_guard held(lock_);
    if (refuse) return *refuse;
    for (std::size_t i = 0; i < submitted.size(); ++i) {
      if (submitted[i].dedupe_key != s.dedupe_key) continue;
      if (submitted[i].body.source.bytes != s.body.source.bytes) return base::Error{base::Kind::kConflict, "the key was used before"};
      return adapters::agent::Submitted{id(i), submitted[i].thread.value_or(id(i)), true};
    }
    submitted.push_back(std::move(s));
    const base::Id mine = id(submitted.size() - 1);
    return adapters::agent::Submitted{mine, submitted.back().thread.value_or(mine), false};
  }
  base::Result<std::uint64_t> quarantine(std::string_view, std::string_view format, base::View bytes, const base::Error& why) override {
    const std::lock_guard held(lock_);
    quarantined.push_back({std::string(format), base::to_string(bytes), why});
    return std::uint64_t{quarantined.size()};
  }
  [[nodiscard]] std::optional<adapters::agent::ThreadInfo> thread(const base::Id& thread_id) const override {
    for (const auto& t : known) {
      if (t.thread_id == thread_id) return t;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::vector<adapters::agent::ThreadInfo> threads_by_ref(std::string_view ref) const override {
    if (const auto it = by_ref.find(std::string(ref)); it != by_ref.end()) return it->second;
    std::vector<adapters::agent::ThreadInfo> out;
    if (const auto it = refs.find(std::string(ref)); it != refs.end()) {
      for (const std::size_t i : it->second) out.push_back(known[i]);
    }
    return out;
  }
  [[nodiscard]] std::vector<adapters::agent::ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const override {
    return threads_by_ref(id.system + "|" + id.value);
  }
  std::map<base::Id, std::vector<adapters::agent::Delivery>> history;   // events
  std::map<std::string, base::Bytes> blobs;                              // attachment, by its sha256
  std::optional<std::uint64_t> match;                                    // propose_match
  std::vector<adapters::agent::Submission> proposed;
  [[nodiscard]] adapters::agent::ThreadPage threads(std::uint64_t, std::size_t) const override { return {known, 0}; }
  [[nodiscard]] std::vector<adapters::agent::Delivery> events(const base::Id& id) const override {
    const auto it = history.find(id);
    return it == history.end() ? std::vector<adapters::agent::Delivery>{} : it->second;
  }
  base::Result<base::Bytes> attachment(const base::Id&, const schemas::Attachment& a) override {
    if (!a.data.empty()) return a.data;
    const auto it = blobs.find(a.sha256);
    if (it == blobs.end()) return base::Error{base::Kind::kNotFound, "no such attachment"};
    return it->second;
  }
  base::Result<std::optional<std::uint64_t>> propose_match(std::string_view, const schemas::Subject&, adapters::agent::Submission s) override {
    const std::lock_guard held(lock_);
    if (match) proposed.push_back(std::move(s));
    return match;
  }
  std::map<std::string, base::Bytes> own_things;  // keep
  base::Status keep(std::string_view, std::string_view key, base::View value) override {
    const std::lock_guard held(lock_);
    if (value.empty()) {
      own_things.erase(std::string(key));
    } else {
      own_things[std::string(key)] = base::to_bytes(value);
    }
    return {};
  }
  [[nodiscard]] std::vector<std::pair<std::string, base::Bytes>> kept(std::string_view) const override {
    return {own_things.begin(), own_things.end()};
  }
  [[nodiscard]] std::optional<std::string> slug_for(std::string_view name) const override {
    const auto it = names.find(std::string(name));
    if (it == names.end()) return std::nullopt;
    return it->second;
  }
  [[nodiscard]] std::string own_slug() const override { return own; }
  [[nodiscard]] std::string own_kind() const override { return kind; }
  [[nodiscard]] base::Instant now() const override { return {time.load()}; }
  void say(std::string_view, std::string_view words) override {
    const std::lock_guard held(lock_);
    said_.emplace_back(words);
  }
  std::string last_said() {
    const std::lock_guard held(lock_);
    return said_.empty() ? "" : said_.back();
  }
  void refuse_with(std::optional<base::Error> e) {  // while the adapter's threads run
    const std::lock_guard held(lock_);
    refuse = std::move(e);
  }
  bool said_anything(std::string_view part) {
    const std::lock_guard held(lock_);
    for (const std::string& words : said_)
      if (words.find(part) != std::string::npos) return true;
    return false;
  }
  std::size_t count() {
    const std::lock_guard held(lock_);
    return submitted.size();
  }

  static base::Id id(std::size_t n) {
    base::Id out{0x01, 0x92, 0x5d, 0x11, 0x22, 0x33, 0x70, 0x01, 0x80};
    out[15] = static_cast<base::Byte>(n + 1);
    return out;
  }

 private:
  std::mutex lock_;
  std::vector<std::string> said_;
};

}  // namespace fake
