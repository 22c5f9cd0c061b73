// The fields of every wire payload, in one list each: id (as in wire.fbs), name, member. Read by wire.cc in both directions.
#pragma once

#include "schemas/fields.h"
#include "schemas/wire.h"

namespace schemas::wire {

template <class F>
void fields(Tag<Hello>, F&& f) {
  f(0, "credit", &Hello::credit);
  f(1, "checkpoint", &Hello::checkpoint);
  f(2, "versions", &Hello::versions);
  f(3, "software", &Hello::software);
  f(4, "dir_seq", &Hello::dir_seq);
  f(5, "hub_time", &Hello::hub_time);
  f(6, "read_only", &Hello::read_only);
}
template <class F>
void fields(Tag<Proven>, F&& f) {
  f(0, "index", &Proven::index);
  f(1, "ent", &Proven::ent);
  f(2, "path", &Proven::path);
}
template <class F>
void fields(Tag<Ack>, F&& f) {
  f(0, "batch_hash", &Ack::batch_hash);
  f(1, "entries", &Ack::entries);
  f(2, "checkpoint", &Ack::checkpoint);
  f(3, "dir_seq", &Ack::dir_seq);
}
template <class F>
void fields(Tag<GroupNack>, F&& f) {
  f(0, "group_no", &GroupNack::group_no);
  f(1, "code", &GroupNack::code);
  f(2, "payload", &GroupNack::payload);
}
template <class F>
void fields(Tag<Nack>, F&& f) {
  f(0, "code", &Nack::code);
  f(1, "retry_ms", &Nack::retry_ms);
  f(2, "payload", &Nack::payload);
  f(3, "groups", &Nack::groups);
  f(4, "words", &Nack::words);
}
template <class F>
void fields(Tag<Credit>, F&& f) {
  f(0, "more", &Credit::more);
}
template <class F>
void fields(Tag<Fetch>, F&& f) {
  f(0, "what", &Fetch::what);
  f(1, "sender", &Fetch::sender);
  f(2, "recipient", &Fetch::recipient);
  f(3, "from", &Fetch::from);
  f(4, "limit", &Fetch::limit);
}
template <class F>
void fields(Tag<Receipt>, F&& f) {
  f(0, "rcp", &Receipt::rcp);
  f(1, "sig", &Receipt::sig);
  f(2, "entry", &Receipt::entry);
  f(3, "checkpoint", &Receipt::checkpoint);
}
template <class F>
void fields(Tag<Fetched>, F&& f) {
  f(0, "delivers", &Fetched::delivers);
  f(1, "receipts", &Fetched::receipts);
  f(2, "more", &Fetched::more);
}
template <class F>
void fields(Tag<DirGet>, F&& f) {
  f(0, "after", &DirGet::after);
  f(1, "limit", &DirGet::limit);
  f(2, "blob", &DirGet::blob);
}
template <class F>
void fields(Tag<DirNote>, F&& f) {
  f(0, "note", &DirNote::note);
  f(1, "log_index", &DirNote::log_index);
  f(2, "hub_time", &DirNote::hub_time);
}
template <class F>
void fields(Tag<DirGot>, F&& f) {
  f(0, "notes", &DirGot::notes);
  f(1, "dir_seq", &DirGot::dir_seq);
  f(2, "blob", &DirGot::blob);
}
template <class F>
void fields(Tag<DirPut>, F&& f) {
  f(0, "note", &DirPut::note);
  f(1, "blob", &DirPut::blob);
}
template <class F>
void fields(Tag<Ledger>, F&& f) {
  f(0, "note", &Ledger::note);
}
template <class F>
void fields(Tag<LogGet>, F&& f) {
  f(0, "what", &LogGet::what);
  f(1, "from", &LogGet::from);
  f(2, "to", &LogGet::to);
  f(3, "level", &LogGet::level);
}
template <class F>
void fields(Tag<LogGot>, F&& f) {
  f(0, "checkpoint", &LogGot::checkpoint);
  f(1, "data", &LogGot::data);
  f(2, "path", &LogGot::path);
}
template <class F>
void fields(Tag<Witness>, F&& f) {
  f(0, "body", &Witness::body);
}
template <class F>
void fields(Tag<Search>, F&& f) {
  f(0, "thread", &Search::thread);
  f(1, "agency_from", &Search::agency_from);
  f(2, "agency_to", &Search::agency_to);
  f(3, "kind", &Search::kind);
  f(4, "purpose", &Search::purpose);
  f(5, "since", &Search::since);
  f(6, "until", &Search::until);
  f(7, "before_index", &Search::before_index);
  f(8, "limit", &Search::limit);
}
template <class F>
void fields(Tag<Row>, F&& f) {
  f(0, "index", &Row::index);
  f(1, "message_no", &Row::message_no);
  f(2, "hub_time", &Row::hub_time);
  f(3, "created", &Row::created);
  f(4, "expires", &Row::expires);
  f(5, "msg_id", &Row::msg_id);
  f(6, "thread_id", &Row::thread_id);
  f(7, "kind", &Row::kind);
  f(8, "purpose", &Row::purpose);
  f(9, "flags", &Row::flags);
  f(10, "policy_version", &Row::policy_version);
  f(11, "thread_seq", &Row::thread_seq);
  f(12, "size", &Row::size);
  f(13, "sender", &Row::sender);
  f(14, "recipients", &Row::recipients);
  f(15, "group_leaf", &Row::group_leaf);
  f(16, "message_leaf", &Row::message_leaf);
  f(17, "delivered_index", &Row::delivered_index);
  f(18, "delivered_time", &Row::delivered_time);
  f(19, "end_type", &Row::end_type);
}
template <class F>
void fields(Tag<Found>, F&& f) {
  f(0, "rows", &Found::rows);
  f(1, "indexed_upto", &Found::indexed_upto);
  f(2, "size", &Found::size);
  f(3, "next_before", &Found::next_before);
  f(4, "access_index", &Found::access_index);
}
template <class F>
void fields(Tag<StatusQuery>, F&&) {}
template <class F>
void fields(Tag<StatusReport>, F&& f) {
  f(0, "json", &StatusReport::json);
}

}  // namespace schemas::wire
