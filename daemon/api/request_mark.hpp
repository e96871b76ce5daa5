// The member `key` of requests that make or run a job: repeated with the same key
// after a lost answer, they do it once (SPEC 7.12).
//
// Threads: pure functions.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/api/fields.hpp"

#include <string>

namespace muster::api {

// "" when it is not given. Notes a mistake when it is no key.
[[nodiscard]] std::string read_key(Fields& fields);
// With a digest of verb and members, whatever their order is; empty without a key.
[[nodiscard]] core::RequestMark read_mark(Fields& fields, const Call& call);

}  // namespace muster::api
