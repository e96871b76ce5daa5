#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

using test::ApiCaller;
using test::details;
using test::texts;
using Lines = std::vector<std::string>;

struct FakeExaminer final : Examiner {
    boost::json::object examine(bool check_store) override {
        checked = checked || check_store;
        return {{"run", "abc"}, {"disk", disk()}};
    }
    boost::json::object disk() const override { return {{"free_bytes", 7}}; }

    bool checked = false;
};

}  // namespace

TEST_CASE("SPEC 7.15: doctor has what status has, the window, and what the process says of itself") {
    ApiCaller caller;
    caller.gateway().link_window = 19;
    const auto without = caller.call("doctor", "{}", Role::operator_).value();
    CHECK(without.at("window") == 19);
    CHECK_FALSE(without.contains("run"));
    FakeExaminer examiner;
    caller.examine_with(examiner);
    auto found = caller.result("doctor");
    CHECK_FALSE(examiner.checked);
    for (const auto& member : caller.result("status")) {
        CAPTURE(member.key());
        CHECK(found.at(member.key()) == member.value());
    }
    CHECK(found.at("run") == "abc");
    CHECK(found.at("disk").at("free_bytes") == 7);
    CHECK(caller.result("status").at("disk").at("free_bytes") == 7);
    static_cast<void>(caller.result("doctor", R"({"check_store": true})"));
    CHECK(examiner.checked);
    CHECK(details(caller.refusal("doctor", R"({"check_store": 1})")).size() == 1);
    CHECK(is_about_gateway("doctor"));
}

TEST_CASE("audit/list: who did what, newest first, by user, action and subject") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    caller.world().run(test::settings_job("one"));
    REQUIRE(caller.call("job/stop", R"({"job":1})").has_value());
    REQUIRE(caller.call("job/copy", R"({"job":1})").has_value());
    const auto actions = [&caller](const std::string& body) {
        return texts(caller.result("audit/list", body), "action");
    };
    const Lines all = actions("{}");
    REQUIRE(all.size() > 4);
    CHECK(Lines(all.begin(), all.begin() + 4) == Lines{"job/copy", "job/stop", "job/run", "job/save"});
    CHECK(actions(R"({"subject":"1","action":"job/stop"})") == Lines{"job/stop"});
    CHECK(actions(R"({"user":"nobody"})").empty());
    const auto page = caller.result("audit/list", R"({"limit":1})");
    const auto& entry = page.at("items").at(0);
    CHECK(entry.at("user") == "anna");
    CHECK(entry.at("subject") == "2");
    CHECK(format_json(entry.at("detail")) == R"({"from":"1"})");
    CHECK(entry.at("at").is_string());
    const auto number = entry.at("number").to_number<std::uint64_t>();
    CHECK(format_json(page.at("next")) == "\"" + std::to_string(number) + "\"");
    CHECK(actions(R"({"limit":1,"cursor":")" + std::to_string(number) + "\"}") == Lines{"job/stop"});
    for (const auto* wrong : {"0", "x", "-1"}) {
        CHECK(details(caller.refusal("audit/list", R"({"cursor":")" + std::string(wrong) + "\"}")) ==
              Lines{"cursor: is not one that an earlier page gave"});
    }
}

TEST_CASE("session/get says who is asking, and may what") {
    ApiCaller caller;
    caller.gateway().version = "1.2.3";
    const auto session = caller.call("session/get", "{}", Role::viewer).value();
    CHECK(format_json(session) == R"({"user":"anna","role":"viewer","version":"1.2.3"})");
}

}  // namespace muster::api
