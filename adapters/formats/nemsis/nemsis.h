// NEMSIS 3.4 and 3.5: an EMSDataSet document as values of the canonical model, one Report a PatientCareReport (domain brief 3.3).
// Source: NEMSIS Data Standard 3.5.1 (NHTSA). This is no schema validator: what the canonical model needs is asked for (required.cc), the
// rest is left where it is. Pure; thread-safe.
//
// What is nil, or stands with a Pertinent Negative, is never a value: it becomes an Absent "nv:7701003" or "pn:8801019" under the field's
// canonical name, or a refusal. Social security and driver's licence numbers (ePatient.12, .20, .21) are never read.
// Errors: kMalformed, kUnsupported, kTooLarge; `where` is "FILE:LINE: ELEMENT". They never quote contents.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::formats::nemsis {

struct Options {
  bool all = true;     // false: only reports of a mental-health crisis are wanted; of others nothing is required
  bool refer = false;  // those that are wanted will become referrals, and so need what a referral needs
};

struct Report {
  std::string id;                               // its UUID; eRecord.01 in 3.4, which has none
  std::string number, incident, response, cad;  // eRecord.01, eResponse.03, eResponse.04, eDispatch.06
  std::string place;                            // "FILE:LINE: PatientCareReport"
  bool behavioral = false;                      // a mental-health crisis, by dispatch reason, organ system, symptom or impression
  bool wanted = false;
  schemas::Referral referral;      // the person and the care; without service, callback and basis, which are the agency's settings
  schemas::HandoffReport handoff;  // phase "offer" where care passed to somebody else (eTimes.12, eScene.25); otherwise empty
  schemas::EncounterNotification encounter;  // event "arrived" or "transferred"; otherwise empty
  std::string narrative;                     // eNarrative.01
  std::vector<std::string> receivers;        // what the report calls the one who took over, most telling first: names and codes
  std::vector<schemas::Absent> absent;
  std::map<std::string, std::string> custom;  // "nemsis.ID" of eCustomResults (and "nemsis.ID.title", as eCustomConfiguration has it) and of numbers that the model has no field for
};

// One report with what stands against it, for those who look without taking.
struct Examined {
  Report report;
  std::optional<base::Error> fault;     // the first; the rest of the report is mapped all the same
  std::vector<std::string> unmapped;    // elements with a value that nothing reads, by number, each once
};
// Every report; an error: the document is none of ours.
base::Result<std::vector<Examined>> examine(std::string_view bytes, const std::string& file, const Options& options = {});

// Every report of the document, or the first error: half a file is never taken. `file` is for errors.
base::Result<std::vector<Report>> read(std::string_view bytes, const std::string& file, const Options& options = {});

}  // namespace adapters::formats::nemsis
