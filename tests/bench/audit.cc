// bench_audit DIR ENTRIES [SECONDS]: a log of so many entries (made once in DIR and kept), and what an auditor's questions cost in it: start-up, a filtered page,
// a thread's trail, the whole log verified, and the rate of commits while a long search runs. Prints a table and one RESULT line.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cli/counter/log_walk.h"
#include "hub/broker/search.h"
#include "tests/bench/history.h"
#include "tests/bench/meter.h"

namespace {

namespace fs = std::filesystem;
using hub::broker::SearchIndex;
using schemas::wire::Search;

constexpr std::uint64_t kMap = 64ULL << 30;

// What this thread computed, ms: on a busy machine the clock on the wall also counts the neighbours.
double own_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}
double ms_since(std::int64_t start) { return static_cast<double>(bench::now_ns() - start) / 1e6; }

template <class T>
T must(base::Result<T> r) {
  if (!r.ok()) std::fprintf(stderr, "%s\n", r.error().message().c_str()), std::exit(2);
  return std::move(r).value();
}

struct Hub {
  std::string dir;
  kit::Consortium c = bench::History::consortium();
  std::unique_ptr<hub::journal::Journal> journal;
  std::optional<SearchIndex> index;
  double opened_ms = 0;

  explicit Hub(std::string folder) : dir(std::move(folder)) {
    fs::create_directories(dir);
    const auto start = bench::now_ns();
    journal = must(hub::journal::open_lmdb(dir + "/store", c.anchor(), c.log_key(), kMap));
    const auto snapshot = must(journal->read());
    index.emplace(must(SearchIndex::open(dir + "/index", snapshot->reader())));
    opened_ms = ms_since(start);
  }
  // Takes in what the index lacks; entries a second.
  double catch_up() {
    const auto snapshot = must(journal->read());
    const auto reader = snapshot->reader();
    const std::uint64_t from = index->upto(), size = reader.size();
    const auto start = bench::now_ns();
    while (must(index->advance(reader)) < size) {
    }
    return static_cast<double>(size - from) / ms_since(start) * 1e3;
  }
};

