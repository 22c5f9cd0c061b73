// Scanning, one file at a time.
#include "adapters/agent/blob/inspector.h"

#include <chrono>

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/blob/scanner.h"
#include "adapters/agent/mail/loops.h"

namespace adapters::agent::blob {
namespace {

constexpr std::chrono::milliseconds kAgain{5'000};

}  // namespace

keep::BlobScan inspect(mail::Office& office, base::View bytes) {
  const keep::BlobScan verdict = office.scanner == nullptr ? keep::BlobScan::kClean : office.scanner->scan(bytes);
  if (verdict == keep::BlobScan::kNotYet) {
    office.alarms.raise("virus-scan", "the virus scanner gives no verdict: attachments wait");
  } else {
    office.alarms.clear("virus-scan");
  }
  return verdict;
}

keep::BlobScan inspect(mail::Office& office, const keep::BlobRow& row) {
  base::Bytes all;
  if (!office.store.read([&](keep::Tx& tx) {
        all = bytes(tx, row);
        return base::Status{};
      }).ok()) {
    return keep::BlobScan::kNotYet;
  }
  const keep::BlobScan verdict = inspect(office, all);
  if (verdict == keep::BlobScan::kNotYet) return verdict;
  const base::Instant now = office.clock();
  const base::Status kept = office.store.write([&](keep::Tx& tx) {
    auto held = find(tx, row.sender, row.blob);
    if (!held || held->scan != keep::BlobScan::kNotYet) return base::Status{};
    held->scan = verdict;
    if (verdict == keep::BlobScan::kInfected) {
      held->why = "refused by the virus scan";
      mail::notify(tx, {0, held->thread_id, {}, "attachment", "it", "an attachment is " + held->why, now, false, {}, {}});
    }
    save(tx, *held);
    return base::Status{};
  });
  return kept.ok() ? verdict : keep::BlobScan::kNotYet;
}

void Inspector::start() {
  if (office_.scanner != nullptr) thread_ = std::thread([this] { run(); });
}

void Inspector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Inspector::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_.notify_one();
}

void Inspector::run() {
  for (bool done = true;;) {
    {
      std::unique_lock lock(mutex_);
      const auto wanted = [&] { return stop_ || woken_; };
      if (done) something_.wait(lock, wanted);
      if (!done) something_.wait_for(lock, kAgain, wanted);
      if (stop_) return;
      woken_ = false;
    }
    done = round();
  }
}

bool Inspector::round() {
  std::vector<keep::BlobRow> waiting;
  (void)office_.store.read([&](keep::Tx& tx) {
    waiting = rows(tx, [](const keep::BlobRow& r) { return r.state == keep::BlobState::kWhole && r.scan == keep::BlobScan::kNotYet; });
    return base::Status{};
  });
  for (const keep::BlobRow& row : waiting) {
    if (inspect(office_, row) == keep::BlobScan::kNotYet) return false;
    if (row.sender == office_.self && office_.wake_courier) office_.wake_courier();
  }
  return true;
}

}  // namespace adapters::agent::blob
