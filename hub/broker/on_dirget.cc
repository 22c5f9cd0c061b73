// DIRGET: the directory's notes after a dir_seq, or the policy rules by their hash. Open to every member.
#include "hub/broker/ops.h"

namespace hub::broker {

namespace {
constexpr std::uint32_t kMaxNotes = 256;
constexpr std::size_t kMaxAnswer = 2u << 20;
}  // namespace

base::Result<base::Bytes> on_dirget(const Reading& r, base::View payload) {
  TRY_ASSIGN(const auto q, wire::decode<wire::DirGet>(payload));
  wire::DirGot got;
  if (!base::all_zero(q.blob)) {
    got.blob = r.reader.blob(q.blob);
    got.dir_seq = r.reader.notes(0, 0).dir_seq;
    return wire::encode(got);
  }
  got = r.reader.notes(q.after, std::clamp(q.limit, 1u, kMaxNotes));
  std::size_t bytes = 0, fit = 0;
  while (fit < got.notes.size() && (fit == 0 || bytes + got.notes[fit].note.size() <= kMaxAnswer)) bytes += got.notes[fit++].note.size();
  got.notes.resize(fit);
  return wire::encode(got);
}

}  // namespace hub::broker
