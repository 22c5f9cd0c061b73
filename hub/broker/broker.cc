// The wiring of the running hub: its threads, the order in which they start, and the order in which they end.
#include "hub/broker/broker.h"

#include <thread>

#include "hub/broker/desk.h"
#include "hub/broker/front.h"
#include "hub/broker/index.h"
#include "hub/broker/threads.h"

namespace hub::broker {
namespace {

class Running final : public Broker {
 public:
  Running(const Parts& parts, const Options& options) : office_(parts, options) {}
  ~Running() override {
    stop();
    end();
  }

  base::Status open() {
    TRY(office_.look_up_log());
    TRY(open_index());
    TRY_ASSIGN(gate_, net::ZapGate::start(office_.parts.context, [this](const crypto::PublicKey& key) { return admit(key); }));
    net::Router::Options o;
    o.endpoint = office_.options.listen;
    TRY_ASSIGN(auto router, net::Router::bind(office_.parts.context, office_.parts.transport, o));
    endpoint_ = router.endpoint();
    front_.emplace(office_, std::move(router));
    start_threads();
    return prove_gate();
  }

  [[nodiscard]] const std::string& endpoint() const override { return endpoint_; }

  base::Status wait() override {
    std::vector<net::PollItem> items{{nullptr, office_.main_waker.fd()}};
    while (!stop_ && !office_.failed) net::poll(items, -1);
    end();
    if (const auto error = office_.failure()) return *error;
    return {};
  }

  void stop() override {
    stop_ = true;
    office_.main_waker.wake();
  }

 private:
  base::Status open_index() {
    if (office_.options.data_dir.empty()) return {};
    TRY_ASSIGN(const auto snapshot, office_.parts.journal.read());
    TRY_ASSIGN(auto index, SearchIndex::open(office_.options.data_dir + "/index", snapshot->reader()));
    index_.emplace(std::move(index));
    return {};
  }

  // The allow-list is the directory and nothing else. Runs on the gate's thread.
  std::optional<std::string> admit(const crypto::PublicKey& key) {
    const auto directory = office_.directory();
    const auto* member = directory.by_transport(key);
    if (member != nullptr && directory.standing_now(member->cert_hash, office_.now()) == crypto::Standing::kActive)
      return base::hex(member->cert.agent);
    ++office_.count.zap_refused;
    return std::nullopt;
  }

  void start_threads() {
    for (auto& lane : office_.verify) verifiers_.emplace_back([this, l = lane.get()] { run_verifier(office_, *l); });
    writer_ = std::thread([this] { run_writer(office_); });
    desk_ = std::thread([this] { Desk(office_).run(); });
    library_ = std::thread([this] { run_library(office_, index_ ? &*index_ : nullptr); });
    if (index_) indexer_ = std::thread([this] { run_indexer(office_, *index_); });
    keeper_ = std::thread([this] { run_keeper(office_, endpoint_); });
    io_ = std::thread([this] { front_->run(); });
  }

  base::Status prove_gate() {
    auto own = endpoint_;
    const auto any = own.find("0.0.0.0");
    if (any != std::string::npos) own.replace(any, 7, "127.0.0.1");
    const auto closed = net::prove_gate_closed(office_.parts.context, own, office_.parts.transport.public_key(), office_.parts.random);
    office_.count.zap_refused = 0;  // the test's own knocks
    return closed;
  }

  static void join(std::thread& t) {
    if (t.joinable()) t.join();
  }

  // From the front to the back: what was taken in is committed; answers that no longer get out are got again by resending.
  void end() {
    office_.stopping = true;
    for (auto* w : {&office_.front_waker, &office_.index_waker, &office_.keeper_waker}) w->wake();
    join(io_);
    join(keeper_);
    for (auto& lane : office_.verify) lane->close();
    for (auto& v : verifiers_) join(v);
    if (writer_.joinable() && !office_.failed && !office_.count.read_only) {
      Pending last;
      last.item.type = schemas::EntryType::kHub;
      last.item.bytes = office_.record("stop");
      office_.write.push(std::move(last));
    }
    office_.write.close();
    join(writer_);
    office_.library.close();
    join(library_);
    office_.desk.close();
    join(desk_);
    join(indexer_);
  }

  Office office_;
  std::unique_ptr<net::ZapGate> gate_;  // before the router, and after it
  std::optional<SearchIndex> index_;
  std::optional<Front> front_;
  std::string endpoint_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> verifiers_;
  std::thread writer_, desk_, library_, indexer_, keeper_, io_;
};

}  // namespace

base::Result<std::unique_ptr<Broker>> Broker::start(const Parts& parts, const Options& options) {
  auto running = std::make_unique<Running>(parts, options);
  TRY(running->open());
  return std::unique_ptr<Broker>(std::move(running));
}

}  // namespace hub::broker
