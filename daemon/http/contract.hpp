// openapi.yaml, as the program carries it.
#pragma once

#include <string_view>

namespace muster::http {

[[nodiscard]] std::string_view contract();

}  // namespace muster::http
