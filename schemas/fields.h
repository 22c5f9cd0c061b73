// Field lists: how code walks a struct by name without knowing it. For each listed struct T there is
//   fields(Tag<T>{}, f), which calls f(id, name, &T::member) for every field; the id is the one in the .fbs.
// model_fields.h lists the canonical model; the codecs, the JSON forms and the tests all read it.
#pragma once

namespace schemas {

template <class T>
struct Tag {};

}  // namespace schemas
