// See lmdb_kv.h.
#include "hub/journal/lmdb_kv.h"

namespace hub::journal {

base::Result<TableIds> open_tables(store::Env& env) {
  TableIds ids;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    TRY_ASSIGN(ids[i], env.table(state::table_name(static_cast<state::Table>(i))));
  }
  return ids;
}

}  // namespace hub::journal
