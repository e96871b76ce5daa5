#include "daemon/core/member_text.hpp"

#include "daemon/core/values.hpp"
#include "protocol/codec.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <string>

namespace muster::core {
namespace {

std::string found(const Values& values, std::string_view name) {
    return std::string(member_text(values.text(), member_key(name)));
}

}  // namespace

TEST_CASE("each member is found as the text that its value alone would have") {
    const boost::json::object object{{"a", 1},
                                     {"b", "x,\"}:{\\"},
                                     {"c", {{"a", 2}, {"z", {1, "]", {{"k", "}"}}}}}},
                                     {"d\"e\\", 2.5},
                                     {"f", true},
                                     {"g", boost::json::array{}},
                                     {"h", ""},
                                     {"\\", "\\"},
                                     {"zeta", -1e300},
                                     {"\u00e5", "\u00e5\n"}};
    const Values values(object);
    for (const auto& [name, value] : object) {
        CAPTURE(std::string(name));
        CHECK(found(values, name) == format_json(value));
    }
    CHECK(found(values, "z").empty());    // of a member's value
    CHECK(found(values, "zet").empty());  // a part of one
    CHECK(found(values, "zetas").empty());
    CHECK(found(values, "").empty());
    CHECK(found(values, "x").empty());
}

TEST_CASE("no values have no members, and one value is the first and the last") {
    CHECK(found(Values(), "a").empty());
    CHECK(found(Values({{"a", "b"}}), "b").empty());
    CHECK(found(Values({{"a", "b"}}), "a") == R"("b")");
    CHECK(found(Values({{"a", 10}}), "a") == "10");
}

TEST_CASE("a text that is cut short is not read beyond its end") {
    const Values values({{"a", {{"b", "c\\\"d"}}}, {"e", "f"}});
    for (std::size_t size = 0; size < values.text().size(); ++size) {
        for (const auto* name : {"a", "e", "x"}) {
            const std::string text(values.text().substr(0, size));
            CHECK(member_text(text, member_key(name)).size() <= size);
        }
    }
}

}  // namespace muster::core
