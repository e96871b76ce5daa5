// Queries of device sets (SPEC 7.10).
#include "daemon/core/query.hpp"
#include "protocol/limits.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/engine_world.hpp"

#include <charconv>

namespace muster::fuzz {
namespace {

std::vector<core::Device> some_devices() {
    core::Device plain;
    plain.id = DeviceId::parse("fridge-1").value();
    core::Device full;
    full.id = DeviceId::parse("d00001").value();
    full.name = "Lobby \xF0\x9F\x98\x80";
    full.online = true;
    full.tags = core::Values({{"site", "oslo"}, {"floor", 2}, {"retired", true}, {"weight", 1.5}});
    full.settings = core::Values({{"fanSpeed", 3}, {"mode", "eco"}});
    full.properties = core::Values({{"location", "hall"}, {"assetTag", ""}, {"serial", "\n"}});
    full.reported = core::Values({{"firmware", "2.0"}, {"fanSpeed", 3.0}, {"list", boost::json::array{1}}});
    auto odd = full;
    odd.tags = core::Values({{"site", 7}, {"floor", "2"}, {"retired", boost::json::object{}}});
    odd.reported = core::Values({{"fanSpeed", INT64_MIN}, {"big", UINT64_MAX}});
    return {plain, full, odd};
}

// "query:<column>", within the text or just behind it.
void require_column(const Error& error, std::string_view text) {
    for (const auto& detail : error.details) {
        if (detail.field.empty()) {
            continue;  // "and there are more"
        }
        std::size_t column = 0;
        const std::string_view field = detail.field;
        require(field.starts_with("query:"), "a mistake says that it is in the query");
        const auto digits = field.substr(6);
        std::from_chars(digits.data(), digits.data() + digits.size(), column);
        require(column >= 1 && column <= text.size() + 1, "a mistake has its place");
    }
}

}  // namespace

void fuzz_query(Input input) {
    static const auto devices = some_devices();
    static const auto fridge = test::fridge_template();
    const auto text = text_of(input);
    const auto query = core::Query::parse(text);
    if (!query) {
        require_good(query.error());
        require_column(query.error(), text);
        return;
    }
    require(text.size() <= limits::kQueryLength, "a query over its limit is refused");
    const auto checked = query->check(*fridge);
    if (!checked) {
        require_good(checked.error());
        require_column(checked.error(), text);
    }
    const auto canonical = query->text();
    if (canonical.size() > limits::kQueryLength) {
        return;  // spaces and escapes were added
    }
    const auto again = core::Query::parse(canonical);
    require(again.has_value(), "the canonical text parses");
    require(again->text() == canonical, "the canonical text is its own");
    require(again->aspects() == query->aspects(), "the canonical text means the same");
    require(again->check(*fridge).has_value() == checked.has_value(), "the canonical text is as right");
    for (const auto& device : devices) {
        require(query->matches(device) == again->matches(device),
                "the canonical text matches the same devices");
    }
}

}  // namespace muster::fuzz
