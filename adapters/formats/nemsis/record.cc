#include "adapters/formats/nemsis/record.h"

#include <algorithm>

#include "crypto/base/instant.h"

namespace adapters::formats::nemsis {
namespace {

void collect(const Element& e, std::string_view number, std::vector<const Element*>& out) {
  for (const Element& c : e.children) {
    if (c.name == number) out.push_back(&c);
    collect(c, number, out);
  }
}

}  // namespace

std::vector<std::string> Record::unread() const {
  const auto is_value = [](const Element* e) { return e->children.empty() && !e->text.empty() && absence(*e).empty(); };
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& [name, n] : named_) {
    if (!n.asked && std::ranges::any_of(n.elements, is_value)) found.emplace_back(n.order, name);
  }
  std::ranges::sort(found);
  std::vector<std::string> out;
  for (auto& [order, name] : found) out.push_back(std::move(name));
  return out;
}

std::string absence(const Element& e) {
  const std::string_view pn = e.attribute("PN"), nv = e.attribute("NV");
  if (!pn.empty() && pn != "8801029") return "pn:" + std::string(pn);
  if (!nv.empty()) return "nv:" + std::string(nv);
  return e.nil ? "nil" : "";
}

void Record::index(const Element& e) {
  for (const Element& c : e.children) {
    auto [at, fresh] = named_.try_emplace(c.name);
    if (fresh) at->second.order = named_.size();
    at->second.elements.push_back(&c);
    index(c);
  }
}

std::vector<const Element*> Record::all(std::string_view number) const {
  const auto it = named_.find(number);
  if (it == named_.end()) return {};
  it->second.asked = true;
  return it->second.elements;
}

std::vector<const Element*> Record::all(const Element& group, std::string_view number) const {
  if (&group == &report_) return all(number);
  const auto it = named_.find(number);
  if (it == named_.end()) return {};
  it->second.asked = true;
  std::vector<const Element*> out;
  collect(group, number, out);
  return out;
}

bool Record::said(std::string_view number) const {
  const auto found = all(number);
  return std::any_of(found.begin(), found.end(), [](const Element* e) { return absence(*e).empty() && !e->text.empty(); });
}

void Record::note(std::string_view path, std::string reason) {
  for (const schemas::Absent& a : out_.absent) {
    if (a.field == path && a.reason == reason) return;
  }
  out_.absent.push_back({std::string(path), std::move(reason)});
}

std::vector<const Element*> Record::values(const Element& group, std::string_view number, std::string_view path) {
  std::vector<const Element*> out;
  for (const Element* e : all(group, number)) {
    if (std::string why = absence(*e); !why.empty()) {
      note(path, std::move(why));
    } else if (!e->text.empty()) {
      out.push_back(e);
    }
  }
  return out;
}

std::string Record::value(const Element& group, std::string_view number, std::string_view path) {
  const auto found = values(group, number, path);
  return std::string(found.empty() ? "" : found.front()->text);
}

std::string Record::time(const Element& group, std::string_view number, std::string_view path) {
  const auto found = values(group, number, path);
  if (found.empty()) return {};
  if (!base::parse_rfc3339(found.front()->text)) {
    fault(number, "not a date with time and offset", "write it as 2026-10-05T14:58:00-06:00", found.front());
    return {};
  }
  return std::string(found.front()->text);
}

std::string Record::place(std::string_view number, const Element* e) const {
  return file_ + ":" + std::to_string((e == nullptr ? report_ : *e).line) + ": " + std::string(number);
}

void Record::fault(std::string_view number, std::string what, std::string mend, const Element* e) {
  if (!fault_) fault_ = base::Error{base::Kind::kMalformed, std::move(what), place(number, e), std::move(mend)};
}

}  // namespace adapters::formats::nemsis
