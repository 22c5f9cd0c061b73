#include "schemas/policy/view.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "schemas/model_fields.h"

namespace schemas::policy {
namespace {

// Names of policies that are not the model's own: the alias stands for the path and for all below it.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"handoff", "handoff_report"},  {"status_at", "status_update.at"},        {"decline_class", "status_update.reason_class"},
    {"reason", "referral.reasons"}, {"callback", "referral.requester.phone"},
};
// Of the fields beside the payload: what the sealing agent writes, and what each reader needs to handle the content rightly.
constexpr std::string_view kStays[] = {
    "seen", "parent_thread", "episode",     "accompanies", "authority_basis", "labels",          "forwards",
    "view", "rules",         "policy_hash", "notice",      "consent_copy",    "entered_at",      "referral.labels", "referral.authority_basis"};
// Fields beside the payload that people name in policies, in `required` or in views.
constexpr std::string_view kNamed[] = {"authority_basis", "consent_ref", "labels", "court_order", "good_faith", "emergency"};

bool one_of(std::span<const std::string_view> list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
concept Struct = requires(T t) { fields(Tag<T>{}, [](unsigned, const char*, auto) {}); };
template <class T>
inline constexpr bool kList = false;
template <Struct T>
inline constexpr bool kList<std::vector<T>> = true;

std::string below(const std::string& path, const char* name) { return path.empty() ? name : path + "." + name; }

// f(path, value, default) for everything that has no fields of its own, in order; elements of a list have the list's path.
template <class T, class F>
void each_leaf(T& value, const std::remove_const_t<T>& plain, const std::string& path, F&& f) {
  using Plain = std::remove_const_t<T>;
  if constexpr (kList<Plain>) {
    const typename Plain::value_type empty{};
    for (auto& e : value) each_leaf(e, empty, path, f);
  } else if constexpr (Struct<Plain>) {
    fields(Tag<Plain>{}, [&](unsigned, const char* name, auto member) { each_leaf(value.*member, plain.*member, below(path, name), f); });
  } else {
    f(path, value, plain);
  }
}

template <class T>
void add_paths(std::vector<std::string>& out, const std::string& path) {
  out.push_back(path);
  if constexpr (kList<T>)
    fields(Tag<typename T::value_type>{},
           [&]<class C, class M>(unsigned, const char* name, M C::*) { add_paths<M>(out, below(path, name)); });
  else if constexpr (Struct<T>)
    fields(Tag<T>{}, [&]<class C, class M>(unsigned, const char* name, M C::*) { add_paths<M>(out, below(path, name)); });
}

std::vector<std::string> made_paths() {
  std::vector<std::string> out;
  fields(Tag<Body>{}, [&]<class M>(unsigned, const char* name, M Body::*) {
    if (one_of(kNamed, name)) add_paths<M>(out, name);
  });
  each_payload([&]<class T>(Tag<T>) { add_paths<T>(out, PayloadName<T>::kKey); });
  return out;
}

const std::vector<std::string>& paths() {
  static const auto all = made_paths();
  return all;
}

// Every name that policies may use, with the paths it stands for: itself; an alias; below any payload ("urgency").
using Index = std::unordered_map<std::string, std::vector<std::string>>;
Index made_index() {
  Index out;
  for (const auto& p : paths())
    for (const auto& [alias, path] : kAliases)
      if (p == path || p.starts_with(std::string(path) + ".")) out[std::string(alias) + p.substr(path.size())].push_back(p);
  for (const auto& p : paths()) out[p].push_back(p);
  each_payload([&]<class T>(Tag<T>) {
    const std::string prefix = PayloadName<T>::kKey + std::string(".");
    for (const auto& p : paths())
      if (p.starts_with(prefix)) {
        auto& all = out[p.substr(prefix.size())];
        if (std::ranges::find(all, p) == all.end()) all.push_back(p);
      }
  });
  return out;
}
const Index& index() {
  static const auto all = made_index();
  return all;
}

const std::vector<std::string>& stands_for(std::string_view name) {
  static const std::vector<std::string> none;
  const auto it = index().find(std::string(name));
  return it == index().end() ? none : it->second;
}

// A list of names as a policy writes it, made ready for asking.
class Names {
 public:
  explicit Names(const std::vector<std::string>& names) {
    for (const auto& n : names) {
      if (n == "*") star_ = true;
      if (n.starts_with("custom.")) custom_.push_back(n);
      for (const auto& p : stands_for(n)) {
        paths_.insert(p);
        for (auto dot = p.rfind('.'); dot != p.npos; dot = p.rfind('.', dot - 1)) above_.insert(p.substr(0, dot));
      }
    }
  }
  [[nodiscard]] bool star() const { return star_; }
  [[nodiscard]] bool only_custom() const { return !star_ && paths_.empty(); }
  [[nodiscard]] bool something_below(const std::string& path) const { return star_ || above_.contains(path); }
  [[nodiscard]] bool names(const std::string& path) const {  // it, or something above it
    if (star_ || paths_.contains(path)) return true;
    for (auto dot = path.rfind('.'); dot != path.npos && dot != 0; dot = path.rfind('.', dot - 1))
      if (paths_.contains(path.substr(0, dot))) return true;
    return std::ranges::any_of(
        custom_, [&](const std::string& c) { return c.ends_with('*') ? path.starts_with(c.substr(0, c.size() - 1)) : path == c; });
  }

 private:
  bool star_ = false;
  std::unordered_set<std::string> paths_, above_;
  std::vector<std::string> custom_;
};

class Cutter {
 public:
  explicit Cutter(const View& view) : fields_(view.fields), except_(view.except) {}

  // Removes what is not allowed from everything below `path`.
  template <class T>
  void cut(T& value, const T& plain, const std::string& path) {
    if constexpr (kList<T>) {
      // A list of which nothing may be seen does not say how long it was.
      if (!value.empty() && !allows(path) && !fields_.something_below(path)) {
        withheld_.insert(path);
        value.clear();
      }
      const typename T::value_type empty{};
      for (auto& e : value) cut(e, empty, path);
    } else if constexpr (Struct<T>) {
      fields(Tag<T>{}, [&](unsigned, const char* name, auto member) { cut(value.*member, plain.*member, below(path, name)); });
    } else if (value != plain && !allows(path)) {
      withheld_.insert(path);
      value = plain;
    }
  }

  void cut_beside(Body& body) {
    const Body plain;
    fields(Tag<Body>{}, [&](unsigned, const char* name, auto member) {
      if constexpr (!std::is_same_v<decltype(member), Source Body::*> && !std::is_same_v<decltype(member), std::vector<Absent> Body::*> &&
                    !std::is_same_v<decltype(member), std::map<std::string, std::string> Body::*>)
        if (!one_of(kStays, name)) cut(body.*member, plain.*member, name);
    });
    body.source = {};
    std::erase_if(body.custom, [&](const auto& c) { return withholds("custom." + c.first); });
  }

  // What a reader may not have, it may not know to be absent either.
  void cut_absent(Body& body, const std::string& key) {
    std::erase_if(body.absent, [&](const Absent& a) {
      std::string field;
      for (std::size_t i = 0, depth = 0; i < a.field.size(); ++i) {
        if (a.field[i] == '[') ++depth;
        if (depth == 0) field += a.field[i];
        if (a.field[i] == ']' && depth != 0) --depth;
      }
      const bool whole = field.starts_with("custom.") || field.starts_with(key + ".");
      return !allows(whole ? field : key + "." + field);
    });
  }

  void cut_opaque(Opaque& opaque) {
    if (opaque.bytes.empty() || (fields_.star() && except_.only_custom())) return;
    withheld_.insert("opaque");
    opaque.bytes.clear();
  }

  [[nodiscard]] std::vector<std::string> withheld() const { return {withheld_.begin(), withheld_.end()}; }

 private:
  [[nodiscard]] bool allows(const std::string& path) const { return one_of(kStays, path) || (fields_.names(path) && !except_.names(path)); }
  bool withholds(const std::string& path) {
    if (allows(path)) return false;
    withheld_.insert(path);
    return true;
  }

  Names fields_, except_;
  std::set<std::string> withheld_;
};

template <class F>
void each_value(const Body& body, F&& f) {
  const auto leaf = [&]<class V>(const std::string& path, const V& value, const V& plain) {
    if (value != plain) f(path);
  };
  fields(Tag<Body>{}, [&](unsigned, const char* name, auto member) {
    if (one_of(kNamed, name)) each_leaf(body.*member, Body{}.*member, name, leaf);
  });
  for (const auto& [key, value] : body.custom)
    if (!value.empty()) f("custom." + key);
  std::visit(
      [&]<class T>(const T& p) {
        if constexpr (!std::is_same_v<T, Opaque>) each_leaf(p, T{}, PayloadName<T>::kKey, leaf);
      },
      body.payload);
}

}  // namespace

Cut apply(const View& view, const Body& body) {
  Cut out{body, {}};
  Cutter cutter(view);
  std::visit(
      [&]<class T>(T& p) {
        if constexpr (std::is_same_v<T, Opaque>) {
          cutter.cut_opaque(p);
          cutter.cut_absent(out.body, "opaque");
        } else {
          cutter.cut(p, T{}, PayloadName<T>::kKey);
          cutter.cut_absent(out.body, PayloadName<T>::kKey);
        }
      },
      out.body.payload);
  cutter.cut_beside(out.body);
  out.withheld = cutter.withheld();
  return out;
}

Cut apply(const Policy& policy, std::string_view view_id, const Body& body) {
  static const View everything{"*", {"*"}, {}, 0}, nothing;
  if (view_id == "*") return apply(everything, body);
  const View* view = policy.view(view_id);
  return apply(view == nullptr ? nothing : *view, body);
}

std::vector<std::string> all_paths() { return paths(); }

std::string full_path(std::string_view name) {
  if (name.starts_with("custom.") && name.size() > 7) return std::string(name);
  const auto& all = stands_for(name);
  return all.empty() ? "" : all.front();
}

bool has_value(const Body& body, std::string_view path) {
  const Names wanted({std::string(path)});
  bool found = false;
  each_value(body, [&](const std::string& p) { found = found || wanted.names(p); });
  return found;
}

}  // namespace schemas::policy
