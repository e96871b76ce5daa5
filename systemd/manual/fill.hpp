// Texts with places to fill: "%name%".
//
// Threads: pure function.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace muster::manual {

using Pieces = std::map<std::string, std::string, std::less<>>;

// Each "%name%" becomes its piece, or nothing; a percent sign elsewhere stays. Pieces are not looked into.
[[nodiscard]] std::string filled(std::string_view text, const Pieces& pieces);

}  // namespace muster::manual
