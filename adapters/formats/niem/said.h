// A Referral in the making: each text under the field that it fills, kept beside it as all that may leave.
#pragma once

#include <string>

#include "adapters/formats/mapping/place.h"
#include "adapters/formats/niem/look.h"
#include "adapters/formats/niem/tree.h"

namespace adapters::formats::niem {

class Said {
 public:
  Said(Incident& out, const Options& options) : out_(out), options_(options) {}

  void say(const std::string& field, const std::string& text);  // nothing for ""
  void warn(const std::string& what, const std::string& where, const std::string& mend = {}) {
    out_.warnings.push_back(base::malformed(what, where, mend));
  }
  void moment(const std::string& name, const Element& date);  // into the timeline, if it has an hour
  void day(const std::string& field, const Element& date);

 private:
  Incident& out_;
  const Options& options_;
  mapping::Elements elements_;
};

// One container.
void read_incident(const Tree& tree, const Element& container, const Options& options, Incident& out);
void read_person(const Tree& tree, const Element& container, Said& said);
void read_place(const Tree& tree, const Element& container, const Element& incident, Said& said);
// The incident's own element: named so, or an Activity that says so. nullptr: there is none.
const Element* incident_of(const Element& container);

}  // namespace adapters::formats::niem
