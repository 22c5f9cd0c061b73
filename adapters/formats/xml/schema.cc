// The one place that knows libxml2.
#include "adapters/formats/xml/schema.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

namespace adapters::formats::xml {
namespace {

using base::Error;
using base::Kind;

template <class T, void (*F)(T*)>
struct Free {
  void operator()(T* p) const { F(p); }
};
using Document = std::unique_ptr<xmlDoc, Free<xmlDoc, xmlFreeDoc>>;
using Parser = std::unique_ptr<xmlSchemaParserCtxt, Free<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt>>;
using Checker = std::unique_ptr<xmlSchemaValidCtxt, Free<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt>>;

void begin() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
  });
}

void say_nothing(void*, const xmlError*) {}

// The library's own words quote values: ours say what kind of thing is wrong.
const char* words_for(int code) {
  switch (code) {
    case XML_SCHEMAV_ELEMENT_CONTENT: return "not expected here, or something that belongs before it or into it is missing";
    case XML_SCHEMAV_CVC_ENUMERATION_VALID: return "not one of the codes that the schema lists";
    case XML_SCHEMAV_CVC_PATTERN_VALID: return "not written as the schema says";
    case XML_SCHEMAV_CVC_LENGTH_VALID:
    case XML_SCHEMAV_CVC_MINLENGTH_VALID: return "too short, or empty";
    case XML_SCHEMAV_CVC_MAXLENGTH_VALID: return "too long";
    case XML_SCHEMAV_CVC_MININCLUSIVE_VALID:
    case XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID: return "smaller than the schema allows";
    case XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID:
    case XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID: return "larger than the schema allows";
    case XML_SCHEMAV_CVC_ELT_3_1:
    case XML_SCHEMAV_CVC_ELT_3_2_1: return "said to be nil where the schema does not allow it, or nil with a value";
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1: return "has an attribute that the schema does not know";
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: return "lacks an attribute that the schema requires";
    case XML_SCHEMAV_CVC_IDC: return "breaks a rule of uniqueness or reference";
    default: return "not of the type that the schema says";
  }
}

std::string name_of(const xmlNode* node) {
  while (node != nullptr && node->type != XML_ELEMENT_NODE) node = node->parent;
  if (node == nullptr || node->name == nullptr) return "the document";
  const std::string name(reinterpret_cast<const char*>(node->name));
  const bool plain = name.size() <= 64 && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-'; });
  return plain ? name : "an element";
}

struct Collected {
  std::vector<Finding> findings;
  std::size_t most;
};

void collect(void* to, const xmlError* e) {
  auto& all = *static_cast<Collected*>(to);
  if (e == nullptr || all.findings.size() >= all.most) return;
  const auto* node = static_cast<const xmlNode*>(e->node);
  const long line = node != nullptr ? xmlGetLineNo(const_cast<xmlNode*>(node)) : e->line;
  all.findings.push_back({static_cast<unsigned>(std::max(line, 1L)), name_of(node) + ": " + words_for(e->code)});
}

// One fault often has two errors: of the facet, and of the type. The first of an element's is kept.
void keep_first(std::vector<Finding>& findings) {
  const auto element = [](const Finding& f) { return f.what.substr(0, f.what.find(':')); };
  findings.erase(std::unique(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) { return a.line == b.line && element(a) == element(b); }),
                 findings.end());
}

}  // namespace

struct Schema::Impl {
  std::unique_ptr<xmlSchema, Free<xmlSchema, xmlSchemaFree>> schema;
};

Schema::Schema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

base::Result<Schema> Schema::load(const std::string& path) {
  begin();
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return Error{Kind::kNotFound, "the schema is not there", path, "put the standard's .xsd files into that folder"};
  const Parser parser(xmlSchemaNewParserCtxt(path.c_str()));
  if (!parser) return Error{Kind::kMalformed, "the schema cannot be read", path};
  xmlSchemaSetParserStructuredErrors(parser.get(), reinterpret_cast<xmlStructuredErrorFunc>(say_nothing), nullptr);
  auto impl = std::make_unique<Impl>();
  xmlSetStructuredErrorFunc(nullptr, reinterpret_cast<xmlStructuredErrorFunc>(say_nothing));  // of this thread: nothing to stderr
  impl->schema.reset(xmlSchemaParse(parser.get()));
  xmlSetStructuredErrorFunc(nullptr, nullptr);
  if (!impl->schema) return Error{Kind::kMalformed, "the schema is none, or files that it includes are missing", path, "put all of the standard's .xsd files into that folder"};
  return Schema(std::move(impl));
}

std::vector<Finding> Schema::check(std::string_view document, std::size_t most) const {
  begin();
  Collected out{{}, most};
  const std::unique_ptr<xmlParserCtxt, Free<xmlParserCtxt, xmlFreeParserCtxt>> reader(xmlNewParserCtxt());
  if (!reader || document.size() > static_cast<std::size_t>(INT_MAX)) return {{1, "the document is too large"}};
  const Document doc(xmlCtxtReadMemory(reader.get(), document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES | XML_PARSE_NOBLANKS));
  if (!doc) return {{1, "the document is not well-formed"}};
  if (doc->intSubset != nullptr || doc->extSubset != nullptr) return {{1, "a document type declaration is not read"}};
  const Checker checker(xmlSchemaNewValidCtxt(impl_->schema.get()));
  if (!checker) return {{1, "the document could not be checked"}};
  xmlSchemaSetValidStructuredErrors(checker.get(), reinterpret_cast<xmlStructuredErrorFunc>(collect), &out);
  const int verdict = xmlSchemaValidateDoc(checker.get(), doc.get());
  keep_first(out.findings);
  if (verdict != 0 && out.findings.empty()) out.findings.push_back({1, "the document is not valid by the schema"});
  return out.findings;
}

}  // namespace adapters::formats::xml
