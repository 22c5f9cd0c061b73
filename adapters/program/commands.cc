// Name, options, help and function of every command.
#include "adapters/program/commands.h"

namespace adapters::program {

const std::vector<Command>& commands() {
  static const std::vector<Command> rows{
      {"init", "agency= slug= kind= hub= consortium= passphrase-file= key-file= credential= low-cost-kdf auditor",
       R"(init DIR --slug NAME --kind KIND --hub ADDRESS --consortium NAME UNLOCK [--agency ID|auto] [--auditor] [--low-cost-kdf]
      makes keys, agent.toml and request.note; the authority answers the request with a certificate
      --auditor: for somebody who reads the consortium's log and sends nothing (docs/guide/compliance.md)
      UNLOCK is one of --passphrase-file FILE, --key-file FILE (32 bytes), --credential NAME (systemd))",
       init},
      {"enroll", "cert= anchor= anchor-hash=",
       R"(enroll DIR --cert FILE --anchor FILE [--anchor-hash HEX]
      after rotate: enroll DIR --cert FILE, also beside the running agent)",
       enroll},
      {"rotate", "keys=",
       R"(rotate DIR [--keys sign,transport,witness,recovery]
      new keys beside the present ones, and rotate.note for the authority; all but recovery unless named; again: the same request)",
       rotate},
      {"doctor", "config= json", "doctor DIR | --config FILE [--json]\n      what is not right yet, and the mend", doctor},
      {"inspect", "format= mapping= json",
       R"(inspect [--format FORMAT] [--mapping FILE] FILE...
      reads files as an adapter would and sends nothing; a JSON line a file, without contents)",
       inspect_files},
      {"selftest", "config= json", "selftest DIR [--json]\n      the running agent proves itself: keys, policy, and the way through the hub; nobody's inbox shows it", selftest},
      {"map new", "from= format= kind= zone= out=",
       R"(map new --from SAMPLE [--format FORMAT] [--kind KIND] [--zone ZONE] [-o FILE]
      a first mapping for such files, guessed from names and looks, with what a person has to decide)",
       map_new},
      {"map test", "write", "map test DIR [--write]\n      mapping.toml of DIR over its samples, against their NAME.expected.json; --write makes those",
       map_test},
      {"map show", "", "map show FILE\n      a mapping as a table, and which required fields have no source", map_show},
      {"feed dry-run", "config= json format=",
       R"(feed dry-run DIR ADAPTER [FILE...] [--json]
      what the adapter reads is rehearsed: policy and all, and nothing leaves; with files, those alone)",
       feed_dry_run},
      {"feed shadow", "config= json", "feed shadow DIR ADAPTER\n      the same for a day beside the old road, as counts", feed_shadow},
      {"feed report", "config= json", "feed report DIR [ADAPTER] [--json]\n      what would have been sent, to whom, what the policy takes out, and why", feed_report},
      {"go-live", "config= json kinds=", "go-live DIR ADAPTER [--kinds Referral,StatusUpdate]\n      send; or those kinds, while the others stay in shadow", go_live},
      {"rollback", "config= json", "rollback DIR ADAPTER\n      back to shadow, at once", rollback},
      {"run", "config=", "run DIR | --config FILE\n      prints \"ready SOCKET\" when it serves; stops on SIGTERM", run},
      {"backup", "", "backup DIR DEST\n      a copy into the new folder DEST, also while the agent runs; read back and checked", backup},
      {"restore", "kit= passphrase-file= key-file= credential=",
       R"(restore BACKUP DIR [UNLOCK]
      a new folder from a backup; it finds its place in the hub's log before it sends
      restore --kit FILE DIR [UNLOCK]: from the printed page alone, without mail and history)",
       restore},
      {"kit", "out=", "kit DIR -o FILE\n      the recovery kit, to be printed: sealed keys, notes, the anchor's hash, the steps", kit},
      {"return", "out= from=", "return DIR -o FILE [--from N]\n      for a hub that lost its disk: log entries, own batches, receipts (N: what its backup holds)", give_back},
      {"lock", "config=", "lock DIR\n      the running agent forgets its keys and waits until its secret is back; take the secret away first", lock},
      {"locked", "config=", "locked DIR\n      what a locked agent runs as; nobody has to type it", locked},
      {"plugin", "type= config=",
       R"(plugin --type TYPE --config FILE
      one built-in adapter over standard streams, as a plugin (docs/spec/plugin.md); FILE is what its [[adapter]] table would say)",
       plugin},
  };
  return rows;
}

}  // namespace adapters::program
