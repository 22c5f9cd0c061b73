#include "adapters/formats/nemsis/codes.h"

#include <algorithm>
#include <array>

namespace adapters::formats::nemsis {
namespace {

struct Row {
  std::string_view code, words;
};

constexpr Row kWords[] = {
    {"2205031", "Mobile integrated health care encounter"},
    {"2205033", "Evaluation for special referral or intake"},
    {"2301007", "Assault"},
    {"2301053", "Overdose, poisoning or ingestion"},
    {"2301059", "Psychiatric problem, abnormal behavior or suicide attempt"},
    {"2301061", "Sick person"},
    {"2301075", "Well person check"},
    {"2301077", "Unconscious or fainting"},
    {"2301079", "Unknown problem, person down"},
    {"2301085", "Altered mental status"},
    {"2301097", "Requested by law enforcement"},
    {"2514001", "American Indian or Alaska Native"},
    {"2514003", "Asian"},
    {"2514005", "Black or African American"},
    {"2514007", "Hispanic or Latino"},
    {"2514009", "Native Hawaiian or Other Pacific Islander"},
    {"2514011", "White"},
    {"2813001", "Critical (Red)"},
    {"2813003", "Emergent (Yellow)"},
    {"2813005", "Lower acuity (Green)"},
    {"2813009", "Non-acute or routine"},
    {"3117001", "Alcohol at the scene"},
    {"3117003", "Drug paraphernalia at the scene"},
    {"3117005", "Says that alcohol was used"},
    {"3117007", "Says that drugs were used"},
    {"3117009", "Positive level known from law enforcement or hospital record"},
    {"3117013", "Exam suggests alcohol or drug use"},
    {"3326001", "Alert"},
    {"3326003", "Verbal"},
    {"3326005", "Painful"},
    {"3326007", "Unresponsive"},
    {"3403003", "Alcohol, blood"},
    {"3403005", "Alcohol, breath"},
    {"3519001", "Combative"},
    {"3519003", "Confused"},
    {"3519005", "Hallucinations"},
    {"3519007", "Normal baseline for patient"},
    {"3519011", "Oriented to person"},
    {"3519013", "Oriented to place"},
    {"3519015", "Oriented to event"},
    {"3519017", "Oriented to time"},
    {"3519021", "Unresponsive"},
    {"3519023", "Agitation"},
    {"3519025", "Somnolent"},
    {"3519027", "Stupor"},
    {"3519029", "Altered mental status"},
    {"3519031", "Developmentally impaired"},
    {"3519033", "Disoriented"},
    {"3519037", "Sedated"},
    {"3519039", "Psychologically impaired"},
    {"3519043", "Emotional shock and stress"},
    {"3519045", "Strange and inexplicable behavior"},
    {"3519047", "Uncooperative"},
    {"3706015", "mcg"},
    {"3706021", "mg"},
    {"3706001", "g"},
    {"3706025", "mL"},
    {"3706035", "L/min"},
    {"3706049", "units"},
    {"4212023", "Refused evaluation or care (with transport)"},
    {"4212025", "Refused evaluation or care (without transport)"},
    {"4212027", "Treated, released against medical advice"},
    {"4212029", "Treated, released by protocol"},
    {"4212031", "Treated, care transferred to another EMS unit"},
    {"4212033", "Treated, transported by this EMS unit"},
    {"4212035", "Treated, transported by law enforcement"},
    {"4219001", "Critical (Red)"},
    {"4219003", "Emergent (Yellow)"},
    {"4219005", "Lower acuity (Green)"},
    {"4219011", "Non-acute or routine"},
    {"4220003", "Diversion"},
    {"4220009", "Law enforcement choice"},
    {"4221003", "Hospital emergency department"},
    {"4221005", "Hospital bed"},
    {"4221019", "Police or jail"},
    {"4221023", "Freestanding emergency department"},
    {"4221031", "Mental health facility"},
    {"4221039", "Drug or alcohol rehabilitation facility"},
    {"4222019", "Hospital, mental health"},
    {"4224003", "Prearrival alert: adult trauma"},
    {"4224005", "Prearrival alert: cardiac arrest"},
    {"4224007", "Prearrival alert: obstetrics"},
    {"4224009", "Prearrival alert: other"},
    {"4224011", "Prearrival alert: pediatric trauma"},
    {"4224013", "Prearrival alert: STEMI"},
    {"4224015", "Prearrival alert: stroke"},
    {"4224017", "Prearrival alert: trauma"},
    {"4224019", "Prearrival alert: sepsis"},
    {"4227001", "Contact with the patient"},
    {"4227003", "Cancelled on scene"},
    {"4227005", "Cancelled before arrival at the scene"},
    {"4227007", "No contact with the patient"},
    {"4227009", "No patient found"},
    {"4227011", "No patient in the incident"},
    {"4228001", "Evaluated, care provided"},
    {"4228003", "Evaluated, refused care"},
    {"4228005", "Evaluated, no care required"},
    {"4228007", "Refused evaluation or care"},
    {"4228009", "Patient support services provided"},
    {"4229001", "Primary care begun and continued"},
    {"4229003", "Primary care begun, transferred to another EMS crew"},
    {"4229005", "Care in support of the primary crew"},
    {"4229007", "Primary care taken over from another EMS crew"},
    {"4229009", "Support of the incident"},
    {"4229011", "Back in service, nothing required"},
    {"4229013", "Back in service, care or support refused"},
    {"4230001", "Transported by this EMS unit"},
    {"4230003", "Transported by this EMS unit"},
    {"4230005", "Transported by another EMS unit"},
    {"4230007", "Transported by another EMS unit"},
    {"4230009", "Patient refused transport"},
    {"4230013", "No transport"},
    {"4231001", "Against medical advice"},
    {"4231003", "Says that an ambulance is not needed"},
    {"4231005", "Released by protocol"},
    {"4231007", "Released to law enforcement"},
    {"4231009", "Will go by other means"},
    {"4231017", "Left without being released (elopement)"},
};

// FIPS 5-2, by number.
constexpr std::string_view kStates =
    "01AL02AK04AZ05AR06CA08CO09CT10DE11DC12FL13GA15HI16ID17IL18IN19IA20KS21KY22LA23ME24MD25MA26MI27MN28MS29MO30MT31NE32NV33NH34NJ35NM36NY37"
    "NC38ND"
    "39OH40OK41OR42PA44RI45SC46SD47TN48TX49UT50VT51VA53WA54WV55WI56WY60AS66GU69MP72PR78VI";

// The first three characters of an ICD-10-CM code within a range.
bool between(std::string_view icd10, std::string_view from, std::string_view to) {
  const std::string_view head = icd10.substr(0, 3);
  return head.size() == 3 && head >= from && head <= to;
}

}  // namespace

std::string words(std::string_view code) {
  const auto* it = std::find_if(std::begin(kWords), std::end(kWords), [&](const Row& r) { return r.code == code; });
  return std::string(it == std::end(kWords) ? code : it->words);
}

std::string state_of(std::string_view fips) {
  for (std::size_t i = 0; i + 4 <= kStates.size(); i += 4) {
    if (kStates.substr(i, 2) == fips) return std::string(kStates.substr(i + 2, 2));
  }
  return std::string(fips);
}

std::string code_system(std::string_view type) {
  if (type == "9924001") return "ICD-10-CM";
  if (type == "9924005") return "SNOMED CT";
  return type == "9924003" ? "RxNorm" : "";
}

std::string_view reason_for(std::string_view c) {
  if (c.starts_with("R45.851")) return "SI";
  if (c.starts_with("R45.850")) return "HI";
  if (c.starts_with("T14.91") || between(c, "X71", "X83")) return "SA";
  if (between(c, "F20", "F29") || c.starts_with("R44")) return "PSYCHOSIS";
  if (between(c, "F30", "F31")) return "MANIA";
  if (between(c, "F40", "F41")) return "ANX";
  if (between(c, "F10", "F19")) return c.find(".23") != c.npos || c.find(".93") != c.npos ? "WITHDRAWAL" : "SUBST";
  if (between(c, "T36", "T50")) return "OVERDOSE";
  if (between(c, "F01", "F03")) return "DEMENTIA";
  return between(c, "F70", "F79") ? "IDD" : "";
}

bool behavioral(std::string_view c) { return !reason_for(c).empty() || c.starts_with("F") || c.starts_with("R45"); }

}  // namespace adapters::formats::nemsis
