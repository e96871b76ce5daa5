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

// Job 1 on five devices: two rejected alike, one broken, one done, one Pending.
void play_job(ApiCaller& caller) {
    caller.world().add_devices(1, 5);
    caller.world().run(test::settings_job("s"));
    const auto sends = caller.world().take_sends();
    caller.world().answer(sends.at(0), 400, "door open");
    caller.world().answer(sends.at(1), 400, "door open");
    caller.world().answer(sends.at(2), 500, "no fan");
    caller.world().answer(sends.at(3), 200);
}

Lines devices(ApiCaller& caller, const std::string& more) {
    return texts(caller.result("job/devices", R"({"job":1)" + more + "}"), "device");
}

const std::string kSpec =
    R"("name":"n","set":"fridges","type":"settings","operations":[{"name":"fanSpeed","value":3}])";

}  // namespace

TEST_CASE("A34 A36: the devices of a job, by status, reason and message") {
    ApiCaller caller;
    play_job(caller);
    CHECK(devices(caller, "") == Lines{"d00001", "d00002", "d00003", "d00004", "d00005"});
    CHECK(devices(caller, R"(,"status":"Failed")") == Lines{"d00001", "d00002", "d00003"});
    CHECK(devices(caller, R"(,"status":"Completed")") == Lines{"d00004"});
    CHECK(devices(caller, R"(,"status":"Pending")") == Lines{"d00005"});
    CHECK(devices(caller, R"(,"reason":"device_error")") == Lines{"d00003"});
    CHECK(devices(caller, R"(,"message":"door open")") == Lines{"d00001", "d00002"});
    CHECK(devices(caller, R"(,"message":"door")").empty());
    CHECK(details(caller.refusal("job/devices", R"({"job":1,"status":"Running"})")) ==
          Lines{"status: is Running; Completed, Failed and Pending are allowed"});
    CHECK(details(caller.refusal("job/devices", R"({"job":1,"reason":"bad luck"})")) ==
          Lines{"reason: is bad luck; it is none of the reasons of a failure"});
}

TEST_CASE("SPEC 7.6: pages of a filtered list leave nothing out and repeat nothing") {
    ApiCaller caller;
    play_job(caller);
    const auto first = caller.result("job/devices", R"({"job":1,"status":"Failed","limit":2})");
    CHECK(texts(first, "device") == Lines{"d00001", "d00002"});
    REQUIRE(first.at("next").is_string());
    const auto cursor = std::string(first.at("next").as_string());
    const auto second =
        caller.result("job/devices", R"({"job":1,"status":"Failed","limit":2,"cursor":")" + cursor + "\"}");
    CHECK(texts(second, "device") == Lines{"d00003"});
    CHECK(second.at("next").is_null());
    for (const auto* wrong : {"x", "-1", "1x", "4294967296"}) {
        CHECK(details(caller.refusal("job/devices", R"({"job":1,"cursor":")" + std::string(wrong) + "\"}")) ==
              Lines{"cursor: is not one that an earlier page gave"});
    }
}

TEST_CASE("B06: a plan tells what a run would do to each device, and publishes nothing") {
    ApiCaller caller;
    caller.world().add_devices(1, 3);
    caller.world().add_devices(4, 4, false);
    caller.world().step(core::StateReceived{test::device_id(1), {{"fanSpeed", 1}}});
    caller.world().step(core::StateReceived{test::device_id(2), {{"fanSpeed", 3}}});
    const auto plan = caller.result("job/plan", "{" + kSpec + "}");
    CHECK(texts(plan, "effect") == Lines{"change", "equal", "unknown", "offline"});
    CHECK(texts(plan, "changes").at(0) == R"([{"name":"fanSpeed","old":1,"new":3}])");
    CHECK(
        format_json(plan.at("counts")) ==
        R"({"change":1,"equal":1,"unknown":1,"offline":1,"unsupported":0,"out_of_range":0,"apply":0,"call":0})");
    CHECK(plan.at("messages") == 4);
    CHECK(plan.at("refused").is_null());
    CHECK(caller.world().take_sends().empty());
    CHECK(caller.world().engine().jobs().empty());
    const auto page = caller.result("job/plan", "{" + kSpec + R"(,"limit":2,"cursor":"1"})");
    CHECK(texts(page, "device") == Lines{"d00002", "d00003"});
    const auto digest = std::string(plan.at("digest").as_string());
    CHECK(page.at("next").as_string() == "3." + digest);
    CHECK(page.at("digest").as_string() == digest);
}

