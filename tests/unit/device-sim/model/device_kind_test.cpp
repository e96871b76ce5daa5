#include "device-sim/model/device_kind.hpp"

#include <doctest/doctest.h>

using namespace muster::sim;
namespace json = boost::json;

TEST_CASE("A refrigerator reports what its template expects, and takes its own first values") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const json::object state = initial_state("refrigerator", Random(seed));
        CHECK(state.at("fanSpeed").is_number());
        CHECK(state.at("temperature").is_double());
        CHECK((state.at("firmware") == "1.3.0" || state.at("firmware") == "1.4.0"));
        for (const auto& [name, value] : state) {
            CHECK(complaint("refrigerator", name, value).empty());
        }
    }
}

TEST_CASE("A refrigerator refuses what no refrigerator can do") {
    CHECK(complaint("refrigerator", "fanSpeed", 10).empty());
    CHECK(complaint("refrigerator", "fanSpeed", 11) == "out of range");
    CHECK(complaint("refrigerator", "fanSpeed", -1) == "out of range");
    CHECK(complaint("refrigerator", "fanSpeed", 2.5) == "not a whole number");
    CHECK(complaint("refrigerator", "fanSpeed", "fast") == "not a number");
    CHECK(complaint("refrigerator", "fanSpeed", nullptr) == "not a number");
    CHECK(complaint("refrigerator", "targetTemperature", -18.5).empty());
    CHECK(complaint("refrigerator", "targetTemperature", 90) == "out of range");
    CHECK(complaint("refrigerator", "light", "eco").empty());
}

TEST_CASE("Other kinds take anything") {
    CHECK(complaint("coffee-machine", "fanSpeed", "fast").empty());
    CHECK(default_prefix("coffee-machine") == "device-");
    CHECK(default_prefix("refrigerator") == "fridge-");
    CHECK(default_tags("coffee-machine").empty());
    CHECK(default_tags("refrigerator").size() == 2);
    CHECK(device_name("refrigerator", 17) == "Refrigerator 17");
}
