// Golden buffers and schemas: what an older build wrote must stay readable for ever, and flatc, which knows nothing of our field
// lists, must read our bytes as the same fields. To add a golden buffer, run this binary once with HANDOFF_WRITE_GOLDEN=1.
#include "schemas/body.h"
#include "schemas/json.h"
#include "tests/kit/files.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace wire = schemas::wire;
using base::Bytes;
using schemas::Json;

namespace {

const std::string kGolden = HANDOFF_SOURCE_DIR "/tests/unit/golden/";

void spill(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

// The golden file of that name; written first if asked to and missing.
std::string golden(const std::string& name, std::string_view now) {
  if (std::getenv("HANDOFF_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(kGolden + name)) spill(kGolden + name, now);
  return kit::read_file(kGolden + name);
}

template <class T>
void check_wire(const std::string& name, const T& sample) {
  const auto kept = golden(name, base::text(wire::encode(sample)));
  const auto out = wire::decode<T>(base::view(kept));
  REQUIRE(out.ok());
  CHECK(wire::encode(*out) == base::to_bytes(kept));
}

struct NamedBody {
  const char *name, *table;
  schemas::Body body;
};
std::vector<NamedBody> bodies() {
  return {{"referral", "Referral", samples::referral()},
          {"status_update", "StatusUpdate", samples::status_update()},
          {"secure_message", "SecureMessage", samples::message()},
          {"acknowledgement", "Acknowledgement", samples::acknowledgement()},
          {"capacity", "Capacity", samples::capacity()},
          {"handoff_report", "HandoffReport", samples::handoff()},
          {"encounter", "EncounterNotification", samples::encounter()},
          {"capacity_inquiry", "CapacityInquiry", samples::inquiry()},
          {"capacity_reply", "CapacityReply", samples::reply()},
          {"consent", "Consent", samples::consent()},
          {"follow_up", "FollowUp", samples::follow_up()},
          {"correction", "Correction", samples::correction()},
          {"break_glass", "BreakGlass", samples::break_glass()},
          {"loop_facts", "LoopFacts", samples::loop_facts()},
          {"blob_part", "BlobPart", samples::blob_part()},
          {"opaque", "", samples::opaque()}};
}

int run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

// `bytes` as flatc shows them with the schema in the tree.
Json by_flatc(const std::string& schema, const std::string& table, std::string_view bytes) {
  const auto dir = std::filesystem::path(HANDOFF_BIN_DIR) / "unit_schemas_flatc";
  std::filesystem::create_directories(dir);
  spill(dir / "buffer.bin", bytes);
  const auto command = "flatc --json --strict-json --raw-binary --root-type " + table + " -o " + dir.string() +
                       " " HANDOFF_SOURCE_DIR "/schemas/" + schema + " -- " + (dir / "buffer.bin").string();
  REQUIRE(run(command) == 0);
  return Json::parse(kit::read_file(dir / "buffer.json"));
}

Bytes bytes_of(const Json& numbers) {
  Bytes out;
  for (const auto& n : numbers) out.push_back(n.get<base::Byte>());
  return out;
}

// flatc shows bytes as numbers, instants as numbers and maps as pairs; our JSON as hex or base64, RFC 3339 and objects.
void same_value(const Json& ours, const Json& flat, const std::string& path) {
  CAPTURE(path);
  if (ours.is_object() && flat.is_array()) {
    CHECK(ours.size() == flat.size());
    for (const auto& pair : flat) CHECK(ours.value(pair["key"].get<std::string>(), "?") == pair.value("value", ""));
  } else if (ours.is_object()) {
    CHECK(ours.size() == flat.size());
    for (const auto& [key, value] : ours.items()) {
      REQUIRE_MESSAGE(flat.contains(key), key);
      same_value(value, flat[key], path + "." + key);
    }
  } else if (ours.is_array()) {
    REQUIRE(ours.size() == flat.size());
    for (std::size_t i = 0; i < ours.size(); ++i) same_value(ours[i], flat[i], path + "[]");
  } else if (ours.is_string() && flat.is_array()) {
    const auto bytes = bytes_of(flat);
    CHECK((ours == base::hex(bytes) || ours == base::base64(bytes)));
  } else if (ours.is_string() && flat.is_number()) {
    CHECK(ours == base::rfc3339({flat.get<std::uint64_t>()}));
  } else {
    CHECK(ours == flat);
  }
}

}  // namespace

TEST_CASE("no schema takes back what an earlier one promised") {
  const std::pair<std::string, std::string> kept[] = {
      {"frames.fbs", "frames.fbs"}, {"wire.fbs", "wire.fbs"}, {"body.fbs", "body.fbs"}, {"body.fbs", "body.1.fbs"}, {"body.fbs", "body.2.fbs"}, {"body.fbs", "body.3.fbs"}};
  for (const auto& [name, before] : kept) {
    const std::string now = HANDOFF_SOURCE_DIR "/schemas/" + name;
    (void)golden(before, kit::read_file(now));
    CHECK_MESSAGE(run("flatc --conform " + kGolden + before + " " + now) == 0, before);
  }
}

TEST_CASE("golden wire payloads still say what they said") {
  check_wire("wire_hello.bin", samples::hello());
  check_wire("wire_ack.bin", samples::ack());
  check_wire("wire_nack.bin", samples::nack());
  check_wire("wire_receipt.bin", samples::receipt());
  check_wire("wire_fetched.bin", samples::fetched());
  check_wire("wire_dir_got.bin", samples::dir_got());
  check_wire("wire_search.bin", samples::search());
  check_wire("wire_found.bin", samples::found());
}

TEST_CASE("golden frames still decode to the same views") {
  const samples::Mail mail(2, 2);
  const auto batch = schemas::encode_batch(mail.parts());
  const auto kept = golden("frame_batch.bin", base::text(batch));
  const auto out = schemas::decode_batch(base::view(kept));
  REQUIRE(out.ok());
  CHECK(schemas::encode_batch(*out) == base::to_bytes(kept));

  const samples::Mail one(1, 2);
  const Bytes ent(112, 0xe1), path(64, 0x9a);
  schemas::Deliver d{one.parts(/*tombstones=*/true), 4711, ent, path, base::view("checkpoint"), 4800, ent, path};
  d.batch.groups[0].path = path;
  const auto deliver = schemas::encode_deliver(d);
  const auto kept_deliver = golden("frame_deliver.bin", base::text(deliver));
  const auto delivered = schemas::decode_deliver(base::view(kept_deliver));
  REQUIRE(delivered.ok());
  CHECK(schemas::encode_deliver(*delivered) == base::to_bytes(kept_deliver));
}

// body_NAME.bin is of minor version 0, body_NAME.1.bin of version 1, and so on: all of them are read for ever.
TEST_CASE("golden bodies of every version still say what they said, in the same JSON") {
  for (const auto& [name, table, body] : bodies()) {
    (void)golden("body_" + std::string(name) + ".3.bin", base::text(schemas::encode_body(body)));
    (void)golden("body_" + std::string(name) + ".3.json", schemas::dump(*schemas::to_json(body), 1) + "\n");
  }
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(kGolden)) {
    const auto name = file.path().filename().string();
    if (!name.starts_with("body_") || file.path().extension() != ".bin") continue;
    CAPTURE(name);
    const auto json = kit::read_file(kGolden + file.path().stem().string() + ".json");
    const auto out = schemas::decode_body(base::view(kit::read_file(file.path())));
    REQUIRE(out.ok());
    CHECK(*schemas::to_json(*out) == Json::parse(json));
    const auto back = schemas::body_from_json(Json::parse(json));
    REQUIRE(back.ok());
    CHECK(*schemas::to_json(*back) == Json::parse(json));
    ++read;
  }
  CHECK(read == 5 + 15 + 16 + bodies().size());
}

TEST_CASE("flatc reads every field of a body where our field lists put it") {
  for (const auto& [name, table, body] : bodies()) {
    CAPTURE(name);
    auto flat = by_flatc("body.fbs", "schemas.fb.body.Body", base::text(schemas::encode_body(body)));
    auto ours = *schemas::to_json(body);
    CHECK(flat["type"] == ours["kind"]);
    const std::string table_name = table;
    const auto closed = bytes_of(flat["payload"]);
    if (!table_name.empty()) same_value(ours[name], by_flatc("body.fbs", "schemas.fb.body." + table_name, base::text(closed)), name);
    for (const char* k : {name, "kind"}) ours.erase(k);
    for (const std::string k : {"type", "payload", "major", "minor"}) flat.erase(k);
    same_value(ours, flat, "body");
  }
}

TEST_CASE("flatc reads a search row where our field list puts it") {
  const auto flat = by_flatc("wire.fbs", "schemas.fb.wire.Found", base::text(wire::encode(samples::found())));
  const auto& row = flat["rows"][0];
  const std::vector<std::string> numbers{"index", "message_no", "hub_time", "created",        "expires",    "",    "",
                                         "kind",  "purpose",    "flags",    "policy_version", "thread_seq", "size"};
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!numbers[i].empty()) CHECK(row[numbers[i]] == i + 1);
  CHECK(bytes_of(row["msg_id"]) == Bytes(16, 6));
  CHECK(bytes_of(row["thread_id"]) == Bytes(16, 7));
  CHECK(bytes_of(row["sender"]) == Bytes(16, 14));
  CHECK(bytes_of(row["recipients"]).size() == 32);
  CHECK(bytes_of(row["group_leaf"]) == Bytes(32, 17));
  CHECK(bytes_of(row["message_leaf"]) == Bytes(32, 18));
  CHECK(row["delivered_index"] == 19);
  CHECK(row["delivered_time"] == 20);
  CHECK(row["end_type"] == 6);
  CHECK(flat["access_index"] == 102);
}
