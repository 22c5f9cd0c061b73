// Inspector: the thread that has whole attachments scanned, ours before they leave and others' before they are given out. Without a
// scanner it does nothing.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "adapters/agent/mail/office.h"

namespace adapters::agent::blob {

// Asks the scanner about one that is here whole, and keeps the verdict. Thread-safe; blocks. kNotYet: no verdict, people are told.
keep::BlobScan inspect(mail::Office& office, const keep::BlobRow& row);
// The same for bytes that are not in the store.
keep::BlobScan inspect(mail::Office& office, base::View bytes);

class Inspector {
 public:
  explicit Inspector(mail::Office& office) : office_(office) {}
  ~Inspector() { stop(); }
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  void start();
  void stop();
  void wake();

 private:
  void run();
  bool round();  // false: some are without a verdict

  mail::Office& office_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable something_;
  bool stop_ = false, woken_ = true;
  std::thread thread_;
};

}  // namespace adapters::agent::blob
