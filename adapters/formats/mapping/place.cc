#include "adapters/formats/mapping/place.h"

#include <algorithm>
#include <charconv>

#include "schemas/model_fields.h"
#include "schemas/policy/view.h"

namespace adapters::formats::mapping {
namespace {

using base::Error;
using base::Kind;
using schemas::Tag;
using Steps = std::vector<Step>;
using Custom = std::map<std::string, std::string>;

template <class T>
struct ListOf : std::false_type {};
template <class T>
struct ListOf<std::vector<T>> : std::bool_constant<!std::is_same_v<T, base::Byte>> {};
template <class T>
concept List = ListOf<T>::value;
template <class T>
concept Struct = requires(T t) { fields(Tag<T>{}, [](unsigned, const char*, auto) {}); };
template <class T>
concept Plain = std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_same_v<T, base::Instant> || std::integral<T>;

bool yes_or_no(const std::string& text, bool& out) {
  static constexpr std::string_view kYes[] = {"yes", "true", "y", "1"}, kNo[] = {"no", "false", "n", "0"};
  std::string lower = text;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  out = std::ranges::find(kYes, lower) != std::end(kYes);
  return out || std::ranges::find(kNo, lower) != std::end(kNo);
}

template <Plain T>
base::Status read(const std::string& text, T& out) {
  if constexpr (std::is_same_v<T, std::string>) {
    out = text;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!yes_or_no(text, out)) return base::malformed("expected yes or no", "", "translate the source's words with map");
  } else if constexpr (std::is_same_v<T, base::Instant>) {
    const auto at = base::parse_rfc3339(text);
    if (!at) return base::malformed("expected a date and time with its offset", "", "say with time how the source writes it");
    out = *at;
  } else {
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || stop != end) return base::malformed("expected a whole number in range", "", "correct it at the source");
  }
  return {};
}

std::string below(const std::string& place, const Step& s) {
  return (place.empty() ? "" : place + ".") + s.name + (s.word.empty() ? "" : "[" + s.word + "]");
}

class Putter {
 public:
  Putter(const Steps& steps, const std::string& text, Elements& elements) : steps_(steps), text_(text), elements_(elements) {}

  // `at`: the steps before it have led to `value`.
  template <class T>
  base::Status put(T& value, std::size_t at, const std::string& place) {
    if constexpr (List<T>) {
      return put(element(value, steps_[at - 1].word, place), at, place);
    } else if constexpr (std::is_same_v<T, Custom>) {
      value[steps_[at].name] = text_;
      return {};
    } else if constexpr (Struct<T>) {
      base::Status out;
      fields(Tag<T>{}, [&](unsigned, const char* name, auto member) {
        if (steps_[at].name == name) out = put(value.*member, at + 1, below(place, steps_[at]));
      });
      return out;
    } else if constexpr (Plain<T>) {
      return read(text_, value);
    } else {
      return Error{Kind::kUsage, "not a field that a text can fill"};
    }
  }

 private:
  template <class T>
  T& element(std::vector<T>& list, const std::string& word, const std::string& place) {
    const auto begun = elements_.find(place);
    if (!word.empty() && begun != elements_.end()) return list[begun->second];
    if (!word.empty()) elements_[place] = list.size();
    return list.emplace_back();
  }

  const Steps& steps_;
  const std::string& text_;
  Elements& elements_;
};

// Whether the steps end at one value of T, and what they pass on the way.
template <class T>
bool ends_well(const Steps& steps, std::size_t at, Target& out);

template <class T>
bool ends_inside(const Steps& steps, std::size_t at, Target& out) {
  if constexpr (std::is_same_v<T, Custom>) {
    return at + 1 == steps.size();
  } else if constexpr (Struct<T>) {
    bool good = false;
    if (at == steps.size()) return false;
    fields(Tag<T>{}, [&]<class C, class M>(unsigned, const char* name, M C::*) {
      if (steps[at].name == name) good = ends_well<M>(steps, at + 1, out);
    });
    return good;
  } else {
    return Plain<T> && at == steps.size();
  }
}

template <class T>
bool ends_well(const Steps& steps, std::size_t at, Target& out) {
  const bool one = at > 0 && !steps[at - 1].word.empty();
  if constexpr (List<T>) {
    out.repeats = out.repeats || !one;
    return ends_inside<typename T::value_type>(steps, at, out);
  } else {
    return !one && ends_inside<T>(steps, at, out);
  }
}

