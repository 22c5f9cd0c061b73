// One PatientCareReport, looked at by element number. Notes what was left out on purpose while values are asked for.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/formats/xml/xml.h"

namespace adapters::formats::nemsis {

using xml::Element;

// "pn:8801019", "nv:7701003" or "nil" for what is no value; "" for a value. 8801029, approximate, is one.
std::string absence(const Element& e);

class Record {
 public:
  Record(const Element& report, std::string file, Report& out) : report_(report), file_(std::move(file)), out_(out) { index(report); }

  // In the order of the document, at any depth.
  [[nodiscard]] std::vector<const Element*> all(std::string_view number) const;
  [[nodiscard]] std::vector<const Element*> all(const Element& group, std::string_view number) const;
  [[nodiscard]] bool said(std::string_view number) const;                                   // there is a value
  [[nodiscard]] bool named(std::string_view number) const { return !all(number).empty(); }  // a value, or an explicit nothing

  // The first value; each explicit nothing is noted as absent under `path`. "" if there is no value.
  std::string value(std::string_view number, std::string_view path) { return value(report_, number, path); }
  std::string value(const Element& group, std::string_view number, std::string_view path);
  std::vector<const Element*> values(const Element& group, std::string_view number, std::string_view path);
  std::vector<const Element*> values(std::string_view number, std::string_view path) { return values(report_, number, path); }
  // The first value if it is a date with time and offset; otherwise a fault.
  std::string time(std::string_view number, std::string_view path) { return time(report_, number, path); }
  std::string time(const Element& group, std::string_view number, std::string_view path);

  [[nodiscard]] std::string place(std::string_view number, const Element* e = nullptr) const;
  void fault(std::string_view number, std::string what, std::string mend, const Element* e = nullptr);  // the first one counts
  [[nodiscard]] const std::optional<base::Error>& first_fault() const { return fault_; }

  [[nodiscard]] const Element& report() const { return report_; }
  // What has a value and was never asked for, in the order in which it first stands in the document.
  [[nodiscard]] std::vector<std::string> unread() const;
  Report& out() { return out_; }

 private:
  void note(std::string_view path, std::string reason);
  void index(const Element& e);

  const Element& report_;
  std::string file_;
  Report& out_;
  std::optional<base::Error> fault_;
  struct Named {
    std::vector<const Element*> elements;  // in the order of the document
    std::size_t order = 0;                 // of this name among names
    bool asked = false;
  };
  mutable std::unordered_map<std::string_view, Named> named_;  // all that the report has
};

// Each is one part of the table.
void map_person(Record& r);
void map_situation(Record& r);
void map_care(Record& r);
void map_outcome(Record& r);
// Faults for what is missing; after the maps.
void check_required(Record& r, const Options& options);

}  // namespace adapters::formats::nemsis
