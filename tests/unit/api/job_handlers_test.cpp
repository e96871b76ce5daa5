#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace muster::api {
namespace {

using test::ApiCaller;
using test::details;
using test::texts;
using Lines = std::vector<std::string>;

// Saves `count` jobs on the one device; those named are run, and stay Running
// since the device does not answer.
void save_jobs(ApiCaller& caller, int count, std::initializer_list<int> running) {
    caller.world().add_devices(1, 1);
    for (int job = 1; job <= count; ++job) {
        const auto runs = std::find(running.begin(), running.end(), job) != running.end();
        core::request::SaveJob asked;
        asked.spec = test::settings_job("job " + std::to_string(job));
        asked.run = runs;
        REQUIRE(caller.world().ask(asked).has_value());
    }
}

// Page after page until the end.
Lines all_pages(ApiCaller& caller, const std::string& limit, const std::string& more = {}) {
    Lines found;
    std::string cursor;
    for (int pages = 0; pages < 50; ++pages) {
        const auto page = caller.result(
            "job/list", "{\"limit\":" + limit + more +
                            (cursor.empty() ? std::string{} : ",\"cursor\":\"" + cursor + "\"") + "}");
        const auto jobs = texts(page, "job");
        found.insert(found.end(), jobs.begin(), jobs.end());
        if (page.at("next").is_null()) {
            return found;
        }
        cursor = std::string(page.at("next").as_string());
    }
    return {"no end"};
}

const std::string kSave =
    R"({"name":"Night","description":"quiet hours","set":"fridges","type":"settings","operations":[{"name":"fanSpeed","value":1}])";

}  // namespace

TEST_CASE("A19: running jobs come first, the newest first in each group, however the pages are cut") {
    ApiCaller caller;
    save_jobs(caller, 9, {2, 5, 8});
    const Lines expected{"8", "5", "2", "9", "7", "6", "4", "3", "1"};
    for (const auto* limit : {"1", "2", "3", "4", "9", "100"}) {
        CAPTURE(limit);
        CHECK(all_pages(caller, limit) == expected);
    }
}

TEST_CASE("A19: a job that begins or ends between two pages hides no other") {
    ApiCaller caller;
    save_jobs(caller, 6, {2, 4});
    const auto page = caller.result("job/list", R"({"limit":1})");
    CHECK(texts(page, "job") == Lines{"4"});
    REQUIRE(caller.call("job/stop", R"({"job":4})").has_value());
    const auto rest = caller.result("job/list", R"({"cursor":"r4"})");
    CHECK(texts(rest, "job") == Lines{"2", "6", "5", "4", "3", "1"});
}

TEST_CASE("A05: jobs are found by words of their name or description, in any case") {
    ApiCaller caller;
    save_jobs(caller, 3, {});
    REQUIRE(caller.call("job/save", kSave + "}").has_value());
    CHECK(texts(caller.result("job/list", R"({"search":"NIGHT"})"), "job") == Lines{"4"});
    CHECK(texts(caller.result("job/list", R"({"search":"quiet"})"), "job") == Lines{"4"});
    CHECK(texts(caller.result("job/list", R"({"search":"job"})"), "job") == Lines{"3", "2", "1"});
    CHECK(texts(caller.result("job/list", R"({"search":"nothing"})"), "job").empty());
    CHECK(all_pages(caller, "1", R"(,"search":"job")") == Lines{"3", "2", "1"});
}

TEST_CASE("A18: jobs of one status") {
    ApiCaller caller;
    save_jobs(caller, 4, {2});
    CHECK(texts(caller.result("job/list", R"({"status":"Running"})"), "job") == Lines{"2"});
    CHECK(texts(caller.result("job/list", R"({"status":"Pending"})"), "job") == Lines{"4", "3", "1"});
    CHECK(details(caller.refusal("job/list", R"({"status":"running"})")) ==
          Lines{"status: is running; Pending, Running, Completed, Failed and Stopped are allowed"});
}

TEST_CASE("A18: jobs of one type, and of one device set") {
    ApiCaller caller;
    save_jobs(caller, 2, {});
    REQUIRE(caller.call("set/put", R"({"set":"others","template":"fridge"})").has_value());
    REQUIRE(caller
                .call("job/save",
                      R"({"name":"Beep","set":"others","type":"commands","operations":[{"name":"beep"}]})")
                .has_value());
    CHECK(texts(caller.result("job/list", R"({"type":"commands"})"), "job") == Lines{"3"});
    CHECK(texts(caller.result("job/list", R"({"type":"properties"})"), "job").empty());
    CHECK(texts(caller.result("job/list", R"({"set":"fridges"})"), "job") == Lines{"2", "1"});
    CHECK(texts(caller.result("job/list", R"({"set":"others","type":"settings"})"), "job").empty());
    CHECK(all_pages(caller, "1", R"(,"type":"settings")") == Lines{"2", "1"});
    CHECK(details(caller.refusal("job/list", R"({"type":"Commands"})")) ==
          Lines{"type: is Commands; settings, properties and commands are allowed"});
}

