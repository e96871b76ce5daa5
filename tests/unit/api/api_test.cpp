#include "daemon/api/api.hpp"

#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace muster::api {
namespace {

using test::ApiCaller;
using test::details;

// SPEC 7.9, column "role".
const std::map<std::string_view, Role> kRoles{
    {"job/save", Role::operator_},   {"job/plan", Role::viewer},     {"job/run", Role::operator_},
    {"job/stop", Role::operator_},   {"job/copy", Role::operator_},  {"job/rerun", Role::operator_},
    {"job/delete", Role::operator_}, {"job/get", Role::viewer},      {"job/list", Role::viewer},
    {"job/devices", Role::viewer},   {"job/csv", Role::viewer},      {"device/list", Role::viewer},
    {"device/get", Role::viewer},    {"device/put", Role::admin},    {"device/delete", Role::admin},
    {"set/list", Role::viewer},      {"set/get", Role::viewer},      {"set/put", Role::admin},
    {"set/delete", Role::admin},     {"set/preview", Role::viewer},  {"template/list", Role::viewer},
    {"template/get", Role::viewer},  {"template/put", Role::admin},  {"template/delete", Role::admin},
    {"status", Role::viewer},        {"device/jobs", Role::viewer},  {"audit/list", Role::operator_},
    {"session/get", Role::viewer},   {"job/progress", Role::viewer}, {"metrics", Role::viewer},
    {"console/open", Role::viewer},  {"doctor", Role::operator_},
};

}  // namespace

TEST_CASE("SPEC 7.9: the verbs are those of the table, each for its role") {
    CHECK(verbs().size() == kRoles.size());
    for (const auto& verb : verbs()) {
        CAPTURE(verb.name);
        REQUIRE(kRoles.contains(verb.name));
        CHECK(verb.least == kRoles.at(verb.name));
    }
}

TEST_CASE("SPEC 7.9: a role below the verb's is refused, whatever the request holds") {
    ApiCaller caller;
    for (const auto& verb : verbs()) {
        for (const auto role : {Role::none, Role::viewer, Role::operator_, Role::admin}) {
            CAPTURE(verb.name);
            CAPTURE(to_string(role));
            const auto result = caller.call(verb.name, R"({"no_such_member": 1})", role);
            REQUIRE_FALSE(result.has_value());
            CHECK((result.error().code == ErrorCode::forbidden) == (role < verb.least));
        }
    }
    CHECK(caller.call("job/run", "{}", Role::viewer).error().message ==
          "the user anna has the role viewer; job/run needs operator (a user's role is in the daemon's "
          "configuration, "
          "a token's in its file)");
}

TEST_CASE("SPEC 6.2: a member that a verb does not know is refused by name, at every verb") {
    ApiCaller caller;
    for (const auto& verb : verbs()) {
        CAPTURE(verb.name);
        const auto refused = caller.refusal(verb.name, R"({"no_such_member": 1})");
        CHECK(refused.code == ErrorCode::invalid);
        const auto named = details(refused);
        CHECK(std::find(named.begin(), named.end(), "no_such_member: is not known here") != named.end());
    }
}

TEST_CASE("a verb that does not exist is refused by name") {
    ApiCaller caller;
    for (const auto* verb : {"", "job", "job/", "job/list/", "Job/list", "job/explode"}) {
        const auto refused = caller.refusal(verb);
        CHECK(refused.code == ErrorCode::not_found);
        CHECK(refused.message == "there is no verb " + std::string(verb));
    }
}

TEST_CASE("roles and their texts") {
    for (const auto role : {Role::none, Role::viewer, Role::operator_, Role::admin}) {
        CHECK(parse_role(to_string(role)) == role);
    }
    CHECK(to_string(Role::operator_) == "operator");
    CHECK_FALSE(parse_role("root").has_value());
    CHECK_FALSE(parse_role("").has_value());
}

TEST_CASE("SPEC 6.3: the envelope of a reply") {
    const auto text = [](std::string_view id, const Result<boost::json::object>& result) {
        return format_json(reply_json(id, result));
    };
    CHECK(text("a1", boost::json::object{{"job", 1}}) == R"({"id":"a1","ok":true,"result":{"job":1}})");
    CHECK(text("", boost::json::object{}) == R"({"ok":true,"result":{}})");
    CHECK(text("", make_error(ErrorCode::not_found, "no")) ==
          R"({"ok":false,"error":{"code":"not_found","message":"no"}})");
    CHECK(
        text("a1", make_error(ErrorCode::invalid, "no", {{"name", "is missing"}})) ==
        R"({"id":"a1","ok":false,"error":{"code":"invalid","message":"no","details":[{"field":"name","message":"is missing"}]}})");
}

TEST_CASE("SPEC 7.6: the limits of a page, at every list") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    caller.world().run(test::settings_job("s"));
    const std::map<std::string, std::string> lists{{"job/list", ""},
                                                   {"job/devices", R"("job": 1,)"},
                                                   {"job/csv", R"("job": 1,)"},
                                                   {"device/list", ""},
                                                   {"set/list", ""},
                                                   {"set/preview", R"("set": "fridges",)"},
                                                   {"template/list", ""}};
    for (const auto& [verb, members] : lists) {
        CAPTURE(verb);
        for (const auto* limit : {"1", "1000"}) {
            CHECK(caller.call(verb, "{" + members + R"("limit":)" + limit + "}").has_value());
        }
        for (const auto* limit : {"0", "1001", "-1", "1.5", "\"10\"", "null"}) {
            CAPTURE(limit);
            const auto refused = caller.refusal(verb, "{" + members + R"("limit":)" + limit + "}");
            REQUIRE(refused.details.size() == 1);
            CHECK(refused.details[0].field == "limit");
        }
    }
}

TEST_CASE("status says how many devices and jobs there are, and how the store and the broker are") {
    ApiCaller caller;
    caller.world().add_devices(1, 2);
    caller.world().add_devices(3, 3, false);
    caller.world().run(test::settings_job("s"));
    caller.gateway().store = {store::StoreState::full, "free some space"};
    caller.gateway().store_since = parse_utc("2026-01-01T10:00:00Z").value();
    const auto status = caller.result("status");
    CHECK(format_json(status.at("devices")) == R"({"total":3,"online":2})");
    CHECK(format_json(status.at("jobs")) ==
          R"({"Pending":0,"Running":1,"Completed":0,"Failed":0,"Stopped":0})");
    CHECK(
        format_json(status.at("store")) ==
        R"({"healthy":false,"state":"full","since":"2026-01-01T10:00:00.000Z","detail":"free some space"})");
    CHECK(format_json(status.at("readiness")) ==
          R"({"ready":false,"checks":{"store":"full: free some space",)"
          R"("broker":"not connected to the broker","engine":"ok"}})");
    CHECK(status.at("broker").at("since").is_null());
}

}  // namespace muster::api