void build(const std::string& dir, std::uint64_t entries) {
  Hub hub(dir);
  bench::History history(hub.c, *hub.journal);
  std::uint64_t size = must(hub.journal->read())->reader().size(), told = size;
  if (size < entries) std::fprintf(stderr, "building %s from %llu to %llu entries\n", dir.c_str(), static_cast<unsigned long long>(size), static_cast<unsigned long long>(entries));
  const auto start = bench::now_ns();
  while (size < entries) {
    size = history.append(static_cast<unsigned>(std::min<std::uint64_t>(800, (entries - size + 19) / 20)));
    if (size - told < 500'000) continue;
    told = size;
    std::fprintf(stderr, "  %llu entries, %.0f s\n", static_cast<unsigned long long>(size), ms_since(start) / 1e3);
  }
}

struct Times {
  double p50 = 0, p99 = 0, most = 0, cpu_p99 = 0;
};
Times times(std::vector<double> ms, std::vector<double> cpu) {
  return {bench::quantile(ms, 0.5), bench::quantile(ms, 0.99), *std::max_element(ms.begin(), ms.end()), bench::quantile(std::move(cpu), 0.99)};
}

// Filters in all mixtures, also such that never meet, at any place of the log and of time.
Search question(Hub& hub, std::uint64_t n, std::uint64_t size) {
  const auto agency = [&](std::uint64_t i) { return hub.c.agent("agency-" + std::to_string(i % bench::History::kAgencies)).id(); };
  Search q;
  q.limit = 50;
  if (n % 2 == 0) q.agency_from = agency(n * 7);
  if (n % 3 == 0) q.agency_to = agency(n * 11 + 5);
  if (n % 5 < 3) q.kind = static_cast<std::uint16_t>(std::array{1, 2, 5, 12, 9}[n / 5 % 5]);  // nobody sends kind 9
  if (n % 7 < 3) q.purpose = static_cast<std::uint16_t>(1 + n / 7 % 5);
  q.before_index = 1 + n * 7919 * 104729 % size;
  if (n % 11 == 0) q.since = kit::kStart.ms + n * 1000, q.until = q.since + 600'000;
  return q;
}

Times pages(Hub& hub, unsigned rounds, std::uint64_t* rows) {
  std::vector<double> ms, cpu;
  for (unsigned n = 0; n < rounds; ++n) {
    const auto start = bench::now_ns();
    const double before = own_ms();
    const auto snapshot = must(hub.journal->read());
    const auto reader = snapshot->reader();
    auto found = must(hub::broker::search(reader, &*hub.index, question(hub, n, reader.size()), {}));
    (void)schemas::wire::encode(found);
    ms.push_back(ms_since(start)), cpu.push_back(own_ms() - before);
    *rows += found.rows.size();
  }
  return times(std::move(ms), std::move(cpu));
}

Times trails(Hub& hub, unsigned rounds, std::uint64_t messages) {
  std::vector<double> ms, cpu;
  for (unsigned n = 0; n < rounds; ++n) {
    Search q;
    const auto thread = bench::History::thread(n * 7919ULL * 104729 % (messages / 8));
    std::copy(thread.begin(), thread.end(), q.thread.begin());
    q.limit = 500;
    const auto start = bench::now_ns();
    const double before = own_ms();
    const auto snapshot = must(hub.journal->read());
    auto found = must(hub::broker::search(snapshot->reader(), &*hub.index, q, {}));
    (void)schemas::wire::encode(found);
    ms.push_back(ms_since(start)), cpu.push_back(own_ms() - before);
    if (found.rows.empty() || found.next_before != 0) std::fprintf(stderr, "a thread is not whole\n"), std::exit(2);
  }
  return times(std::move(ms), std::move(cpu));
}

// Entries a second that one writer commits, in blocks of 16 batches; `searching`: beside somebody who pages through everything without a rest.
double commits(Hub& hub, bench::History& history, bool searching, double seconds, std::uint64_t* asked) {
  std::atomic<bool> stop{false};
  std::thread searcher;
  if (searching) {
    searcher = std::thread([&] {
      Search q;
      for (std::uint64_t n = 0; !stop; ++n) {
        const auto snapshot = must(hub.journal->read());
        q.limit = 500;
        q.kind = n % 2 == 0 ? 0 : 12;
        const auto found = must(hub::broker::search(snapshot->reader(), &*hub.index, q, {}));
        q.before_index = found.next_before;
        ++*asked;
      }
    });
  }
  const auto start = bench::now_ns();
  std::uint64_t first = 0, last = 0;
  while (ms_since(start) < seconds * 1e3) {
    last = history.append(16);
    if (first == 0) first = last;
  }
  const double rate = static_cast<double>(last - first) / ms_since(start) * 1e3;
  stop = true;
  if (searcher.joinable()) searcher.join();
  return rate;
}

// MB/s of the entries: hashed plainly in one piece, one by one, and verified as `audit verify` does. Best of three.
struct Verified {
  double piece = 0, each = 0, walk = 0;
  double piece_cpu = 0, walk_cpu = 0;  // seconds of all threads
};
Verified verify(Hub& hub) {
  const auto snapshot = must(hub.journal->read());
  const auto reader = snapshot->reader();
  const auto data = reader.entries(0, std::min<std::uint64_t>(reader.size(), 2'000'000));
  const auto notes = reader.notes(0, 100'000);
  const auto best = [&](auto work, double* cpu = nullptr) {
    double most = 0;
    for (int i = 0; i < 5; ++i) {
      const auto start = bench::now_ns();
      const double before = bench::own_cpu();
      work();
      most = std::max(most, static_cast<double>(data.size()) / ms_since(start) / 1e3);
      if (cpu != nullptr) *cpu = i == 0 ? bench::own_cpu() - before : std::min(*cpu, bench::own_cpu() - before);
    }
    return most;
  };
  Verified v;
  v.piece = best([&] { (void)crypto::sha256(data); }, &v.piece_cpu);
  v.each = best([&] {
    for (std::size_t at = 0; at < data.size(); at += 112) (void)crypto::sha256(base::View(data).subspan(at, 112));
  });
  v.walk = best([&] {
    cli::counter::LogWalk walk(must(crypto::Directory::start(hub.c.anchor())),
                               [&](std::uint64_t seq) { return seq <= notes.notes.size() ? std::optional(notes.notes[seq - 1].note) : std::nullopt; });
    for (std::size_t at = 0; at < data.size(); at += 112 * 16'384) {
      const auto why = walk.entries(base::View(data).subspan(at, std::min<std::size_t>(112 * 16'384, data.size() - at)));
      if (why) std::fprintf(stderr, "entry %llu: %s\n", static_cast<unsigned long long>(walk.tree().size()), why->c_str()), std::exit(2);
    }
  }, &v.walk_cpu);
  return v;
}

double median(std::vector<double> v) { return bench::quantile(std::move(v), 0.5); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "bench_audit DIR ENTRIES [SECONDS]\n"), 2;
  const std::string dir = argv[1];
  const std::uint64_t entries = std::strtoull(argv[2], nullptr, 10);
  const double seconds = argc > 3 ? std::strtod(argv[3], nullptr) : 5;
  build(dir, entries);
  double indexing = 0;
  {
    Hub hub(dir);
    if (hub.index->upto() == 0) indexing = hub.catch_up();
  }
  Hub hub(dir);
  hub.catch_up();
  const std::uint64_t size = must(hub.journal->read())->reader().size();
  bench::History history(hub.c, *hub.journal);
  const std::uint64_t messages = history.messages();
  std::uint64_t rows = 0, asked = 0;
  const auto page = pages(hub, 4000, &rows);
  const auto trail = trails(hub, 2000, messages);
  const auto v = verify(hub);
  const double store = static_cast<double>(fs::file_size(dir + "/store/core/data.mdb")) / static_cast<double>(size),
               index = static_cast<double>(fs::file_size(dir + "/index/data.mdb")) / static_cast<double>(size);
  std::vector<double> alone, beside;
  for (int i = 0; i < 3; ++i) {
    alone.push_back(commits(hub, history, false, seconds, &asked));
    beside.push_back(commits(hub, history, true, seconds, &asked));
  }
  std::printf("audit    %llu entries, %llu messages\n", static_cast<unsigned long long>(size), static_cast<unsigned long long>(messages));
  std::printf("  start-up (store and index)          %8.1f ms\n", hub.opened_ms);
  std::printf("  filtered page of 50, p50/p99/most   %8.2f / %.2f / %.2f ms, p99 of its own CPU %.2f (%llu rows in 4000 pages)\n", page.p50, page.p99, page.most, page.cpu_p99,
              static_cast<unsigned long long>(rows));
  std::printf("  trail of a thread, p50/p99/most     %8.2f / %.2f / %.2f ms, p99 of its own CPU %.2f\n", trail.p50, trail.p99, trail.most, trail.cpu_p99);
  std::printf("  bytes an entry: store, index        %8.0f, %.0f\n", store, index);
  if (indexing > 0) std::printf("  making the index anew               %8.0f entries/s\n", indexing);
  std::printf("  verify: %.0f MB/s of entries; SHA-256 of them in one piece %.0f (ratio %.2f), one by one %.0f (%.2f); CPU of both threads %.2f times the piece's\n", v.walk, v.piece, v.walk / v.piece, v.each, v.walk / v.each,
              v.walk_cpu / v.piece_cpu);
  std::printf("  entries/s committed alone %.0f, beside a search without end %.0f (ratio %.2f; %llu pages of 500)\n", median(alone), median(beside), median(beside) / median(alone),
              static_cast<unsigned long long>(asked));
  std::printf("RESULT entries=%llu open_ms=%.1f page_p50_ms=%.3f page_p99_ms=%.3f page_cpu_p99_ms=%.3f trail_p50_ms=%.3f trail_p99_ms=%.3f trail_cpu_p99_ms=%.3f verify_cpu_ratio=%.2f store_bytes=%.0f index_bytes=%.0f index_rate=%.0f verify_mbs=%.0f sha_mbs=%.0f "
              "sha_each_mbs=%.0f alone=%.0f beside=%.0f\n",
              static_cast<unsigned long long>(size), hub.opened_ms, page.p50, page.p99, page.cpu_p99, trail.p50, trail.p99, trail.cpu_p99, v.walk_cpu / v.piece_cpu, store, index, indexing, v.walk, v.piece, v.each, median(alone), median(beside));
  return 0;
}
