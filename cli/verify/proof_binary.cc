// A bundle as bytes, and back (docs/spec/certificate.md, "Proof bundle"): "SFPB1\n", then parts of u8 number, u32 LE length, bytes, in rising order. There is one
// way to write a bundle: no byte of it is without meaning.
#include "cli/verify/proof.h"
#include "cli/verify/internal.h"

namespace cli::verify {

using base::Bytes;
using base::View;
using crypto::Hash;

namespace {

constexpr std::string_view kMagic = "SFPB1\n";
constexpr std::size_t kMaxBinary = 4U << 20;

enum Part : std::uint8_t {
  kAnchor = 1,  // the only one that may come again
  kSenderCert, kSenderEnt, kSenderProof,
  kBst, kBatchSig, kGroupPath,
  kGrp, kGroupRoot,
  kIndex, kHdr, kMessagePath, kCommitment, kCt, kCtHash, kKey,
  kAcceptEnt, kAcceptProof,
  kRcp, kReceiptSig, kReceiptEnt, kReceiptProof, kRecipientCert, kRecipientEnt, kRecipientProof,
  kEnd
};

class Writer {
 public:
  void part(Part number, View bytes) {
    Bytes head(5);
    head[0] = number;
    base::store_le(head.data() + 1, static_cast<std::uint32_t>(bytes.size()));
    base::append(out_, head);
    base::append(out_, bytes);
  }
  void logged(Part ent, const Logged& l) {
    part(ent, l.ent1);
    part(static_cast<Part>(ent + 1), base::view(l.tlog_proof));
  }
  void cert(Part note, const CertPart& c) {
    part(note, base::view(c.note));
    logged(static_cast<Part>(note + 1), c.entry);
  }
  std::string take() { return std::string(kMagic) + std::string(base::text(out_)); }

 private:
  Bytes out_;
};

class Parts {
 public:
  base::Status read(View v) {
    std::uint8_t last = 0;
    while (!v.empty()) {
      if (v.size() < 5) return base::malformed("a part is cut short");
      const std::uint8_t number = v[0];
      const std::size_t size = base::load_le<std::uint32_t>(v.data() + 1);
      if (number == 0 || number >= kEnd || number < last || (number == last && number != kAnchor)) return base::malformed("an unknown part, or parts out of order");
      if (size > v.size() - 5) return base::malformed("a part is cut short", "part " + std::to_string(number));
      if (number == kAnchor) anchors_.emplace_back(base::text(v.subspan(5, size)));
      parts_[number] = v.subspan(5, size);
      last = number;
      v = v.subspan(5 + size);
    }
    return {};
  }
  [[nodiscard]] bool has(Part p) const { return parts_[p].has_value(); }
  [[nodiscard]] const std::vector<std::string>& anchors() const { return anchors_; }
  View get(Part p) {
    if (!has(p)) fail(p, "is missing");
    return parts_[p].value_or(View());
  }
  Bytes bytes(Part p) { return base::to_bytes(get(p)); }
  std::string text(Part p) { return std::string(base::text(get(p))); }
  Hash hash(Part p) {
    const View v = get(p);
    if (v.size() == 32) return base::fixed<32>(v);
    fail(p, "is to be 32 bytes");
    return {};
  }
  std::vector<Hash> path(Part p) {
    const View v = get(p);
    if (v.size() % 32 != 0 || v.size() > 63 * 32) fail(p, "is to be at most 63 hashes");
    std::vector<Hash> out;
    for (std::size_t at = 0; at + 32 <= v.size() && out.size() < 63; at += 32) out.push_back(base::fixed<32>(v.subspan(at, 32)));
    return out;
  }
  std::uint32_t number(Part p) {
    const View v = get(p);
    if (v.size() == 4) return base::load_le<std::uint32_t>(v.data());
    fail(p, "is to be 4 bytes");
    return 0;
  }
  Logged logged(Part ent) { return {bytes(ent), text(static_cast<Part>(ent + 1))}; }
  CertPart cert(Part note) { return {text(note), logged(static_cast<Part>(note + 1))}; }
  void fail(Part p, const char* what) {
    if (!error_) error_ = base::malformed(what, "part " + std::to_string(p));
  }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  std::optional<View> parts_[kEnd];
  std::vector<std::string> anchors_;
  std::optional<base::Error> error_;
};

}  // namespace

bool is_binary(std::string_view file) { return file.starts_with(kMagic); }

std::string make_binary(const Bundle& b) {
  Writer w;
  for (const std::string& a : b.anchors) w.part(kAnchor, base::view(a));
  w.cert(kSenderCert, b.sender);
  w.part(kBst, b.bst1), w.part(kBatchSig, b.sig), w.part(kGroupPath, crypto::join(b.group_path));
  w.part(kGrp, b.grp1), w.part(kGroupRoot, b.group_root);
  base::Fixed<4> index;
  base::store_le(index.data(), b.index);
  w.part(kIndex, index), w.part(kHdr, b.hdr1), w.part(kMessagePath, crypto::join(b.message_path)), w.part(kCommitment, b.commitment);
  b.ct.empty() ? w.part(kCtHash, b.ct_hash) : w.part(kCt, b.ct);
  if (b.key) w.part(kKey, *b.key);
  w.logged(kAcceptEnt, b.accept);
  if (b.receipt) {
    w.part(kRcp, b.receipt->rcp1), w.part(kReceiptSig, b.receipt->sig);
    w.logged(kReceiptEnt, b.receipt->entry);
    w.cert(kRecipientCert, b.receipt->recipient);
  }
  return w.take();
}

base::Result<Bundle> parse_binary(std::string_view file) {
  if (file.size() > kMaxBinary) return base::Error{base::Kind::kTooLarge, "the bundle is larger than 4 MiB"};
  if (!is_binary(file)) return base::malformed("not a proof bundle");
  Parts p;
  TRY(p.read(base::view(file.substr(kMagic.size()))));
  Bundle b;
  b.anchors = p.anchors();
  b.sender = p.cert(kSenderCert);
  b.bst1 = p.bytes(kBst), b.sig = p.bytes(kBatchSig), b.group_path = p.path(kGroupPath);
  b.grp1 = p.bytes(kGrp), b.group_root = p.hash(kGroupRoot);
  b.index = p.number(kIndex), b.hdr1 = p.bytes(kHdr), b.message_path = p.path(kMessagePath), b.commitment = p.hash(kCommitment);
  if (p.has(kCt) == p.has(kCtHash)) p.fail(kCt, "is needed, or its hash, and not both");
  if (p.has(kCt)) {
    b.ct = p.bytes(kCt);
    if (b.ct.empty()) p.fail(kCt, "is empty");
  } else {
    b.ct_hash = p.hash(kCtHash);
  }
  if (p.has(kKey)) b.key = p.hash(kKey);
  b.accept = p.logged(kAcceptEnt);
  bool receipt = false;
  for (int n = kRcp; n < kEnd; ++n) receipt = receipt || p.has(static_cast<Part>(n));
  if (receipt) {
    ReceiptPart r;
    r.rcp1 = p.bytes(kRcp), r.sig = p.bytes(kReceiptSig), r.entry = p.logged(kReceiptEnt), r.recipient = p.cert(kRecipientCert);
    b.receipt = std::move(r);
  }
  if (p.error()) return *p.error();
  return b;
}

}  // namespace cli::verify
