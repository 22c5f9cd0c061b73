// Who it is about, and where: the one subject of the incident, never a victim, a witness or somebody who was arrested for something else.
#include <algorithm>
#include <set>

#include "adapters/formats/niem/said.h"
#include "adapters/formats/niem/tree.h"

namespace adapters::formats::niem {
namespace {

std::string phone_in(const Element& e) {
  if (std::string whole = text(e, {"TelephoneNumberFullID", "TelephoneNumberText", "TelephoneNumberID", "FullTelephoneNumber"});
      !whole.empty())
    return whole;
  const std::string area = text(e, {"TelephoneAreaCodeID"}), exchange = text(e, {"TelephoneExchangeID"}),
                    line = text(e, {"TelephoneLineID"});
  return line.empty() ? "" : area + (area.empty() ? "" : "-") + exchange + "-" + line;
}

std::string phone_of(const Tree& tree, const Element& container, const Elements& person, const std::string& identity) {
  for (const Element* e : person)
    if (std::string found = phone_in(*e); !found.empty()) return found;
  for (const Element* a : all(container, {"PersonContactInformationAssociation", "ContactInformationAssociation",
                                          "EntityTelephoneNumberAssociation", "PersonTelephoneNumberAssociation"})) {
    if (std::ranges::none_of(a->children, [&](const Element& c) { return tree.identity(c) == identity; })) continue;
    for (const Element& c : a->children)
      for (const Element* e : tree.about(c))
        if (std::string found = phone_in(*e); !found.empty()) return found;
  }
  return {};
}

void read_name(const Elements& person, Said& said) {
  const std::string family = text(person, {"PersonSurName"});
  said.say("referral.subject.name.family", family.empty() ? text(person, {"PersonFullName"}) : family);
  said.say("referral.subject.name.given", text(person, {"PersonGivenName"}));
  said.say("referral.subject.name.middle", text(person, {"PersonMiddleName"}));
  said.say("referral.subject.name.suffix", text(person, {"PersonNameSuffixText"}));
  if (family.empty() && text(person, {"PersonFullName"}).empty()) {
    said.say("referral.subject.unknown", "yes");
    said.say("referral.subject.descriptor", text(person, {"PersonDescriptionText", "PersonPhysicalFeatureDescriptionText"}));
  }
}

void read_age(const Elements& person, Said& said) {
  for (const Element* e : person)
    if (const Element* born = first(*e, {"PersonBirthDate"}); born != nullptr) return said.day("referral.subject.dob", *born);
  for (const Element* e : person) {
    const Element* age = first(*e, {"PersonAgeMeasure", "PersonAgeDescriptionText"});
    if (age == nullptr) continue;
    const std::string low = text(*age, {"RangeMinimumIntegerValue", "RangeMinimumValue"}),
                      high = text(*age, {"RangeMaximumIntegerValue", "RangeMaximumValue"});
    std::string words = own_text(*age, {"MeasureIntegerValue", "MeasurePointValue", "MeasureDecimalValue", "MeasureValueText", "MeasureText"});
    if (words.empty() && !low.empty() && !high.empty()) words = low + "-" + high;
    return said.say("referral.subject.age_band", words);
  }
}

void read_looks(const Elements& person, Said& said) {
  const std::string sex = text(person, {"PersonSexCode", "PersonSexText"});
  if (sex.starts_with('M') || sex.starts_with('m')) said.say("referral.subject.sex", "male");
  if (sex.starts_with('F') || sex.starts_with('f')) said.say("referral.subject.sex", "female");
  if (sex.starts_with('U') || sex.starts_with('u')) said.say("referral.subject.sex", "unknown");
  // Records systems hold what an officer saw, not what the person said.
  if (!text(person, {"PersonRaceCode", "PersonRaceNDExCode", "PersonRaceText"}).empty())
    said.say("referral.subject.race", "observed_by_officer");
  const std::string injury = text(person, {"InjuryCategoryCode", "InjurySeverityCode", "InjuryDescriptionText", "InjurySeverityText"});
  if (!injury.empty()) said.say("referral.injury", injury == "N" || injury == "NONE" || injury == "None" ? "no" : "yes");
}

std::string address_in(const Element& e) {
  std::string street = text(e, {"AddressFullText", "StreetFullText", "AddressDeliveryPointText"});
  if (street.empty())
    for (const std::string_view part :
         {"StreetNumberText", "StreetPredirectionalText", "StreetName", "StreetCategoryText", "StreetPostdirectionalText"})
      if (const std::string found = text(e, {part}); !found.empty()) street += (street.empty() ? "" : " ") + found;
  std::string out = street;
  for (const std::string& more : {text(e, {"LocationCityName", "AddressCityName"}),
                                  text(e, {"LocationStateUSPostalServiceCode", "LocationStateName", "AddressState"}),
                                  text(e, {"LocationPostalCode", "AddressPostalCode"})})
    if (!more.empty()) out += (out.empty() ? "" : ", ") + more;
  return out.empty() ? text(e, {"LocationDescriptionText", "LocationName"}) : out;
}

// Of all the places with an address in them: each text once.
std::set<std::string> addresses(const Tree& tree, const Elements& places) {
  std::set<std::string> out;
  for (const Element* place : places)
    for (const Element* e : tree.about(*place))
      if (std::string found = address_in(*e); !found.empty()) out.insert(std::move(found));
  return out;
}

Elements associated(const Tree& tree, const Element& container, const Element& incident) {
  Elements out;
  const std::string id = tree.identity(incident);
  for (const Element* a : all(container, {"ActivityLocationAssociation", "IncidentLocationAssociation"})) {
    if (std::ranges::none_of(a->children, [&](const Element& c) { return tree.identity(c) == id; })) continue;
    for (const Element& c : a->children)
      if (c.name.starts_with("Location")) out.push_back(&c);
  }
  return out;
}

}  // namespace

void read_place(const Tree& tree, const Element& container, const Element& incident, Said& said) {
  std::set<std::string> found = addresses(tree, all(incident, {"IncidentLocation", "ActivityLocation", "Location"}));
  if (found.empty()) found = addresses(tree, associated(tree, container, incident));
  Elements places;
  for (const Element& c : container.children)
    if (c.name == "Location" || c.name == "IncidentLocation" || c.name == "EntityLocation") places.push_back(&c);
  if (found.empty()) found = addresses(tree, places);
  if (found.size() > 1)
    return said.warn("several places, and none is said to be the incident's", "referral.location_now", "give one in the mapping");
  if (!found.empty()) said.say("referral.location_now", *found.begin());
}

void read_person(const Tree& tree, const Element& container, Said& said) {
  std::map<std::string, const Element*> subjects;
  for (const Element* role : all(container, {"Subject", "IncidentSubject"})) subjects.emplace(tree.identity(*role), role);
  if (subjects.size() != 1)
    return said.warn(subjects.empty() ? "nobody is the subject of the incident"
                                      : "the incident has " + std::to_string(subjects.size()) + " subjects, and a referral has one",
                     "referral.subject", "export a report for each person who is referred");
  const auto& [identity, role] = *subjects.begin();
  const Elements person = tree.about(*role);
  read_name(person, said);
  read_age(person, said);
  read_looks(person, said);
  said.say("referral.subject.phone", phone_of(tree, container, person, identity));
}

}  // namespace adapters::formats::niem
