#include "adapters/agent/notify/words.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schemas/json.h"

namespace adapters::agent::notify {
namespace {

constexpr std::string_view kFields[] = {"words", "count", "phone", "login", "urgency", "url"};
constexpr std::string_view kNews[] = {"referral", "handoff", "offer_next", "match", "attachment", "refused", "break_glass", "test"};

std::string value_of(const Filling& f, std::string_view field) {
  if (field == "words") return f.words;
  if (field == "count") return std::to_string(f.count);
  if (field == "phone") return f.phone;
  if (field == "login") return f.login;
  return field == "urgency" ? f.urgency : f.url;
}

std::string json_inside(const std::string& text) {
  const std::string quoted = nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string percent(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[b >> 4];
      out += kHex[b & 15];
    }
  }
  return out;
}

}  // namespace

bool quiet_repeat(std::string_view what) { return what == "view:50" || what == "view:100" || what == "repeat"; }

std::string words_of(std::string_view what, std::string_view urgency) {
  const std::string item = urgency.empty() ? "item" : std::string(urgency) + " item";
  const std::string one = (item.front() == 'e' || item.front() == 'i' || item.front() == 'u' ? "An " : "A ") + item;
  if (what == "test") return "This is a test. Nothing waits.";
  if (quiet_repeat(what)) return one + " still waits. Open to view.";
  if (std::ranges::find(kNews, what) != std::end(kNews)) return "New " + item + ". Open to view.";
  return one + " is past its time. Open to view.";
}

std::string count_words(std::uint64_t waiting, std::uint64_t overdue) {
  std::string out = std::to_string(waiting) + (waiting == 1 ? " item waiting" : " items waiting");
  if (overdue > 0) out += ", " + std::to_string(overdue) + " overdue";
  return out;
}

std::string fill(const WebhookSettings& w, const Filling& with) {
  std::string out;
  std::string_view rest = w.body;
  for (auto open = rest.find("{{"); open != rest.npos; open = rest.find("{{")) {
    const auto close = rest.find("}}", open);
    if (close == rest.npos) break;
    out += rest.substr(0, open);
    const std::string value = value_of(with, rest.substr(open + 2, close - open - 2));
    out += w.type == WebhookSettings::Type::kJson ? json_inside(value) : percent(value);
    rest.remove_prefix(close + 2);
  }
  return out + std::string(rest);
}

base::Status check_template(const WebhookSettings& w) {
  const base::Error unknown{base::Kind::kUsage, "only {{words}}, {{count}}, {{phone}}, {{login}}, {{urgency}} and {{url}} can be filled in", "body"};
  std::string_view rest = w.body;
  for (auto open = rest.find("{{"); open != rest.npos; open = rest.find("{{")) {
    const auto close = rest.find("}}", open);
    if (close == rest.npos) return unknown;
    if (std::ranges::find(kFields, rest.substr(open + 2, close - open - 2)) == std::end(kFields)) return unknown;
    rest.remove_prefix(close + 2);
  }
  if (w.type == WebhookSettings::Type::kForm) return {};
  const std::string odd = "a\"b\\c\nd";  // a value that stands in no string breaks what comes out
  if (!schemas::parse_json(fill(w, {odd, odd, odd, odd, odd, 7}), 1 << 16).ok()) {
    return base::Error{base::Kind::kUsage, "filled in, it is not JSON", "body", "put texts between quotes: {\"to\":\"{{phone}}\",\"text\":\"{{words}}\"}"};
  }
  return {};
}

}  // namespace adapters::agent::notify
