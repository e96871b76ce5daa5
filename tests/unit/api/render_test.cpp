#include "daemon/api/render.hpp"

#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace muster::api {
namespace {

std::set<std::string> members(const boost::json::object& object) {
    std::set<std::string> names;
    for (const auto& member : object) {
        names.emplace(member.key());
    }
    return names;
}

const std::set<std::string> kJob{"job",        "revision",   "name",       "description", "set",
                                 "selection",  "type",       "operations", "policy",      "status",
                                 "detail",     "tally",      "template",   "parent",      "created_by",
                                 "created_at", "started_at", "ended_at",   "outcomes"};

std::set<std::string> without(std::set<std::string> names, std::initializer_list<const char*> gone) {
    for (const auto* name : gone) {
        names.erase(name);
    }
    return names;
}

}  // namespace

TEST_CASE("A05 A22 SPEC 7.3: a job has exactly these members, fewer in lists and topics") {
    core::Job job;
    CHECK(members(job_json(job, JobDetail::full)) == kJob);
    CHECK(members(job_json(job, JobDetail::listed)) ==
          without(kJob, {"operations", "selection", "outcomes"}));
    CHECK(members(job_json(job, JobDetail::topic)) ==
          without(kJob, {"operations", "selection", "policy", "outcomes"}));
}

TEST_CASE("A28 SPEC 7.3: a job that was not run has neither times nor template, and says why it is Pending") {
    core::Job job;
    const auto json = job_json(job, JobDetail::full);
    for (const auto* member : {"template", "parent", "started_at", "ended_at"}) {
        CHECK(json.at(member).is_null());
    }
    CHECK(json.at("status") == "Pending");
    CHECK(json.at("detail") == "saved, not run yet");
}

TEST_CASE("A29 A31 A32 A33: the tally stands beside the status") {
    core::Job job;
    job.state = core::JobState::running;
    job.tally = {150, 3, 47};
    job.parent = JobId{41};
    job.template_name = "fridge";
    job.template_version = 2;
    job.outcomes = {{core::ExecutionState::failed, core::Reason::rejected, "out of range", 3}};
    const auto json = job_json(job, JobDetail::full);
    CHECK(json.at("status") == "Running");
    CHECK(json.at("detail") == "");
    CHECK(format_json(json.at("tally")) == R"({"selected":200,"succeeded":150,"failed":3,"pending":47})");
    CHECK(format_json(json.at("template")) == R"({"name":"fridge","version":2})");
    CHECK(json.at("parent") == 41);
    CHECK(format_json(json.at("outcomes")) ==
          R"([{"status":"Failed","reason":"rejected","message":"out of range","count":3}])");
}

TEST_CASE("A36 A38 A39 SPEC 7.4: an execution says what became of it, or why it is Pending") {
    test::ApiCaller caller;
    caller.world().add_devices(1, 2);
    caller.world().step(core::StateReceived{test::device_id(1), {{"fanSpeed", 1}}});
    const auto id = caller.world().run(test::settings_job("s"));
    caller.world().answer(caller.world().take_sends().at(0), 400, "out of range");
    const auto& engine = caller.world().engine();
    const auto rows = caller.world().rows(id);
    const auto failed = execution_json(rows[0], caller.world().job(id), engine);
    CHECK(
        format_json(failed) ==
        R"({"device":"d00001","name":"d00001","deleted":false,"status":"Failed","reason":"rejected",)"
        R"("message":"out of range","detail":"","attempts":1,"progress":null,)"
        R"("first_sent_at":"2026-01-01T10:00:00.000Z","last_sent_at":"2026-01-01T10:00:00.000Z",)"
        R"("finished_at":"2026-01-01T10:00:00.000Z","old":{"fanSpeed":1},"new":{"fanSpeed":3},"late":null})");
    const auto pending = execution_json(rows[1], caller.world().job(id), engine);
    CHECK(pending.at("status") == "Pending");
    CHECK(pending.at("reason").is_null());
    CHECK(pending.at("detail") == "sent, attempt 1");
    CHECK(pending.at("old").is_null());
    CHECK(members(pending) == members(failed));
}

TEST_CASE("rule 3: a late answer is told beside the verdict, counted from when it was last asked") {
    core::Execution execution;
    CHECK(late_text(execution).empty());
    execution.last_sent_at = TimePoint{Seconds{100}};
    execution.finished_at = TimePoint{Seconds{110}};
    execution.late_code = 200;
    execution.late_at = TimePoint{Seconds{280}};
    CHECK(late_text(execution) == "answered 200 after 3 min");
    execution.last_sent_at = {};
    CHECK(late_text(execution) == "answered 200 after 2 min 50 s");
}

TEST_CASE("SPEC 7.7: devices and sets") {
    test::ApiCaller caller;
    caller.world().add_devices(1, 1);
    const auto& engine = caller.world().engine();
    CHECK(format_json(device_json(*engine.registry().get("d00001"), engine)) ==
          R"({"device":"d00001","template":"fridge","name":"d00001","tags":{},"properties":{},"settings":{},)"
          R"("reported":{},"online":true,"since":"2026-01-01T10:00:00.000Z","remembers":8,"gateway":false})");
    CHECK(
        format_json(set_json(*engine.catalog().find_set("fridges"))) ==
        R"({"set":"fridges","title":"","description":"","template":"fridge","query":"","revision":1,"broken":null})");
}

TEST_CASE("A47: what drifted, by device id") {
    core::Drift drift{{"a"}, {"b"}, {"c", "d"}, {}};
    CHECK(format_json(drift_json(drift)) ==
          R"({"added":["a"],"left":["b"],"deleted":["c","d"],"broken":null})");
    drift.broken = "its template fridge no longer exists";
    CHECK(drift_json(drift).at("broken") == "its template fridge no longer exists");
}

TEST_CASE("times that have not come are null") {
    CHECK(time_json({}).is_null());
    CHECK(time_json(TimePoint{Milliseconds{1}}) == "1970-01-01T00:00:00.001Z");
}

}  // namespace muster::api
