// The library: answers questions from read snapshots, beside the writer and never in its way.
#include "hub/broker/index.h"
#include "hub/broker/ops.h"
#include "hub/broker/rounds.h"
#include "hub/broker/threads.h"

namespace hub::broker {

void ask(Front& front, const Origin& from, Op op, base::Bytes payload) {
  auto& p = front.peer(from.agent);
  if (p.queries >= front.office().options.limits.queries_in_flight)
    return front.nack(from, NackCode::kBusy, "too many questions in flight", 20);
  ++p.queries;
  ++front.office().count.questions;
  front.office().library.push({from, op, std::move(payload)});
}

namespace {

base::Result<base::Bytes> read(const Reading& r, const Question& q) {
  switch (q.op) {
    case Op::kFetch: return on_fetch(r, q.payload);
    case Op::kDirGet: return on_dirget(r, q.payload);
    case Op::kLogGet: return on_logget(r, q.payload);
    case Op::kStatus: return on_status(r);
    case Op::kWitness: return on_witness(r, q.payload);
    case Op::kSearch: return on_search(r, q.payload, q.access_index.value_or(0));
    default: return base::malformed("not a question");
  }
}

// A search leaves its record in the log before its answer leaves (type 8): it comes back here with the entry's index.
void record_first(Office& office, const crypto::Member& who, Question q) {
  Pending p;
  p.item = access_record(office, who, q.payload);
  p.then = [&office, q = std::move(q)](const state::Outcome& o) {
    if (o.accepted) {
      auto again = q;
      again.access_index = o.first_index;
      office.library.push(std::move(again));
    } else {
      auto out = refusal(q.from, NackCode::kBusy, "the access record was refused");
      out.query = true;
      office.send(std::move(out));
    }
  };
  office.write.push(std::move(p));
}

void reply(Office& office, const SearchIndex* index, Rounds& rounds, Question q) {
  auto out = refusal(q.from, NackCode::kCert, "the certificate is not in force");
  const auto directory = office.directory();
  const auto* who = in_force(directory, q.from.agent, office.now());
  if (who != nullptr) {
    if (q.op == Op::kSearch && !q.access_index && wire::decode<wire::Search>(q.payload).ok())
      return record_first(office, *who, std::move(q));
    const auto snapshot = office.parts.journal.read();
    if (!snapshot.ok()) return office.fail(snapshot.error());
    const auto reader = (*snapshot)->reader();
    auto answer = read({office, reader, index, *who, rounds}, q);
    if (answer.ok()) {
      out.op = q.op;
      out.payload = std::move(*answer);
    } else {
      const bool denied = answer.error().kind == base::Kind::kDenied;
      out = refusal(q.from, denied ? NackCode::kPolicy : NackCode::kMalformed, answer.error().what);
    }
  }
  out.query = true;
  office.send(std::move(out));
}

}  // namespace

void run_library(Office& office, const SearchIndex* index) {
  std::deque<Question> questions;
  Rounds rounds(office.options.limits.witness_round_ms);
  while (office.library.take_all(questions) && !office.failed) {
    for (auto& q : questions) reply(office, index, rounds, std::move(q));
    questions.clear();
  }
}

}  // namespace hub::broker
