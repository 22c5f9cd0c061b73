#include "adapters/formats/niem/tree.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace adapters::formats::niem {
namespace {

constexpr std::array<std::string_view, 8> kSpaces = {"niem.gov/",  "niemopen/", "fbi.gov/",  "usdoj.gov/",
                                                     "nibrs.org/", "xstf.",     "ijis.org/", "it.ojp.gov/"};
constexpr unsigned kRoles = 8;  // a role of a role of ... a person

// Beginnings of names.
constexpr std::array<std::string_view, 28> kWithheld = {
    "Booking",   "Citation",      "Conviction",        "Corrections",   "Court",     "Criminal",    "DriverLicense", "Detention",
    "Gang",      "Incarceration", "JudicialOfficial",  "NCIC",          "Offender",  "Parole",      "PersonAFIS",    "PersonBiometric",
    "PersonDNA", "PersonFBI",     "PersonFingerprint", "PersonLicense", "PersonSSN", "PersonState", "Probation",     "Prosecution",
    "RapSheet",  "Sentence",      "Supervision",       "Warrant"};
constexpr std::array<std::string_view, 6> kInside = {"Arrest", "Charge", "CriminalHistory", "RegisteredOffender", "SexOffender", "Wanted"};
constexpr std::array<std::string_view, 9> kActivities = {"arrest",        "booking",   "charge",      "citation", "court",
                                                         "incarceration", "probation", "supervision", "warrant"};

bool among(Names names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

bool linking(const xml::Attribute& a) {
  return a.space.find("structures") != a.space.npos || a.space.find("/lexs/library") != a.space.npos;
}

// "#P1" and "P1" are the same place of this document.
std::string id_of(const Element& e, Names names) {
  for (const auto& a : e.attributes)
    if (linking(a) && among(names, a.name)) return std::string(a.value.substr(a.value.find('#') + 1));  // npos + 1 is 0
  return {};
}
std::string own_id(const Element& e) {
  std::string out = id_of(e, {"id"});
  return out.empty() && !e.children.empty() ? id_of(e, {"uri"}) : out;
}
std::string reference(const Element& e) {
  std::string out = id_of(e, {"ref"});
  return out.empty() && e.children.empty() ? id_of(e, {"uri"}) : out;
}

// What LEXS calls the same as an element of the digest: said by a child, or by one of its augmentation.
std::string same_as(const Element& e) {
  for (const Element& c : e.children) {
    if (c.name == "SameAsDigestReference") return id_of(c, {"ref"});
    if (!c.name.ends_with("Augmentation")) continue;
    for (const Element& g : c.children)
      if (g.name == "SameAsDigestReference") return id_of(g, {"ref"});
  }
  return {};
}

void gather(const Element& in, Names names, Elements& out) {
  for (const Element& c : in.children) {
    if (withheld(c)) continue;
    if (among(names, c.name))
      out.push_back(&c);
    else
      gather(c, names, out);
  }
}

}  // namespace

bool standard_space(std::string_view space) {
  return std::ranges::any_of(kSpaces, [&](std::string_view s) { return space.find(s) != space.npos; });
}

bool withheld_name(std::string_view name) {
  return std::ranges::any_of(kWithheld, [&](std::string_view w) { return name.starts_with(w); }) ||
         std::ranges::any_of(kInside, [&](std::string_view w) { return name.find(w) != name.npos; });
}

bool withheld(const Element& e) {
  if (withheld_name(e.name)) return true;
  const Element* category = e.name == "Activity" ? e.child("ActivityCategoryText") : nullptr;
  if (category == nullptr) return false;
  const std::string word = lower(std::string(category->text));
  return std::ranges::any_of(kActivities, [&](std::string_view w) { return word.find(w) != word.npos; });
}

Elements all(const Element& in, Names names) {
  Elements out;
  gather(in, names, out);
  return out;
}

const Element* first(const Element& in, Names names) {
  const Elements found = all(in, names);
  return found.empty() ? nullptr : found.front();
}

std::string text(const Element& in, Names names) {
  for (const std::string_view name : names)
    for (const Element* e : all(in, {name}))
      if (!e->text.empty() && !e->nil) return std::string(e->text);
  return {};
}

std::string text(const Elements& in, Names names) {
  for (const Element* e : in)
    if (std::string found = text(*e, names); !found.empty()) return found;
  return {};
}

std::string own_text(const Element& e, Names names) { return e.text.empty() ? text(e, names) : std::string(e.text); }

void Tree::enter(const Element& e) {
  if (withheld(e)) return;
  if (const std::string id = own_id(e); !id.empty()) facets_[id].push_back(&e);
  if (const std::string id = same_as(e); !id.empty()) facets_[id].push_back(&e);
  for (const Element& c : e.children) enter(c);
}

// A role leads to who has it.
std::string Tree::id_behind(const Element& e, unsigned depth) const {
  std::string id = reference(e);
  for (const Element& c : e.children)
    if (id.empty() && c.name.starts_with("RoleOf")) id = c.children.empty() ? reference(c) : own_id(c);
  if (id.empty()) id = same_as(e);
  if (id.empty()) return own_id(e);
  const auto it = facets_.find(id);
  if (it == facets_.end() || depth == 0) return id;
  for (const Element* f : it->second)
    if (f != &e)
      if (std::string further = id_behind(*f, depth - 1); !further.empty() && further != id) return further;
  return id;
}

std::string Tree::identity(const Element& e) const {
  const std::string id = id_behind(e, kRoles);
  if (!id.empty()) return id;
  return "@" + std::to_string(reinterpret_cast<std::uintptr_t>(&e));
}

Elements Tree::about(const Element& e) const {
  Elements out{&e};
  const auto it = facets_.find(identity(e));
  if (it == facets_.end()) return out;
  for (const Element* f : it->second)
    if (std::ranges::find(out, f) == out.end()) out.push_back(f);
  return out;
}

}  // namespace adapters::formats::niem
