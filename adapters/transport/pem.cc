// OpenSSL's readers, let go of properly.
#include "adapters/transport/pem.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <memory>

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

struct Close {
  void operator()(FILE* f) const { std::fclose(f); }
  void operator()(X509* c) const { X509_free(c); }
  void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
};
template <class T>
using Owned = std::unique_ptr<T, Close>;

base::Result<Owned<FILE>> open_file(const std::string& path) {
  Owned<FILE> f(std::fopen(path.c_str(), "re"));
  if (!f) return Error{Kind::kNotFound, "the file cannot be read", path, "name a file that the agent may read"};
  return f;
}

}  // namespace

base::Result<base::Instant> certificate_ends(const std::string& cert_file, const std::string& key_file) {
  TRY_ASSIGN(const Owned<FILE> file, open_file(cert_file));
  const Owned<X509> cert(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
  if (!cert) return base::malformed("no certificate in PEM form", cert_file, "put the server's own certificate first in the file");
  if (!key_file.empty()) {
    TRY_ASSIGN(const Owned<FILE> secret, open_file(key_file));
    const Owned<EVP_PKEY> key(PEM_read_PrivateKey(secret.get(), nullptr, nullptr, const_cast<char*>("")));
    if (!key) return Error{Kind::kConflict, "no private key without a passphrase in PEM form", key_file, "name the key of the certificate"};
    if (X509_check_private_key(cert.get(), key.get()) != 1) return Error{Kind::kConflict, "the key is not that of the certificate", key_file, "name the key of " + cert_file};
  }
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(cert.get()), &end) != 1) return base::malformed("its end cannot be read", cert_file);
  const std::time_t seconds = ::timegm(&end);
  return base::Instant{seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) * 1000};
}

}  // namespace adapters::transport
