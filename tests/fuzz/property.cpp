#include "tests/fuzz/property.hpp"

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

namespace muster::fuzz {
namespace {

bool is_short_text(std::string_view text) {
    return text.size() <= limits::kErrorTextBytes && is_text(text);
}

}  // namespace

void require(bool holds, std::string_view property) {
    if (!holds) {
        throw PropertyBroken(std::string(property));
    }
}

void require_good(const Error& error) {
    require(!error.message.empty(), "a refusal says why");
    require(is_short_text(error.message), "a refusal's sentence is short, and text");
    require(error.details.size() <= limits::kErrorDetails + 1, "a refusal has few details");
    for (const auto& detail : error.details) {
        require(is_short_text(detail.field), "a refusal's field is short, and text");
        require(is_short_text(detail.message), "a refusal's detail is short, and text");
    }
}

}  // namespace muster::fuzz
