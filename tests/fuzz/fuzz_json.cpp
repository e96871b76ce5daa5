// The one way in which bytes become JSON, and JSON bytes.
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>

namespace muster::fuzz {
namespace {

std::size_t depth_of(const boost::json::value& value) {
    std::size_t deepest = 0;
    if (const auto* array = value.if_array()) {
        for (const auto& item : *array) {
            deepest = std::max(deepest, depth_of(item));
        }
        return deepest + 1;
    }
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            deepest = std::max(deepest, depth_of(member.value()));
        }
        return deepest + 1;
    }
    return 0;
}

}  // namespace

void fuzz_json(Input input) {
    const auto value = parse_json(text_of(input), limits::kRequestBytes, limits::kJsonDepth);
    if (!value) {
        require_good(value.error());
        return;
    }
    require(is_text(text_of(input)), "JSON is UTF-8 without NUL");
    require(depth_of(*value) <= limits::kJsonDepth, "JSON keeps its depth");
    const auto written = format_json(*value);
    require(is_text(written), "JSON is written as text");
    const auto again = parse_json(written, 2 * limits::kRequestBytes, limits::kJsonDepth);
    require(again.has_value() && *again == *value, "what was read is written so that it reads the same");
    require(format_json(*again) == written, "there is one way to write a value");
}

}  // namespace muster::fuzz
