// The police adapter, type "police-folder": exports of a dispatch or records system (CAD, RMS) in a watched folder, statuses out as rows.
//
// In: each record of a file (CSV, TSV, JSON, XML or NIEM, as the mapping says) becomes a Referral (or what the mapping says) on its own. A
// row that cannot be read or is refused is kept in quarantine with its reason, without the columns that do not leave; the others go on. A
// file with a column that the mapping does not name is refused whole. The same row id with the same mapped columns is a repeat. With others
// it is "changed" and refused: what was sent cannot be taken back unseen, so people tell the other agency on the thread that the result
// names; columns that do not leave do not count. Out: OUT/NAME.result.csv a file (row,verdict,thread,what,mend; verdict: sent, repeat,
// changed, refused, skipped), and a row an event of the threads that this agency opened, in OUT/status_out.layout=2.csv (the desk's system
// may take that file away at any time) or as a POST.
//
// Its table in the agent's configuration:
//   in = "FOLDER", out = "FOLDER"    in/ also holds done/ and quarantine/
//   mapping = "FILE.toml"            docs/guide/mapping.md
//   to = "slug"                      where a row goes that no route claims
//   route = [{ service = "DETOX", to = "river" }]
//   status_webhook = "https://..."   statuses go there instead (status_hook.h); webhook_secret_file = "FILE", webhook_ca_file = "FILE.pem"
//   purpose, keep_done, settle_ms, rescan_ms
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::police {

agent::AdapterType police_folder();

}  // namespace adapters::police
