// ePatient, and the next of kin of ePayment. Not read: ePatient.12 (social security number), .20 and .21 (driver's licence).
#include "adapters/formats/nemsis/codes.h"
#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

void map_sex(Record& r, schemas::Subject& s) {
  const std::string sex = r.value("ePatient.25", "subject.sex"), gender = r.value("ePatient.13", "subject.gender");
  if (sex == "9919001" || gender == "9906001") s.sex = "female";
  if (sex == "9919003" || gender == "9906003") s.sex = "male";
  if (s.sex.empty() && (sex == "9919005" || gender == "9906005")) s.sex = "unknown";
  if (gender == "9906007") s.gender = "transgender male";
  if (gender == "9906009") s.gender = "transgender female";
  if (gender == "9906011") s.gender = "other";
}

void map_age(Record& r, schemas::Subject& s) {
  s.dob = r.value("ePatient.17", "subject.dob");
  const std::string age = r.value("ePatient.15", "subject.age_band"), unit = r.value("ePatient.16", "subject.age_band");
  if (age.empty()) return;
  if (unit == "2516009" || unit.empty()) s.age_band = age;
  if (unit == "2516007") s.age_band = age + " months";
  if (unit == "2516001") s.age_band = age + " days";
  if (unit == "2516003" || unit == "2516005") s.age_band = "newborn";
}

void map_address(Record& r, schemas::Subject& s) {
  for (const Element* e : r.values("ePatient.05", "subject.address")) {
    if (!s.address.line.empty()) continue;
    s.address.line = e->text;
    if (const auto second = e->attribute("StreetAddress2"); !second.empty()) s.address.line += ", " + std::string(second);
  }
  // NEMSIS names cities by their number in the federal gazetteer (GNIS).
  if (const std::string city = r.value("ePatient.06", "subject.address"); !city.empty()) s.address.city = "GNIS " + city;
  s.address.state = state_of(r.value("ePatient.08", "subject.address"));
  s.address.postal = r.value("ePatient.09", "subject.address");
  s.address.country = r.value("ePatient.10", "subject.address");
  if (r.value("ePatient.22", "housing") == "2522001") r.out().referral.housing = "homeless";
}

void map_relative(Record& r, schemas::Subject& s) {
  for (const Element* group : r.all("ePayment.ClosestRelativeGroup")) {
    schemas::Contact c;
    c.name = {.family = r.value(*group, "ePayment.23", "subject.contacts"),
              .given = r.value(*group, "ePayment.24", "subject.contacts"),
              .middle = {},
              .suffix = {}};
    c.phone = r.value(*group, "ePayment.31", "subject.contacts");
    c.role = "closest relative";
    if (!c.name.family.empty() || !c.name.given.empty()) s.contacts.push_back(std::move(c));
  }
}

}  // namespace

void map_person(Record& r) {
  schemas::Subject& s = r.out().referral.subject;
  s.name = {.family = r.value("ePatient.02", "subject.name"),
            .given = r.value("ePatient.03", "subject.name"),
            .middle = r.value("ePatient.04", "subject.name"),
            .suffix = r.value("ePatient.23", "subject.name")};
  map_sex(r, s);
  map_age(r, s);
  if (s.name.family.empty() && s.name.given.empty()) {
    s.unknown = true;
    s.descriptor = "Name not known to EMS" + (s.age_band.empty() ? "" : ", age " + s.age_band) + (s.sex.empty() ? "" : ", " + s.sex);
  }
  map_address(r, s);
  map_relative(r, s);
  for (const Element* e : r.values("ePatient.14", "subject.race")) s.race += (s.race.empty() ? "" : ", ") + words(e->text);
  s.phone = r.value("ePatient.18", "subject.phone");
  s.language = r.value("ePatient.24", "subject.language");
  if (const std::string id = r.value("ePatient.01", "subject.ids"); !id.empty()) s.ids.push_back({"EMS patient id", id});
  // A patient number that the hospital or another registry gave (eOutcome.04) joins the record to theirs.
  for (const Element* group : r.all("eOutcome.ExternalDataGroup")) {
    const std::string type = r.value(*group, "eOutcome.03", "subject.ids"), number = r.value(*group, "eOutcome.04", "subject.ids");
    if (number.empty()) continue;
    if (type == "4303005" || type == "4303017") s.ids.push_back({"hospital", number});
    if (type == "4303009") r.out().custom["nemsis.eOutcome.04.4303009"] = number;  // the police's report
  }
}

}  // namespace adapters::formats::nemsis
