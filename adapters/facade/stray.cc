#include "adapters/facade/stray.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/facade/desk.h"

namespace adapters::facade {
namespace {

using base::Error;
using base::Kind;
using schemas::Json;

// Who and where: a message of any kind may bring them, to say whom it means.
constexpr std::array kPeople = {"Patient", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Location"};
// Read only where something refers to them.
constexpr std::array kBehind = {"Binary", "Medication", "HealthcareService", "Device"};
constexpr std::string_view kNothing = "; nothing of this Bundle was sent";
constexpr std::size_t kMaxEntries = 1000;
constexpr std::array kOnce = {"Patient", "Consent"};  // a message is about one person, a referral rests on one consent

template <class List>
bool in(const List& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

std::string text_at(const Json& j, const char* key) {
  const auto it = j.is_object() ? j.find(key) : j.end();
  return j.is_object() && it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// "https://emr.example/fhir/Patient/7/_history/1" -> "Patient/7"; "" if it has no two parts
std::string tail(const std::string& url) {
  const std::string whole = url.substr(0, url.find("/_history/"));
  const auto id = whole.rfind('/');
  if (id == std::string::npos || id == 0) return {};
  const auto type = whole.rfind('/', id - 1);
  return type == std::string::npos ? whole : whole.substr(type + 1);
}

struct Entry {
  const Json* json = nullptr;      // its resource
  std::string type;
  bool main = false;
};

class Stray {
 public:
  Stray(const Json& bundle, const formats::fhir::Read& read) : kind_(read.kind), is_message_(text_at(bundle, "type") == "message") {
    for (const Json& e : bundle["entry"]) {
      const std::size_t n = entries_.size();
      Entry one;
      if (e.is_object() && e.contains("resource") && e["resource"].is_object()) one.json = &e["resource"], one.type = text_at(*one.json, "resourceType");
      for (const std::string& m : read.main) {
        if (m != place(n) && !m.starts_with(place(n) + ".")) continue;
        one.main = true;
        if (m == read.main.front()) main_ = one;
      }
      if (const std::string url = text_at(e, "fullUrl"); !url.empty()) named_.emplace(url, n), named_.emplace(tail(url), n);
      if (one.json != nullptr) named_.emplace(one.type + "/" + text_at(*one.json, "id"), n);
      entries_.push_back(std::move(one));
    }
    for (const Entry& e : entries_) {
      if (e.json != nullptr) mentions(*e.json, mentioned_);
    }
  }

  std::optional<Error> find() {
    if (main_.json == nullptr) return std::nullopt;
    if (main_.type == "Communication" && main_.json->contains("payload")) reach((*main_.json)["payload"]);
    if (main_.type == "Task" && kind_ == "StatusUpdate") question();
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& e = entries_[i];
      if (e.json == nullptr) return Error{Kind::kMalformed, "an entry without a resource", "Bundle.entry[" + std::to_string(i) + "]", "leave it out"};
      if (in(kOnce, e.type) && !seen.insert(e.type).second)
        return Error{Kind::kUnsupported, "a second " + e.type + " would not be sent: a message has one", place(i), "send what belongs to it by itself" + std::string(kNothing)};
      if (!e.main && !(is_message_ && i == 0 && e.type == "MessageHeader") && !travels(i)) return lost(i);
    }
    return std::nullopt;
  }

 private:
  static std::string place(std::size_t i) { return "Bundle.entry[" + std::to_string(i) + "].resource"; }

  // Entries that something in there refers to.
  void mentions(const Json& j, std::set<std::size_t>& out) const {
    for (const char* key : {"reference", "url"}) {
      const std::string target = text_at(j, key);
      if (target.empty()) continue;
      for (const std::string& name : {target, tail(target)}) {
        if (const auto it = named_.find(name); it != named_.end()) out.insert(it->second);
      }
    }
    if (j.is_structured()) {
      for (const Json& inner : j) mentions(inner, out);
    }
  }
  // Those, and what they refer to, travel with the main one.
  void reach(const Json& from) {
    std::set<std::size_t> open;
    mentions(from, open);
    while (!open.empty()) {
      const std::size_t i = *open.begin();
      open.erase(open.begin());
      if (along_.insert(i).second && entries_[i].json != nullptr) mentions(*entries_[i].json, open);
    }
  }
  // An answer may bring along the request that it answers, as the answering side was given it: that request and its parts.
  void question() {
    std::set<std::size_t> asked;
    for (const char* key : {"focus", "basedOn"}) {
      if (main_.json->contains(key)) mentions((*main_.json)[key], asked);
    }
    for (const std::size_t i : asked) {
      if (entries_[i].type != "ServiceRequest") continue;
      along_.insert(i);
      reach(*entries_[i].json);
    }
  }

  [[nodiscard]] bool travels(std::size_t i) const {
    const std::string& type = entries_[i].type;
    if (in(kPeople, type)) return true;
    if (in(kBehind, type)) return mentioned_.contains(i);
    if (kind_ == "Referral") return waits(type) || type == "DocumentReference" || type == "Consent";
    if (main_.type == "Communication") return type == "DocumentReference" && along_.contains(i);
    if (main_.type == "Task") return along_.contains(i) && (waits(type) || type == "ServiceRequest" || type == "DocumentReference" || type == "Consent");
    return false;
  }
  [[nodiscard]] Error lost(std::size_t i) const {
    const std::string& type = entries_[i].type;
    if (carried(type))
      return {Kind::kUnsupported, "a Bundle is one message: beside this " + main_.type + " a " + type + " would not be sent", place(i),
              "send it by itself, or each as an entry of a batch" + std::string(kNothing)};
    if (waits(type)) return {Kind::kUnsupported, "a " + type + " does not travel with a " + main_.type, place(i), "say it in words, or send it with a request" + std::string(kNothing)};
    if (in(kBehind, type)) return {Kind::kUnsupported, "nothing here refers to it, so it would not be sent", place(i), "refer to it, or leave it out" + std::string(kNothing)};
    return {Kind::kUnsupported, "this exchange does not carry a resource of this type", place(i), "leave it out, or say in a note what of it matters" + std::string(kNothing)};
  }

  std::string kind_;
  bool is_message_;
  std::vector<Entry> entries_;
  Entry main_;
  std::map<std::string, std::size_t> named_;        // full URL, Type/id
  std::set<std::size_t> mentioned_, along_;         // referred to by anything; brought along by the main one
};

}  // namespace

std::optional<Error> stray(const Json& bundle, const formats::fhir::Read& read) {
  if (read.main.empty() || !bundle.contains("entry") || !bundle["entry"].is_array()) return std::nullopt;
  if (bundle["entry"].size() > kMaxEntries) return Error{Kind::kTooLarge, "more than " + std::to_string(kMaxEntries) + " entries", "Bundle.entry", "send fewer in one Bundle"};
  return Stray(bundle, read).find();
}

}  // namespace adapters::facade
