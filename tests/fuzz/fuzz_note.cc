// Notes, checkpoints, tlog-proofs and every typed note from outside: no crash, and what is read is written back byte for byte.
#include <cstdlib>

#include "crypto/directory.h"
#include "crypto/witness.h"

namespace {

void must(bool ok) {
  if (!ok) std::abort();
}

template <class T>
void same(const base::Result<T>& parsed, std::string_view text) {
  if (parsed.ok()) must(parsed->text() == text);
}

void typed(std::string_view text) {
  same(crypto::parse_add_checkpoint(text), text);
  same(crypto::parse_anchor(text), text);
  same(crypto::parse_cert(text), text);
  same(crypto::parse_epoch(text), text);
  same(crypto::parse_revoke(text), text);
  same(crypto::parse_policy_note(text), text);
  same(crypto::parse_ledger(text), text);
  same(crypto::parse_request(text), text);
  same(crypto::parse_vkey(text), text);
  auto c = crypto::parse_checkpoint(text);
  if (c.ok()) must(c->body() == text);
  auto p = crypto::parse_tlog_proof(text);
  if (p.ok()) must(crypto::tlog_proof(p->index, p->path, p->checkpoint) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  typed(input);
  auto note = crypto::parse_note(input);
  if (note.ok()) {
    must(note->whole() == input);
    typed(note->text);
  }
  if (auto d = crypto::Directory::start(input); d.ok()) must(d->check(input, {}).ok());
  return 0;
}
