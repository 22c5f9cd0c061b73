// Keys and signed assertions of a client, made by the openssl program: a second opinion on what cjose verifies.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "crypto/base/bytes.h"

namespace rig {

using Json = nlohmann::json;

inline std::string base64url(base::View v) {
  std::string s = base::base64(v);
  for (char& c : s) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (s.ends_with('=')) s.pop_back();
  return s;
}
inline std::string base64url(const std::string& s) { return base64url(base::view(s)); }

inline std::string output(const std::string& command) {
  std::string out;
  std::FILE* p = ::popen(command.c_str(), "r");
  char room[4096];
  for (std::size_t n = 0; p != nullptr && (n = std::fread(room, 1, sizeof room, p)) > 0;) out.append(room, n);
  if (p != nullptr) ::pclose(p);
  return out;
}

class SigningKey {
 public:
  explicit SigningKey(bool rsa) : rsa_(rsa) {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-key-XXXXXX").string();
    dir_ = ::mkdtemp(pattern.data());
    output("openssl " + std::string(rsa ? "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048" : "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384") + " -out " + key() + " 2>/dev/null");
  }
  ~SigningKey() { std::filesystem::remove_all(dir_); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  [[nodiscard]] std::string jwks(const std::string& kid = "k1") const {
    Json k{{"kid", kid}, {"use", "sig"}};
    if (rsa_) {
      std::string hex = output("openssl rsa -in " + key() + " -noout -modulus 2>/dev/null").substr(8);
      while (!hex.empty() && hex.back() == '\n') hex.pop_back();
      k.update({{"kty", "RSA"}, {"alg", "RS384"}, {"e", "AQAB"}, {"n", base64url(*base::unhex(hex))}});
    } else {
      const std::string der = output("openssl pkey -in " + key() + " -pubout -outform DER 2>/dev/null"), point = der.substr(der.size() - 96);
      k.update({{"kty", "EC"}, {"alg", "ES384"}, {"crv", "P-384"}, {"x", base64url(point.substr(0, 48))}, {"y", base64url(point.substr(48))}});
    }
    return Json{{"keys", {k}}}.dump();
  }
  [[nodiscard]] std::string sign(const Json& claims, Json header = Json::object()) const {
    if (!header.contains("alg")) header["alg"] = rsa_ ? "RS384" : "ES384";
    if (!header.contains("kid")) header["kid"] = "k1";
    header["typ"] = "JWT";
    const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
    std::ofstream(dir_ + "/text") << text;
    std::string signature = output("openssl dgst -sha384 -sign " + key() + " " + dir_ + "/text 2>/dev/null");
    return text + "." + base64url(rsa_ ? signature : raw(signature));
  }

 private:
  [[nodiscard]] std::string key() const { return dir_ + "/key"; }
  // DER (two integers) to the 96 bytes of JWS.
  static std::string raw(const std::string& der) {
    std::size_t at = static_cast<unsigned char>(der[1]) > 0x80 ? 3 : 2;
    std::string out;
    for (int i = 0; i < 2; ++i) {
      const auto size = static_cast<unsigned char>(der[at + 1]);
      std::string n = der.substr(at + 2, size);
      at += 2 + size;
      while (n.size() > 48) n.erase(0, 1);
      out += std::string(48 - n.size(), '\0') + n;
    }
    return out;
  }
  bool rsa_;
  std::string dir_;
};

}  // namespace rig
