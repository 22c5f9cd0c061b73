// A bundle as JSON, and back: strict, so that a file says one thing in one way.
#include <nlohmann/json.hpp>

#include "cli/verify/internal.h"
#include "cli/verify/proof.h"
#include "schemas/json.h"

namespace cli::verify {

using base::Bytes;
using base::Error;
using base::Kind;
using base::Result;
using base::View;
using crypto::Hash;
using nlohmann::ordered_json;
using schemas::Json;

namespace {

constexpr std::string_view kFormat = "handoff-proof/v1";
constexpr std::size_t kMaxBundle = 4U << 20;  // one message of 256 KiB and some notes are far below

std::string b64(View v) { return base::base64(v); }

ordered_json hashes(const std::vector<Hash>& list) {
  auto out = ordered_json::array();
  for (const auto& h : list) out.push_back(b64(View(h)));
  return out;
}
ordered_json cert_json(const CertPart& c) {
  return {{"certificate", c.note}, {"ent1", b64(View(c.entry.ent1))}, {"tlog_proof", c.entry.tlog_proof}};
}

// Reads one JSON object; remembers the first fault; done() refuses fields that nobody asked for.
class Fields {
 public:
  Fields(const Json& j, std::string path, std::optional<Error>& error) : j_(j), path_(std::move(path)), error_(error) {
    if (!j_.is_object()) fail("", "expected an object");
  }
  ~Fields() {
    if (j_.is_object() && asked_ != j_.size()) fail("", "an unknown field");
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  [[nodiscard]] bool has(const char* key) const { return j_.is_object() && j_.contains(key); }
  const Json& at(const char* key) {
    static const Json nothing;
    if (!has(key)) {
      fail(key, "is missing");
      return nothing;
    }
    ++asked_;
    return j_.at(key);
  }
  std::string text(const char* key) { return as_text(at(key), key); }
  Bytes bytes(const char* key) { return as_bytes(at(key), key); }
  Hash hash(const char* key) { return as_hash(at(key), key); }
  std::vector<Hash> hash_list(const char* key) {
    std::vector<Hash> out;
    for (const auto& item : list(key)) out.push_back(as_hash(item, key));
    if (out.size() > 63) fail(key, "more than 63 hashes");
    return out;
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> out;
    for (const auto& item : list(key)) out.push_back(as_text(item, key));
    return out;
  }
  std::uint32_t number(const char* key) {
    const auto& v = at(key);
    if (v.is_number_unsigned() && v.get<std::uint64_t>() <= UINT32_MAX) return v.get<std::uint32_t>();
    fail(key, "expected a number");
    return 0;
  }
  Fields object(const char* key) { return Fields(at(key), path_ + key + ".", error_); }

 private:
  const Json& list(const char* key) {
    static const Json nothing = Json::array();
    const auto& v = at(key);
    if (v.is_array()) return v;
    fail(key, "expected a list");
    return nothing;
  }
  std::string as_text(const Json& v, const char* key) {
    if (v.is_string()) return v.get<std::string>();
    fail(key, "expected a text");
    return {};
  }
  Bytes as_bytes(const Json& v, const char* key) {
    auto raw = base::unbase64(as_text(v, key));
    if (!raw) fail(key, "not canonical base64");
    return raw.value_or(Bytes());
  }
  Hash as_hash(const Json& v, const char* key) {
    auto raw = as_bytes(v, key);
    if (raw.size() == 32) return base::fixed<32>(View(raw));
    fail(key, "expected 32 bytes");
    return {};
  }
  void fail(const char* key, const char* what) {
    if (!error_) error_ = base::malformed(what, path_ + key);
  }

  const Json& j_;
  std::string path_;
  std::optional<Error>& error_;
  std::size_t asked_ = 0;
};

Logged read_logged(Fields& f) { return {f.bytes("ent1"), f.text("tlog_proof")}; }

CertPart read_cert(Fields f) {
  auto note = f.text("certificate");
  return {std::move(note), read_logged(f)};
}

void read_message(Fields m, Bundle& b) {
  b.index = m.number("index");
  b.hdr1 = m.bytes("hdr1");
  b.message_path = m.hash_list("path");
  b.commitment = m.hash("commitment");
  if (m.has("ct")) {
    b.ct = m.bytes("ct");
  } else {
    b.ct_hash = m.hash("ct_sha256");
  }
  if (m.has("key")) b.key = m.hash("key");
}

void read_receipt(Fields r, Bundle& b) {
  ReceiptPart out;
  out.rcp1 = r.bytes("rcp1");
  out.sig = r.bytes("signature");
  out.entry = read_logged(r);
  out.recipient = read_cert(r.object("recipient"));
  b.receipt = std::move(out);
}

void read_all(Fields f, Bundle& b) {
  (void)f.text("format");
  b.anchors = f.texts("anchors");
  b.sender = read_cert(f.object("sender"));
  {
    auto batch = f.object("batch");
    b.bst1 = batch.bytes("bst1");
    b.sig = batch.bytes("signature");
    b.group_path = batch.hash_list("group_path");
  }
  {
    auto group = f.object("group");
    b.grp1 = group.bytes("grp1");
    b.group_root = group.hash("root");
  }
  read_message(f.object("message"), b);
  {
    auto accept = f.object("accept");
    b.accept = read_logged(accept);
  }
  if (f.has("receipt")) read_receipt(f.object("receipt"), b);
}

}  // namespace

std::string make_bundle(const Bundle& b) {
  ordered_json message{
      {"index", b.index}, {"hdr1", b64(View(b.hdr1))}, {"path", hashes(b.message_path)}, {"commitment", b64(View(b.commitment))}};
  if (b.ct.empty()) {
    message["ct_sha256"] = b64(View(b.ct_hash));
  } else {
    message["ct"] = b64(View(b.ct));
  }
  if (b.key) message["key"] = b64(View(*b.key));
  ordered_json out;
  out["format"] = kFormat;
  out["anchors"] = b.anchors;
  out["sender"] = cert_json(b.sender);
  out["batch"] = {{"bst1", b64(View(b.bst1))}, {"signature", b64(View(b.sig))}, {"group_path", hashes(b.group_path)}};
  out["group"] = {{"grp1", b64(View(b.grp1))}, {"root", b64(View(b.group_root))}};
  out["message"] = std::move(message);
  out["accept"] = {{"ent1", b64(View(b.accept.ent1))}, {"tlog_proof", b.accept.tlog_proof}};
  if (b.receipt) {
    const auto& r = *b.receipt;
    out["receipt"] = {{"rcp1", b64(View(r.rcp1))},
                      {"signature", b64(View(r.sig))},
                      {"ent1", b64(View(r.entry.ent1))},
                      {"tlog_proof", r.entry.tlog_proof},
                      {"recipient", cert_json(r.recipient)}};
  }
  return out.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<Bundle> parse_bundle(std::string_view json) {
  if (is_binary(json)) return parse_binary(json);
  TRY_ASSIGN(auto parsed, schemas::parse_json(json, kMaxBundle));
  const Json& j = *parsed;
  if (!j.is_object() || !j.contains("format") || !j.at("format").is_string()) return base::malformed("not a proof bundle", "format");
  if (j.at("format").get<std::string>() != kFormat)
    return Error{Kind::kUnsupported, "a bundle of another format", "format", "use the program that made it"};
  Bundle out;
  std::optional<Error> error;
  read_all(Fields(j, "", error), out);
  if (error) return *error;
  return out;
}

std::string verdict_json(const Verdict& v) {
  ordered_json out;
  out["holds"] = v.holds;
  if (!v.holds) {
    out["failed"] = v.failed;
    out["why"] = v.why;
  }
  for (const auto& [key, value] : v.facts) out[key] = value;
  out["lines"] = v.lines;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace cli::verify
