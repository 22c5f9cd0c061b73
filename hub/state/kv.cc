// Table names as they stand in the store.
#include "hub/state/kv.h"

#include "crypto/base/check.h"

namespace hub::state {

const char* table_name(Table t) {
  static constexpr const char* kNames[] = {"grpm",  "grpc", "log", "node", "meta", "ckpt", "inbox",    "agent", "pair",
                                           "chain", "ack",  "dir", "blob", "rec",  "rcpt", "pairrcpt", "end",   "due",
                                           "witnessed"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Table::kCount_));
  return kNames[static_cast<unsigned>(t)];
}

}  // namespace hub::state
