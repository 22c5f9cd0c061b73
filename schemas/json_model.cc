// The JSON form of the canonical model, driven by the same field lists as its bytes. Ids and hashes are hex, bytes base64, instants
// RFC 3339. What equals the default is not written. Reading is strict: an unknown key or a wrong type is an error with its path.
#include <limits>
#include <nlohmann/json.hpp>

#include "schemas/internal/table.h"
#include "schemas/json.h"
#include "schemas/model_fields.h"

namespace schemas {
namespace {

using internal::kFixedSize;
using internal::Scalar;

template <class T>
Json object_of(const T& o);

template <class T>
Json value_of(const T& v) {
  if constexpr (std::is_same_v<T, base::Instant>)
    return base::rfc3339(v);
  else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, std::map<std::string, std::string>>)
    return v;
  else if constexpr (std::is_same_v<T, base::Bytes>)
    return base::base64(v);
  else if constexpr (kFixedSize<T> != 0)
    return base::hex(v);
  else
    return object_of(v);
}
template <class T>
  requires(!std::is_same_v<T, base::Byte>)
Json value_of(const std::vector<T>& v) {
  Json out = Json::array();
  for (const auto& e : v) out.push_back(value_of(e));
  return out;
}

template <class T>
Json object_of(const T& o) {
  const T plain{};
  Json out = Json::object();
  fields(Tag<T>{}, [&](unsigned, const char* name, auto member) {
    auto now = value_of(o.*member);
    if (now != value_of(plain.*member)) out[name] = std::move(now);
  });
  return out;
}

// Reads one value; the first error stops all further reading and keeps its path.
class In {
 public:
  template <class T>
  void object(const Json& j, T& o, const std::string& path) {
    if (!j.is_object()) return fail(path, "expected an object");
    std::size_t known = 0;
    fields(Tag<T>{}, [&](unsigned, const char* name, auto member) {
      const auto it = j.find(name);
      if (it == j.end()) return;
      ++known;
      value(*it, o.*member, path.empty() ? name : path + "." + name);
    });
    if (known != j.size()) fail(path, "an unknown field");
  }

  void value(const Json& j, std::string& v, const std::string& path) {
    if (j.is_string())
      v = j.get_ref<const std::string&>();
    else
      fail(path, "expected a text");
  }
  void value(const Json& j, bool& v, const std::string& path) {
    if (j.is_boolean())
      v = j.get<bool>();
    else
      fail(path, "expected true or false");
  }
  template <std::integral T>
  void value(const Json& j, T& v, const std::string& path) {
    const bool fits = j.is_number_unsigned() ? j.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())
                                             : std::is_signed_v<T> && j.is_number_integer() &&
                                                   j.get<std::int64_t>() >= static_cast<std::int64_t>(std::numeric_limits<T>::min());
    if (fits)
      v = j.get<T>();
    else
      fail(path, "expected a whole number in range");
  }
  void value(const Json& j, base::Instant& v, const std::string& path) {
    const auto t = j.is_string() ? base::parse_rfc3339(j.get_ref<const std::string&>()) : std::nullopt;
    if (t)
      v = *t;
    else
      fail(path, "expected a date and time with its offset");
  }
  void value(const Json& j, base::Bytes& v, const std::string& path) {
    auto bytes = j.is_string() ? base::unbase64(j.get_ref<const std::string&>()) : std::nullopt;
    if (bytes)
      v = std::move(*bytes);
    else
      fail(path, "expected base64");
  }
  template <std::size_t N>
  void value(const Json& j, base::Fixed<N>& v, const std::string& path) {
    const auto bytes = j.is_string() ? base::unhex(j.get_ref<const std::string&>()) : std::nullopt;
    if (bytes && bytes->size() == N)
      v = base::fixed<N>(*bytes);
    else
      fail(path, "expected " + std::to_string(2 * N) + " hex digits");
  }
  template <class T>
  void value(const Json& j, std::vector<T>& v, const std::string& path) {
    if (!j.is_array()) return fail(path, "expected a list");
    for (std::size_t i = 0; i < j.size(); ++i) {
      v.emplace_back();
      value(j[i], v.back(), path + "[" + std::to_string(i) + "]");
    }
  }
  void value(const Json& j, std::map<std::string, std::string>& v, const std::string& path) {
    if (!j.is_object()) return fail(path, "expected an object");
    for (const auto& [key, text] : j.items()) value(text, v[key], path + " (a custom field)");
  }
  template <class T>
    requires std::is_class_v<T>
  void value(const Json& j, T& v, const std::string& path) {
    object(j, v, path);
  }

  void fail(const std::string& path, std::string what) {
    if (!error_) error_ = base::malformed(std::move(what), path.empty() ? "body" : path);
  }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  std::optional<base::Error> error_;
};

// Takes the payload out of `rest`, by "kind".
void read_payload(In& in, Json& rest, Payload& out) {
  std::string kind;
  const auto it = rest.find("kind");
  if (it == rest.end()) return in.fail("kind", "missing");
  in.value(*it, kind, "kind");
  rest.erase("kind");
  const char* key = "opaque";
  each_payload([&]<class T>(Tag<T>) {
    if (kind != PayloadName<T>::kKind) return;
    if (std::is_same_v<T, BlobPart> && rest.contains("opaque")) return;  // as older agents kept it
    key = PayloadName<T>::kKey;
    out = T{};
  });
  if (kind.empty() || !rest.contains(key)) return in.fail(key, "missing");
  std::visit(
      [&]<class T>(T& p) {
        if constexpr (std::is_same_v<T, Opaque>)
          in.value(rest[key], p.bytes, key);
        else
          in.object(rest[key], p, key);
      },
      key == std::string_view("opaque") ? out = Opaque{kind, {}} : out);
  rest.erase(key);
}

}  // namespace

std::shared_ptr<Json> to_json(const Body& body) {
  auto out = std::make_shared<Json>(object_of(body));
  std::visit(
      [&]<class T>(const T& p) {
        if constexpr (std::is_same_v<T, Opaque>) {
          (*out)["kind"] = p.type;
          (*out)["opaque"] = base::base64(p.bytes);
        } else {
          (*out)["kind"] = PayloadName<T>::kKind;
          (*out)[PayloadName<T>::kKey] = object_of(p);
        }
      },
      body.payload);
  return out;
}

base::Result<Body> body_from_json(const Json& j) {
  In in;
  Body body;
  if (!j.is_object()) return base::malformed("expected an object", "body");
  Json rest = j;
  read_payload(in, rest, body.payload);
  if (!in.error()) in.object(rest, body, "");
  if (in.error()) return *in.error();
  return body;
}

}  // namespace schemas
