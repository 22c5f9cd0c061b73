// Between two certificates of this agency: what the old one began, the new one finishes (decision 16). Nothing is lost and nothing goes twice,
// because the entry of a certificate in the log ends for good what its predecessor may send.
#pragma once

#include "adapters/agent/mail/office.h"

namespace adapters::agent::mail {

// Another certificate of ours stands in the log: this one signs and seals nothing any more.
bool succeeded(const Office& office);
base::Hash sealed_under(const keep::BatchRow& row);  // the certificate that a batch names; zero: its bytes are gone
// A receipt (RCP1 || signature) that names another certificate of ours, as the present one says it; nullopt: it is the present one's.
std::optional<base::Bytes> sign_anew(const Office& office, base::View receipt);

}  // namespace adapters::agent::mail
