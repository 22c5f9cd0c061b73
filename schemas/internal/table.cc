// The FlatBuffers builder behind the Writer's door.
#include "schemas/internal/table.h"

#include <flatbuffers/flatbuffers.h>

namespace schemas::internal {

struct Writer::Impl {
  explicit Impl(std::size_t room) : fbb(room) {}
  flatbuffers::FlatBufferBuilder fbb;
  flatbuffers::uoffset_t open = 0;  // start of the table being written
};

namespace {
flatbuffers::voffset_t field(unsigned id) { return flatbuffers::FieldIndexToOffset(static_cast<flatbuffers::voffset_t>(id)); }
}  // namespace

Writer::Writer(std::size_t room) : impl_(std::make_unique<Impl>(room)) {}
Writer::~Writer() = default;

Writer::Ref Writer::text(std::string_view v) { return impl_->fbb.CreateString(v.data(), v.size()).o; }

Writer::Ref Writer::bytes(base::View v) {
  impl_->fbb.ForceVectorAlignment(v.size(), 1, 8);
  return impl_->fbb.CreateVector(v.data(), v.size()).o;
}

Writer::Ref Writer::numbers(std::span<const std::uint16_t> v) { return impl_->fbb.CreateVector(v.data(), v.size()).o; }

Writer::Ref Writer::refs(std::span<const Ref> v) {
  std::vector<flatbuffers::Offset<void>> offsets(v.begin(), v.end());
  return impl_->fbb.CreateVector(offsets).o;
}

void Writer::start() { impl_->open = impl_->fbb.StartTable(); }

void Writer::put(unsigned id, std::uint64_t value, std::size_t width) {
  auto& fbb = impl_->fbb;
  switch (width) {
    case 1: fbb.AddElement<std::uint8_t>(field(id), static_cast<std::uint8_t>(value)); break;
    case 2: fbb.AddElement<std::uint16_t>(field(id), static_cast<std::uint16_t>(value)); break;
    case 4: fbb.AddElement<std::uint32_t>(field(id), static_cast<std::uint32_t>(value)); break;
    default: CHECK(width == 8); fbb.AddElement<std::uint64_t>(field(id), value);
  }
}

void Writer::put_ref(unsigned id, Ref ref) { impl_->fbb.AddOffset(field(id), flatbuffers::Offset<void>(ref)); }

Writer::Ref Writer::end() { return impl_->fbb.EndTable(impl_->open); }

base::Bytes Writer::finish(Ref root) {
  auto& fbb = impl_->fbb;
  fbb.Finish(flatbuffers::Offset<void>(root));
  return {fbb.GetBufferPointer(), fbb.GetBufferPointer() + fbb.GetSize()};
}

}  // namespace schemas::internal
