// The pieces that resources are built from. Only .cc files of this folder that build JSON include it.
#pragma once

#include <string>
#include <string_view>

#include "adapters/formats/fhir/bundle.h"
#include "schemas/json.h"

namespace adapters::formats::fhir {

using schemas::Json;

inline constexpr std::string_view kOwnCodes = "urn:handoff:codes", kAgencies = "urn:handoff:agency", kUri = "urn:ietf:rfc:3986",
                                  kUrgency = "urn:handoff:urgency";

// A UUID (version 8) that depends on the thread, the type and the number alone.
std::string resource_id(const base::Id& thread_id, std::string_view type, std::size_t n = 0);

void put(Json& object, const char* key, std::string_view text);  // nothing if empty
void push(Json& object, const char* key, Json value);            // appends to the array under key
Json text_concept(std::string_view text);
Json coding(std::string_view system, std::string_view code, std::string_view display = {});
Json concept_of(std::string_view system, std::string_view code, std::string_view display = {});
Json concept_of(const schemas::Code& code);
Json identifier(std::string_view system, std::string_view value);
Json reference(const Context& c, std::string_view type, std::size_t n = 0, std::string_view display = {});
Json human_name(const schemas::Name& name);
Json contact_point(std::string_view system, std::string_view value);
Json address(const schemas::Address& a);
Json period(std::string_view start, std::string_view end);  // null if neither is a FHIR dateTime
Json note(std::string_view text);

bool is_date(std::string_view text);                 // YYYY, YYYY-MM, YYYY-MM-DD
bool is_datetime(std::string_view text);             // or with a time and an offset
std::string system_uri(std::string_view v2_or_uri);  // "LN" -> "http://loinc.org"; "" if unknown
std::string v2_system(std::string_view uri);         // the other way; a URI that v2 has no name for stays as it is

std::string_view task_status(std::string_view canonical);
Json business_status(std::string_view canonical);

// Resources. `at` things of the referral; ids by resource_id.
Json resource(const Context& c, std::string_view type, std::size_t n = 0);
Json patient(const schemas::Referral& r, const Context& c);
Json service_request(const schemas::Referral& r, const Context& c);
Json task(const schemas::Body& body, const schemas::Referral& r, const Context& c);
void add_clinical(const schemas::Referral& r, const Context& c, Json& service_request, std::vector<Json>& out);
void add_people(const schemas::Referral& r, const Context& c, std::vector<Json>& out);

}  // namespace adapters::formats::fhir
