#include "daemon/cli/pending.hpp"
#include "tests/unit/cli/fake_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace {

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

constexpr const char* kWell =
    R"({"version":"0.1.0","started_at":"2026-11-22T11:00:00.000Z",
        "broker":{"connected":true,"url":"mqtt://b:1883","mqtt_version":5,"since":"2026-11-22T11:30:00.000Z"},
        "devices":{"total":200,"online":180},"jobs":{"Running":1,"Pending":2,"Failed":1},
        "http":{"url":"http://127.0.0.1:8620"},
        "readiness":{"ready":true,"checks":{"store":"ok","broker":"ok","engine":"ok"}},
        "disk":{"free_bytes":32212254720,"total_bytes":64424509440,"free_inodes":9,"total_inodes":9},
        "store":{"healthy":true,"state":"ok","since":null,"detail":""},"counters":{"acks":12,"losses":0}})";

}  // namespace

TEST_CASE("status: a verdict, and what a person asks first") {
    Bench bench;
    bench.gateway.answer("status", kWell);
    bench.gateway.answer("job/list", R"({"items":[{"job":42,"name":"Fan","status":"Running","detail":"",
        "tally":{"selected":10,"succeeded":4,"failed":1,"pending":5}}],"next":null})");
    bench.gateway.answer("job/list",
                         R"({"items":[{"job":43,"name":"Later","status":"Pending","detail":"saved",
        "tally":{}}],"next":null})");
    bench.gateway.answer("job/list", R"({"items":[{"job":40}],"next":null})");
    bench.gateway.answer("job/progress", R"({"items":[
        {"at":"2026-11-22T11:00:00.000Z","succeeded":0,"failed":0,"pending":10},
        {"at":"2026-11-22T11:59:56.000Z","succeeded":2,"failed":1,"pending":7},
        {"at":"2026-11-22T12:00:00.000Z","succeeded":4,"failed":1,"pending":5}]})");
    // Pages are short, or empty, before the list has ended.
    bench.gateway.answer("job/devices", R"({"items":[],"next":"1"})");
    bench.gateway.answer("job/devices", R"({"items":[
        {"device":"d1","detail":"device offline since 2026-11-22T11:00:00.000Z"},
        {"device":"d2","detail":"sent, attempt 2"}],"next":"2"})");
    bench.gateway.answer("job/devices", R"({"items":[
        {"device":"d3","detail":"device offline since 2026-11-22T11:20:00.000Z"}],"next":null})");
    bench.gateway.answer("job/get", R"({"job":40,"name":"Old","status":"Failed","tally":{"failed":3},
        "ended_at":"2026-11-22T11:00:00.000Z","outcomes":[
        {"status":"Failed","reason":"timeout","message":"","count":1},
        {"status":"Failed","reason":"rejected","message":"door open","count":2}]})");
    const Ran ran = bench.run({"status"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(std::ranges::count(ran.out, '\n') <= 24);
    for (const auto* part :
         {"musterd is well\n", "connected to mqtt://b:1883, MQTT 5, since 30 min ago",
          "ok, 30.0 of 60.0 GiB of its disk are free", "200, 180 online", "1 Running, 2 Pending, 0 Completed",
          "http://127.0.0.1:8620", "musterd 0.1.0, started 1 h ago",
          "  job 42  Fan  4 succeeded  1 failed  5 pending  0.5/s\n", "         2  device offline\n",
          "         1  sent\n", "  job 43  Later  saved\n", "  and 1 more: muster job list --status Pending",
          "  job 40  Old  3 failed, 2 rejected: door open, 1 h ago", "since it started: acks 12\n"}) {
        CAPTURE(part);
        CAPTURE(ran.out);
        CHECK(holds(ran.out, part));
    }
    CHECK_FALSE(holds(ran.out, "losses"));
    CHECK_FALSE(holds(ran.out, "doctor"));
}

TEST_CASE("status: what is not well comes first, with the way to more") {
    Bench bench;
    bench.gateway.answer("status",
                         R"({"version":"0.1.0","started_at":"2026-11-22T11:00:00.000Z",
                             "broker":{"connected":true,"url":"mqtt://b:1883","mqtt_version":4,"since":null},
                             "readiness":{"ready":false,"checks":{"store":"full: no space","broker":"ok"}},
                             "disk":{"free_bytes":1048576,"total_bytes":64424509440},
                             "store":{"healthy":false,"state":"full","since":"2026-11-22T11:00:00.000Z",
                                      "detail":"free some space"},"counters":{}})");
    bench.gateway.answer_with("job/list", refused(ErrorCode::unavailable, "the storage is full"));
    const Ran ran = bench.run({"status"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(
        ran.out.starts_with("musterd is not well: store: full: no space\n"
                            "musterd is not well: disk: only 1 MiB are free\n"
                            "  `muster doctor` says what to do\n"));
    CHECK(holds(ran.out, "MQTT 3.1.1"));
    CHECK(holds(ran.out, "full since 1 h ago: free some space"));
}

TEST_CASE("status --json has all that musterd said, and the jobs beside it") {
    Bench bench;
    bench.gateway.answer("status", kWell);
    bench.gateway.answer("job/list", R"({"items":[]})");
    const auto document = json_of(bench.run({"--json", "status"}).out).as_object();
    const auto said = json_of(kWell);
    for (const auto& member : said.as_object()) {
        CHECK(document.at(member.key()) == member.value());
    }
    for (const auto* added : {"running_jobs", "pending_jobs", "failed_jobs"}) {
        CHECK(document.at(added).as_array().empty());
    }
}

TEST_CASE("what executions wait for, without what is of each alone") {
    CHECK(pending_reason("device offline since 2026-11-22T11:00:00.000Z") == "device offline");
    CHECK(pending_reason("sent, attempt 3") == "sent");
    CHECK(pending_reason("in progress: 40 %") == "in progress");
    CHECK(pending_reason("device asked to wait until 2026-11-22T11:00:00.000Z") == "device asked to wait");
    CHECK(pending_reason("waiting for job 41 on this device") == "waiting for job 41 on this device");
    CHECK(pending_reason("") == "");
}

TEST_CASE("what is Pending, in lines") {
    const auto lines = pending_lines({{"device offline", {"d1", "d2", "d3"}}, {"sent", {"d9"}}}, 6);
    REQUIRE(lines.size() == 3);
    CHECK(render(lines[0], false) == "     3  device offline  d[1-3]");
    CHECK(render(lines[1], false) == "     1  sent  d9");
    CHECK(render(lines[2], false) == "     2  more, not looked at");
    CHECK(pending_lines({}, 0).empty());
}
