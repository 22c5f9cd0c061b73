// fault_writer DIR MARKS N: opens a hub journal in DIR, takes in a consortium's notes, then N batches, one commit each, and writes
// "SIZE ROOT" to MARKS after each commit that returned ok. Exit 3 when the journal refuses (D16), 0 at the end.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "hub/journal/journal.h"
#include "tests/kit/consortium.h"

namespace {

using hub::state::Item;

// The disk has refused: nothing more may be claimed, and nothing more may be taken by the same journal.
int refused(hub::journal::Journal& journal, const base::Error& why) {
  if (why.kind != base::Kind::kIo && why.kind != base::Kind::kFull) return 4;
  if (journal.append({}, kit::kStart).ok()) return 5;  // LMDB would take the next commit; the journal must not
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int marks = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
  kit::Consortium county({{"stb", "hospital_ed"}, {"harbor", "crisis_center"}});
  auto opened = hub::journal::open_lmdb(argv[1], county.anchor(), county.log_key(), 64 << 20);
  if (!opened.ok()) return opened.error().kind == base::Kind::kIo || opened.error().kind == base::Kind::kFull ? 3 : 4;
  auto journal = std::move(*opened);
  auto append = [&](std::vector<Item> items) -> int {
    auto applied = journal->append(std::move(items), kit::kStart);
    if (!applied.ok()) return refused(*journal, applied.error());
    for (const auto& outcome : applied->outcomes) {
      if (!outcome.accepted) return 6;
    }
    const std::string line = std::to_string(applied->size) + " " + base::hex(applied->root) + "\n";
    if (write(marks, line.data(), line.size()) < 0) return 7;
    return 0;
  };
  for (const auto& note : county.notes()) {
    if (int rc = append({Item{schemas::EntryType::kDir, base::to_bytes(note.whole), note.blob}})) return rc;
  }
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    const std::string body(static_cast<std::size_t>(i % 3) * 3000 + 20, 'x');
    Item item;
    item.type = schemas::EntryType::kAccept;
    item.bytes = county.send("stb", {{.to = "harbor", .body = body}});
    if (int rc = append({std::move(item)})) return rc;
  }
  return 0;
}
