// The ops of the wire, one file each. What may change state is judged on the front's thread and handed on; what only reads runs on
// the library's thread over one snapshot and never stalls the writer.
#pragma once

#include "hub/broker/front.h"

namespace hub::broker {

void on_hello(Front& front, const Origin& from, base::View payload);
void on_batch(Front& front, const Origin& from, base::Bytes payload);
void on_receipt(Front& front, const Origin& from, base::View payload);
void on_credit(Front& front, const Origin& from, base::View payload);
void on_dirput(Front& front, const Origin& from, base::View payload);
void on_ledger(Front& front, const Origin& from, base::View payload);
void ask(Front& front, const Origin& from, Op op, base::Bytes payload);  // hands a question to the library

class Rounds;
class SearchIndex;
struct Reading {  // what an answer is made from
  Office& office;
  const state::Reader& reader;
  const SearchIndex* index;   // may be null: then the log itself is scanned
  const crypto::Member& who;  // the asker's certificate, in force now
  Rounds& rounds;
  [[nodiscard]] bool auditor() const { return who.cert.type == "auditor"; }
};
// The payload of the answer, or a NACK: 10 for kDenied, 1 for anything else.
base::Result<base::Bytes> on_fetch(const Reading& r, base::View payload);
base::Result<base::Bytes> on_dirget(const Reading& r, base::View payload);
base::Result<base::Bytes> on_logget(const Reading& r, base::View payload);
base::Result<base::Bytes> on_status(const Reading& r);
base::Result<base::Bytes> on_witness(const Reading& r, base::View payload);
// SEARCH in two steps: its record is committed first, then it runs.
state::Item access_record(const Office& office, const crypto::Member& who, base::View query);
base::Result<base::Bytes> on_search(const Reading& r, base::View payload, std::uint64_t access_index);

}  // namespace hub::broker
