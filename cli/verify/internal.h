// What the checks of a bundle gather, and the words for it. For cli/verify/*.cc only.
#pragma once

#include "cli/verify/proof.h"
#include "crypto/certificate.h"
#include "crypto/merkle.h"

namespace cli::verify {

struct KnownCert {
  crypto::Cert cert;
  crypto::Hash hash{};
  std::uint64_t index = 0;
};

struct Facts {
  enum class Delivered { kYes, kNo, kUnproven };
  struct Receipt {
    crypto::Rcp1 rcp;
    std::string recipient;
    std::uint64_t index = 0;
    base::Instant hub_time;
    Delivered delivered = Delivered::kUnproven;
  };
  crypto::Hash anchor{};
  crypto::Checkpoint checkpoint;
  unsigned witnesses = 0;
  base::Instant witnessed{};  // the earliest
  crypto::Bst1 bst;
  crypto::Grp1 grp;
  crypto::Hdr1 hdr;
  crypto::Ent1 accept;
  std::uint64_t index = 0;
  KnownCert sender;
  crypto::Hash ct_hash{};
  std::optional<crypto::Hash> body_hash;
  std::size_t body_size = 0;
  std::optional<Receipt> receipt;
};

class Checker {
 public:
  Checker(const Bundle& b, const std::optional<crypto::Hash>& anchor_hash) : b_(b), anchor_hash_(anchor_hash) {}
  // In this order; each relies on those before.
  base::Status anchor();
  base::Status checkpoint();
  base::Status accepted();
  base::Status sender();
  base::Status signature();
  base::Status message();
  base::Status content();
  base::Status receipt();
  [[nodiscard]] const Facts& facts() const { return f_; }

 private:
  base::Result<crypto::Ent1> entry(const Logged& logged, std::uint8_t type, const crypto::Hash& subject, std::uint64_t* index);
  base::Result<KnownCert> certificate(const CertPart& part, std::uint64_t before_index, base::Instant at);

  const Bundle& b_;
  const std::optional<crypto::Hash>& anchor_hash_;
  std::vector<crypto::Anchor> chain_;
  crypto::Hash consortium_{}, hub_id_{}, leaf_{};
  std::string checkpoint_text_;
  Facts f_;
};

bool is_binary(std::string_view file);
base::Result<Bundle> parse_binary(std::string_view file);

Verdict refused(const char* check, const base::Error& e);
Verdict tell(const Facts& f, bool anchor_given);

}  // namespace cli::verify
