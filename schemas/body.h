// Body <-> bytes: the versioned FlatBuffer inside a sealed message (schemas/body.fbs). Only agents use this.
// decode verifies the buffer; unknown payload types become Opaque with their bytes kept; unknown fields of newer minor versions are
// ignored by reading and kept by forwarding the original bytes. Errors (kMalformed, kUnsupported) never quote contents.
#pragma once

#include "crypto/base/result.h"
#include "schemas/model.h"
#include "schemas/registry.h"

namespace schemas {

base::Bytes encode_body(const Body& body);
base::Result<Body> decode_body(base::View bytes);
MsgKind kind_of(const Payload& payload);  // Opaque: by its type name

}  // namespace schemas