TEST_CASE("the pages of a plan are of one plan, until it is forgotten") {
    ApiCaller caller;
    caller.world().add_devices(1, 4);
    const auto page_at = [&caller](const std::string& cursor) {
        return caller.result("job/plan", "{" + kSpec + R"(,"limit":2,"cursor":")" + cursor + "\"}");
    };
    const auto first = page_at("");
    const auto digest = std::string(first.at("digest").as_string());
    caller.world().presence(4, false);
    const auto second = page_at(std::string(first.at("next").as_string()));
    CHECK(second.at("digest").as_string() == digest);
    CHECK(texts(second, "device") == Lines{"d00003", "d00004"});
    CHECK(texts(second, "effect") == Lines{"unknown", "unknown"});
    CHECK(second.at("next").is_null());
    const auto anew = page_at("2.0123");
    CHECK(anew.at("digest").as_string() != digest);
    CHECK(texts(anew, "effect") == Lines{"unknown", "offline"});
}

TEST_CASE("a plan is of a saved job or of a specification, and of one of them") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    const auto job = caller.result("job/save", "{" + kSpec + "}");
    CHECK(caller.result("job/plan", R"({"job":1})").at("digest") ==
          caller.result("job/plan", "{" + kSpec + "}").at("digest"));
    CHECK(details(caller.refusal("job/plan", R"({"job":1,)" + kSpec + "}")) ==
          Lines{"job: cannot be given with a specification"});
    CHECK(details(caller.refusal("job/plan")) ==
          Lines{"job: is missing; name a saved job, or give a specification"});
    REQUIRE(caller.call("job/run", R"({"job":1})").has_value());
    CHECK(caller.refusal("job/plan", R"({"job":1})").code == ErrorCode::conflict);
}

TEST_CASE("A34: the devices of a job, in an order of one's choice and by a part of their id") {
    ApiCaller caller;
    play_job(caller);
    const auto all = [&caller](const std::string& more) {
        Lines found;
        std::string cursor;
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = caller.result("job/devices", R"({"job":1,"limit":2)" + more + cursor + "}");
            const auto part = texts(page, "device");
            found.insert(found.end(), part.begin(), part.end());
            if (page.at("next").is_null()) {
                break;
            }
            cursor = R"(,"cursor":")" + std::string(page.at("next").as_string()) + "\"";
        }
        return found;
    };
    CHECK(all(R"(,"order":"desc")") == Lines{"d00005", "d00004", "d00003", "d00002", "d00001"});
    CHECK(all(R"(,"sort":"device","order":"desc")") == all(R"(,"order":"desc")"));
    CHECK(all(R"(,"sort":"status")") == Lines{"d00005", "d00004", "d00001", "d00002", "d00003"});
    CHECK(all(R"(,"sort":"status","order":"desc")") ==
          Lines{"d00003", "d00002", "d00001", "d00004", "d00005"});
    CHECK(all(R"(,"sort":"finished_at","status":"Failed")") == Lines{"d00001", "d00002", "d00003"});
    CHECK(all(R"(,"sort":"attempts")").size() == 5);
    CHECK(all(R"(,"sort":"last_sent_at")").size() == 5);
    CHECK(all(R"(,"search":"D0000")").size() == 5);
    CHECK(all(R"(,"search":"3")") == Lines{"d00003"});
}

TEST_CASE("SPEC 7.6: a cursor of another order is refused, and so is an order that is none") {
    ApiCaller caller;
    play_job(caller);
    const auto next = [&caller](const std::string& more) {
        const auto page = caller.result("job/devices", R"({"job":1,"limit":2)" + more + "}");
        return R"(,"cursor":")" + std::string(page.at("next").as_string()) + "\"";
    };
    const auto refused = [&caller](const std::string& more) {
        return details(caller.refusal("job/devices", R"({"job":1)" + more + "}"));
    };
    const Lines other{"cursor: is of a list in another order"};
    const std::string by_status = R"(,"sort":"status")";
    CHECK(refused(by_status + next("")) == other);
    CHECK(refused(next(by_status)) == other);
    CHECK(refused(by_status + R"(,"order":"desc")" + next(by_status)) == other);
    CHECK(refused(R"(,"sort":"attempts")" + next(by_status)) == other);
    for (const auto* wrong : {"status.asc.x.1", "status.asc.1.x", "status.asc.1.", "status.asc..1"}) {
        CAPTURE(wrong);
        CHECK(refused(by_status + R"(,"cursor":")" + wrong + "\"") ==
              Lines{"cursor: is not one that an earlier page gave"});
    }
    CHECK(refused(R"(,"sort":"luck","order":"up")") ==
          Lines{"sort: is luck; ordinal, device, status, attempts, last_sent_at and finished_at are allowed",
                "order: is up; asc and desc are allowed"});
}

}  // namespace muster::api
