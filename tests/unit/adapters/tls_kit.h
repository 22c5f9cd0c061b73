// Certificates for tests: a CA and what it issues, made when the test runs, as PEM files in a folder that goes away with the kit.
#pragma once

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <doctest/doctest.h>

namespace tls_kit {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Cert = std::unique_ptr<X509, Free>;

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/handoff_tls_XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Pair {
  std::string cert, key;  // files
};

class Authority {
 public:
  Authority(const Folder& folder, const std::string& name) : folder_(folder), name_(name), key_(EVP_EC_gen("P-256")), cert_(made(name, key_.get(), "CA:TRUE", "")) {
    REQUIRE(X509_sign(cert_.get(), key_.get(), EVP_sha256()) > 0);
    write(ca(), cert_.get());
  }
  [[nodiscard]] std::string ca() const { return folder_.file(name_ + ".pem"); }
  // `alternative`: "DNS:hospital.test" or "IP:127.0.0.1".
  Pair issue(const std::string& name, const std::string& alternative) {
    const Key key(EVP_EC_gen("P-256"));
    const Cert cert = made(name, key.get(), "CA:FALSE", alternative);
    REQUIRE(X509_sign(cert.get(), key_.get(), EVP_sha256()) > 0);
    Pair out{folder_.file(name_ + "." + name + ".pem"), folder_.file(name_ + "." + name + ".key")};
    write(out.cert, cert.get());
    std::FILE* f = std::fopen(out.key.c_str(), "w");
    REQUIRE(f != nullptr);
    REQUIRE(PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    std::fclose(f);
    return out;
  }

 private:
  Cert made(const std::string& name, EVP_PKEY* key, const char* basic, const std::string& alternative) {
    Cert c(X509_new());
    X509_set_version(c.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(c.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(c.get()), 86400);
    X509_set_pubkey(c.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(c.get(), cert_ ? X509_get_subject_name(cert_.get()) : X509_get_subject_name(c.get()));
    extend(c.get(), NID_basic_constraints, basic);
    if (!alternative.empty()) extend(c.get(), NID_subject_alt_name, alternative.c_str());
    return c;
  }
  static void extend(X509* c, int nid, const char* value) {
    X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    REQUIRE(e != nullptr);
    X509_add_ext(c, e, -1);
    X509_EXTENSION_free(e);
  }
  static void write(const std::string& path, X509* c) {
    std::FILE* f = std::fopen(path.c_str(), "w");
    REQUIRE(f != nullptr);
    REQUIRE(PEM_write_X509(f, c) == 1);
    std::fclose(f);
  }

  const Folder& folder_;
  std::string name_;
  long serial_ = 0;
  Key key_;
  Cert cert_;
};

// Does a client that speaks no TLS newer than 1.1 get through? Blocking.
inline bool old_client_connects(int socket) {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> ctx(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(ctx.get(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(ctx.get(), TLS1_1_VERSION);
  REQUIRE(SSL_CTX_set_cipher_list(ctx.get(), "ALL:@SECLEVEL=0") == 1);
  std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(ctx.get()), SSL_free);
  SSL_set_fd(ssl.get(), socket);
  return SSL_connect(ssl.get()) == 1;
}

}  // namespace tls_kit
