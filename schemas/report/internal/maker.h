// Maker: builds the tables of a Draft row by row, and registers what they count, and the sums that follow, as it goes.
#pragma once

#include <functional>
#include <set>

#include "schemas/report/measures.h"

namespace schemas::report {

using Where = std::map<std::string, std::string>;
using Facts = std::vector<const LoopFact*>;
using Is = std::function<bool(const LoopFact&)>;
// What a time measure is of a loop, in minutes; nullopt: it has none.
using Minutes = std::function<std::optional<double>(const LoopFact&)>;

class Maker;

// One row in the making: the loops of one value of a dimension, or all of them.
class Scope {
 public:
  Scope(Maker& maker, Where where, Span span, Facts facts) : maker_(maker), where_(std::move(where)), span_(span), facts_(std::move(facts)) {}
  // Registers and prints.
  Figure count(const std::string& what, const Is& is);
  Figure part(const std::string& what, const std::string& whole, const Is& is);         // also what of `whole` is not so
  Figure percent(const std::string& what, const std::string& whole);                     // both counted before
  Figure measure(const std::string& behind, const Minutes& of, double quantile);         // over the loops counted as `behind`
  // total = parts, all counted before under these names.
  void sum(const std::string& total, const std::vector<std::string>& parts);
  [[nodiscard]] std::uint64_t n(const std::string& what) const;
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const std::set<std::string>& counted() const { return counted_; }

 private:
  friend class Maker;
  CellId id(const std::string& what) const;
  void put(const std::string& what, std::uint64_t n, bool printed);
  Maker& maker_;
  Where where_;
  Span span_;
  Facts facts_;
  std::set<std::string> counted_;
};
using RowOf = std::function<std::vector<Figure>(Scope&)>;

class Maker {
 public:
  Maker(const Input& input, const Period& period, Draft& out) : input_(input), period_(period), out_(out) {}
  // A table with a row for each value of `by` ("" only the line for all) over the loops that `belongs` picks, and a line for all.
  void table(Table words, const std::string& by, const Is& belongs, const RowOf& row);
  void missing(const std::string& whole, const Is& is) { missing_ = {whole, is}; }  // of the next table: counted as `whole`, and lacking it
  [[nodiscard]] const Input& input() const { return input_; }

 private:
  friend class Scope;
  struct Value {
    std::string value, label;
    Span span;
  };
  std::vector<Value> values(const std::string& by) const;
  Facts in(const Span& span, const Is& belongs) const;
  const Input& input_;
  const Period& period_;
  Draft& out_;
  std::string table_;  // id of the one in the making
  bool total_ = false;
  std::pair<std::string, Is> missing_;
};

std::string key_of(const std::string& what, const Where& where);
double quantile(std::vector<double> values, double q);  // nearest rank; not a number: there are none

}  // namespace schemas::report
