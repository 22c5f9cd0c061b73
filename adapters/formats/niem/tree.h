// Finding one's way in a NIEM document: elements by local name, references followed, criminal-justice structures left out.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/xml/xml.h"

namespace adapters::formats::niem {

using xml::Element;
using Elements = std::vector<const Element*>;
using Names = std::initializer_list<std::string_view>;

bool standard_space(std::string_view space);  // NIEM, N-DEx, LEXS, NIBRS
bool withheld_name(std::string_view name);
// Structures about arrests, charges, custody, courts, histories, and numbers of identity; and activities that say so of themselves.
bool withheld(const Element& e);

// Descendants of those names, in document order, not inside withheld elements and not below one that was found.
Elements all(const Element& in, Names names);
const Element* first(const Element& in, Names names);
// The text of the first that has one; of several names the earlier goes first. "" if none.
std::string text(const Element& in, Names names);
std::string text(const Elements& in, Names names);
std::string own_text(const Element& e, Names names);  // what stands in the element itself; otherwise text()

class Tree {
 public:
  explicit Tree(const Element& root) { enter(root); }

  // What an element, a role's RoleOfPerson or a ...Reference is about: the elements themselves, every place that tells more of the same
  // thing.
  [[nodiscard]] Elements about(const Element& e) const;
  // The same for all that have it: an id, or the address of an element without one.
  [[nodiscard]] std::string identity(const Element& e) const;

 private:
  void enter(const Element& e);
  [[nodiscard]] std::string id_behind(const Element& e, unsigned depth) const;

  std::map<std::string, Elements, std::less<>> facets_;  // by id: the element that has it, and those that are the same as it
};

}  // namespace adapters::formats::niem