TEST_CASE("a cursor that no page gave is refused") {
    ApiCaller caller;
    for (const auto* cursor : {"x", "r", "e0", "e-1", "41", "x41"}) {
        CAPTURE(cursor);
        CHECK(details(caller.refusal("job/list", R"({"cursor":")" + std::string(cursor) + "\"}")) ==
              Lines{"cursor: is not one that an earlier page gave"});
    }
}

TEST_CASE("A16 A20: save keeps a job, which is opened again, edited, and run") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    const auto saved = caller.result("job/save", kSave + "}");
    CHECK(saved.at("status") == "Pending");
    CHECK(saved.at("created_by") == "anna");
    CHECK(caller.result("job/get", R"({"job":1})") == saved);
    const auto edited = caller.result("job/save", kSave + R"(,"job":1,"revision":1,"policy":{"window":5}})");
    CHECK(edited.at("revision") == 2);
    CHECK(caller.refusal("job/save", kSave + R"(,"job":1,"revision":1})").code == ErrorCode::conflict);
    CHECK(caller.world().take_sends().empty());
    CHECK(caller.result("job/run", R"({"job":1})").at("status") == "Running");
    CHECK(caller.world().take_sends().size() == 1);
    CHECK(caller.refusal("job/save", kSave + R"(,"job":1})").code == ErrorCode::conflict);
}

TEST_CASE("a job is saved with run, or with neither run nor digest") {
    ApiCaller caller;
    CHECK(details(caller.refusal("job/save", kSave + R"(,"digest":"00"})")) ==
          Lines{"digest: goes with run"});
}

TEST_CASE("what there is not is said to be not there, by every verb on jobs") {
    ApiCaller caller;
    for (const auto* verb : {"job/run", "job/stop", "job/copy", "job/rerun", "job/delete", "job/get",
                             "job/devices", "job/csv", "job/plan", "job/progress"}) {
        CAPTURE(verb);
        const auto refused = caller.refusal(verb, R"({"job":7})");
        CHECK(refused.code == ErrorCode::not_found);
        CHECK(refused.message == "there is no job 7");
    }
}

TEST_CASE("B12: a rerun takes the failed devices, of one reason or one message if wanted") {
    ApiCaller caller;
    caller.world().add_devices(1, 4);
    caller.world().run(test::settings_job("s"));
    const auto sends = caller.world().take_sends();
    caller.world().answer(sends[0], 400, "door open");
    caller.world().answer(sends[1], 400, "out of range");
    caller.world().answer(sends[2], 500, "door open");
    caller.world().answer(sends[3], 200);
    const auto selected = [&caller](const std::string& more) {
        return format_json(caller.result("job/rerun", R"({"job":1)" + more + "}").at("selection"));
    };
    CHECK(selected("") == R"({"devices":["d00001","d00002","d00003"]})");
    CHECK(selected(R"(,"reason":"rejected")") == R"({"devices":["d00001","d00002"]})");
    CHECK(selected(R"(,"message":"door open")") == R"({"devices":["d00001","d00003"]})");
    CHECK(selected(R"(,"reason":"device_error","message":"door open")") == R"({"devices":["d00003"]})");
    CHECK(caller.result("job/get", R"({"job":2})").at("parent") == 1);
    CHECK(details(caller.refusal("job/rerun", R"({"job":1,"reason":"bad"})")).size() == 1);
    CHECK(caller.refusal("job/rerun", R"({"job":1,"reason":"timeout"})").code == ErrorCode::conflict);
}

TEST_CASE("A45 A46: a copy is a saved job of its own") {
    ApiCaller caller;
    save_jobs(caller, 1, {1});
    const auto before = caller.result("job/get", R"({"job":1})");
    const auto copy = caller.result("job/copy", R"({"job":1})");
    CHECK(copy.at("name") == "job 1 copy");
    CHECK(copy.at("status") == "Pending");
    CHECK(format_json(copy.at("drift")) == R"({"added":[],"left":[],"deleted":[],"broken":null})");
    CHECK(caller.result("job/get", R"({"job":1})") == before);
}

TEST_CASE("a deleted job is gone, with its executions") {
    ApiCaller caller;
    save_jobs(caller, 1, {1});
    CHECK(caller.refusal("job/delete", R"({"job":1})").code == ErrorCode::conflict);
    CHECK(caller.result("job/stop", R"({"job":1})").at("status") == "Stopped");
    CHECK(caller.result("job/delete", R"({"job":1})").empty());
    CHECK(caller.refusal("job/get", R"({"job":1})").code == ErrorCode::not_found);
    CHECK(caller.world().rows(JobId{1}).empty());
}

}  // namespace muster::api
