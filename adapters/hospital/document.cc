#include "adapters/hospital/document.h"

#include <algorithm>
#include <array>

#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/values.h"
#include "crypto/base/bytes.h"

namespace adapters::hospital {
namespace {

struct Kind {
  std::string_view code, media, fallback;  // table 0191 or 0834, in small letters
};
constexpr std::array kKinds = {
    Kind{"ap", "application", "octet-stream"}, Kind{"application", "application", "octet-stream"}, Kind{"im", "image", "*"},
    Kind{"image", "image", "*"},               Kind{"au", "audio", "basic"},                       Kind{"audio", "audio", "basic"},
    Kind{"ft", "text", "plain"},               Kind{"tx", "text", "plain"},                        Kind{"text", "text", "plain"},
};

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : char(c); });
  return s;
}

std::string media_type(const At& f) {
  const std::string type = lower(f.part(2)), subtype = lower(f.part(3));
  if (type.find('/') != std::string::npos) return type;
  for (const Kind& k : kKinds) {
    if (k.code == type) return std::string(k.media) + "/" + (subtype.empty() ? std::string(k.fallback) : subtype);
  }
  return "application/octet-stream";
}

}  // namespace

std::optional<base::Bytes> loose_base64(std::string_view text) {
  std::string tight;
  tight.reserve(text.size() + 3);
  for (const char c : text) {
    if (c != ' ' && c != '\r' && c != '\n' && c != '\t') tight += c;
  }
  if (tight.size() % 4 != 1) tight.append((4 - tight.size() % 4) % 4, '=');
  return base::unbase64(tight);
}

void take_document(const hl7::Message& m, const hl7::Segment& obx, const std::string& title, std::vector<schemas::Attachment>& to,
                   std::vector<hl7::Fault>& faults) {
  const At value{m, obx, 5};
  schemas::Attachment a{.media_type = media_type(value), .title = title, .sha256 = {}, .data = {}};
  const std::string encoding = lower(value.part(4)), data = value.part(5);
  if (data.empty()) {
    faults.push_back({hl7::kRequiredMissing, m.place(obx, 5, 5), "the document is empty"});
    return;
  }
  if (encoding == "base64") {
    auto bytes = loose_base64(data);
    if (!bytes) {
      faults.push_back({hl7::kDataType, m.place(obx, 5, 5), "the document is not Base64"});
      return;
    }
    a.data = std::move(*bytes);
  } else if (encoding == "a" || encoding.empty()) {
    a.data = base::to_bytes(data);
  } else if (const auto bytes = encoding == "hex" ? base::unhex(lower(data)) : std::nullopt) {
    a.data = *bytes;
  } else {
    faults.push_back({hl7::kTableValue, m.place(obx, 5, 4), "the document's encoding is not Base64, Hex or A"});
    return;
  }
  to.push_back(std::move(a));
}

std::string document_value(const hl7::Delimiters& d, const schemas::Attachment& a, base::View bytes) {
  const std::size_t slash = a.media_type.find('/');
  const std::string type = a.media_type.substr(0, slash), subtype = slash == std::string::npos ? "" : a.media_type.substr(slash + 1);
  return hl7::components(d, {"", type, subtype, "Base64", base::base64(bytes)});
}

}  // namespace adapters::hospital
