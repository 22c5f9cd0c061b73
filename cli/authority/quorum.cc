// From the register to witness, group and quorum lines.
#include "cli/authority/quorum.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Result;
using crypto::Member;

namespace {

Result<std::vector<const Member*>> chosen(const crypto::Directory& directory, std::string_view who, base::Instant now) {
  std::vector<const Member*> out;
  const auto fits = [&](const Member& m) {
    return m.cert.type == "agent" && directory.standing_now(m.cert_hash, now) == crypto::Standing::kActive;
  };
  if (who == "all") {
    for (const Member* m : directory.members()) {
      if (fits(*m)) out.push_back(m);
    }
    return out;
  }
  for (std::size_t from = 0; from <= who.size();) {
    const std::size_t end = std::min(who.find(',', from), who.size());
    const std::string name(who.substr(from, end - from));
    from = end + 1;
    const Member* m = directory.by_slug(name);
    if (m == nullptr) {
      const auto id = base::unhex(name);
      if (id && id->size() == 16) m = directory.member(base::fixed<16>(base::View(*id)));
    }
    if (m == nullptr) return Error{Kind::kNotFound, "no such agent in the register", name, "handoff-authority record takes in its certificate"};
    if (!fits(*m)) return Error{Kind::kUsage, "not an agent whose certificate is valid now", name, "leave it out"};
    if (std::find(out.begin(), out.end(), m) == out.end()) out.push_back(m);
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> quorum_lines(const Desk& desk, std::string_view who, base::Instant now) {
  if (who == "none") return std::vector<std::string>{"quorum none"};
  const crypto::Directory& directory = desk.directory();
  TRY_ASSIGN(const auto members, chosen(directory, who, now));
  if (members.size() < 3)
    return Error{Kind::kUsage, fmt::format("{} witnesses are too few", members.size()), "--witnesses", "name three or more, or none"};
  std::vector<std::string> lines;
  std::map<std::string, std::vector<std::string>> kinds;
  for (const Member* m : members) {
    const crypto::VerifierKey key{crypto::witness_name(directory.anchor().consortium, m->cert.agent), crypto::NoteAlg::kCosignature, m->cert.witness};
    lines.push_back(fmt::format("witness {} {}", m->cert.name, key.text()));
    kinds[m->cert.kind].push_back(m->cert.name);
  }
  std::string all;
  for (const auto& [kind, names] : kinds) {
    std::string line = fmt::format("group kind/{} {}", kind, names.size() / 2 + 1);
    for (const auto& name : names) line += " " + name;
    lines.push_back(std::move(line));
    all += " kind/" + kind;
  }
  lines.push_back("group every-kind all" + all);
  lines.push_back("quorum every-kind");
  return lines;
}

}  // namespace cli::authority