// Hands the first list on the way to `use`, with how many steps led to it.
template <class T, class F>
void first_list(T& value, const Steps& steps, std::size_t at, F&& use) {
  if constexpr (List<std::remove_const_t<T>>) {
    use(value, at);
  } else if constexpr (Struct<std::remove_const_t<T>>) {
    if (at < steps.size())
      fields(Tag<std::remove_const_t<T>>{}, [&](unsigned, const char* name, auto member) {
        if (steps[at].name == name) first_list(value.*member, steps, at + 1, use);
      });
  }
}
template <class B, class F>
void first_list_of(B& body, const Target& target, F&& use) {
  std::visit(
      [&](auto& payload) {
        using T = std::remove_cvref_t<decltype(payload)>;
        if constexpr (!std::is_same_v<T, schemas::Opaque>)
          if (target.steps[0].name == schemas::PayloadName<T>::kKey) return first_list(payload, target.steps, 1, use);
        first_list(body, target.steps, 0, use);
      },
      body.payload);
}

base::Result<Steps> steps_of(std::string_view written) {
  const Error wrong{Kind::kUsage, "not a path", std::string(written),
                    "write it like referral.subject.name.family or referral.timeline[arrived].at"};
  Steps out;
  if (written.starts_with("custom.")) return Steps{{"custom", ""}, {std::string(written.substr(7)), ""}};
  for (std::string_view rest = written;;) {
    const auto dot = rest.find('.');
    std::string_view part = rest.substr(0, dot);
    Step step{std::string(part.substr(0, part.find('['))), ""};
    if (const auto open = part.find('['); open != part.npos) {
      if (!part.ends_with(']') || open + 2 >= part.size()) return wrong;
      step.word = part.substr(open + 1, part.size() - open - 2);
    }
    if (step.name.empty()) return wrong;
    out.push_back(std::move(step));
    if (dot == rest.npos) return out;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace

base::Result<schemas::Body> body_of(std::string_view kind) {
  schemas::Body out;
  bool found = false;
  schemas::each_payload([&]<class T>(Tag<T>) {
    if (kind != schemas::PayloadName<T>::kKind) return;
    out.payload = T{};
    found = true;
  });
  if (!found)
    return Error{Kind::kUsage, "no such kind of message", "mapping.kind", "use a kind of the model, such as Referral or CapacityUpdate"};
  return out;
}

base::Result<Target> target_of(std::string_view kind, std::string_view written) {
  TRY_ASSIGN(const schemas::Body body, body_of(kind));
  Target out;
  TRY_ASSIGN(out.steps, steps_of(written));
  for (const Step& s : out.steps) out.path += (out.path.empty() ? "" : ".") + s.name;
  bool good = false;
  std::visit(
      [&]<class T>(const T&) {
        if constexpr (!std::is_same_v<T, schemas::Opaque>)
          if (out.steps[0].name == schemas::PayloadName<T>::kKey) good = ends_well<T>(out.steps, 1, out);
      },
      body.payload);
  // Beside the payload, only what policies may name: the rest is the sealing agent's to write.
  const bool named = out.steps[0].name == "custom" || !schemas::policy::full_path(out.path).empty();
  if (!good && named) good = ends_well<schemas::Body>(out.steps, 0, out);
  if (!good)
    return Error{Kind::kUsage, "no such field in a " + std::string(kind), std::string(written),
                 "the paths are those of docs/guide/mapping.md, down to one value"};
  std::string place;
  for (const Step& s : out.steps) {
    place = below(place, s);
    if (!s.word.empty()) out.element = place;
  }
  return out;
}

base::Status put(schemas::Body& body, const Target& target, const std::string& text, Elements& elements) {
  Putter putter(target.steps, text, elements);
  return std::visit(
      [&]<class T>(T& payload) -> base::Status {
        if constexpr (!std::is_same_v<T, schemas::Opaque>)
          if (target.steps[0].name == schemas::PayloadName<T>::kKey) return putter.put(payload, 1, target.steps[0].name);
        return putter.put(body, 0, "");
      },
      body.payload);
}

std::string list_of(const schemas::Body& body, const Target& target) {
  std::string out;
  first_list_of(body, target, [&](const auto&, std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) out += (i == 0 ? "" : ".") + target.steps[i].name;
  });
  return out;
}

void empty_list(schemas::Body& body, const Target& target) {
  first_list_of(body, target, [](auto& list, std::size_t) { list.clear(); });
}

}  // namespace adapters::formats::mapping
