// What keeps a request from being carried out twice, or on something that is not
// as its sender saw it: keys, revisions, versions.
#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

using test::ApiCaller;
using test::details;
using Lines = std::vector<std::string>;

const std::string kSpec =
    R"("name":"n","set":"fridges","type":"settings","operations":[{"name":"fanSpeed","value":3}])";

std::uint64_t job_of(const boost::json::object& answer) {
    return answer.at("job").to_number<std::uint64_t>();
}

// The refusal of `body` is a conflict, and says this of the field.
void check_changed(ApiCaller& caller, std::string_view verb, const std::string& body,
                   const std::string& detail) {
    CAPTURE(body);
    const auto refused = caller.refusal(verb, body);
    CHECK(refused.code == ErrorCode::conflict);
    CHECK(details(refused) == Lines{detail});
}

}  // namespace

TEST_CASE("SPEC 7.12: a request that makes a job makes it once, after a restart too") {
    ApiCaller caller;
    caller.world().add_devices(1, 2);
    const auto body = "{" + kSpec + R"(,"run":true,"key":"k1"})";
    const auto first = caller.result("job/save", body);
    CHECK(caller.result("job/save", body) == first);
    const auto sends = caller.world().take_sends();
    CHECK(sends.size() == 2);
    caller.world().restart();
    CHECK(job_of(caller.result("job/save", body)) == 1);
    caller.world().answer(sends[0], 200);
    caller.world().answer(sends[1], 400);
    CHECK(caller.result("job/save", body).at("status") == "Failed");

    const auto copy = caller.result("job/copy", R"({"job":1,"key":"k2"})");
    CHECK(job_of(copy) == 2);
    CHECK(caller.result("job/copy", R"({"job":1,"key":"k2"})") == copy);
    const auto rerun = caller.result("job/rerun", R"({"job":1,"key":"k3"})");
    CHECK(job_of(rerun) == 3);
    CHECK(job_of(caller.result("job/rerun", R"({"key":"k3","job":1})")) == 3);
    caller.world().restart();
    CHECK(job_of(caller.result("job/copy", R"({"job":1,"key":"k2"})")) == 2);
    CHECK(job_of(caller.result("job/rerun", R"({"job":1,"key":"k3"})")) == 3);
    CHECK(caller.world().engine().jobs().size() == 3);
    CHECK(job_of(caller.result("job/save", "{" + kSpec + "}")) == 4);
    CHECK(job_of(caller.result("job/save", "{" + kSpec + "}")) == 5);
}

TEST_CASE("SPEC 7.12: a key is one user's, of one request, for as long as its job is there") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    const auto body = "{" + kSpec + R"(,"key":"k"})";
    CHECK(job_of(caller.result("job/save", body)) == 1);
    check_changed(caller, "job/save", "{" + kSpec + R"(,"description":"x","key":"k"})",
                  "key: is that of job 1");
    check_changed(caller, "job/copy", R"({"job":1,"key":"k"})", "key: is that of job 1");
    // The job was edited since: it is the same request all the same.
    REQUIRE(caller.call("job/save", R"({"job":1,"description":"edited",)" + kSpec + "}").has_value());
    CHECK(caller.result("job/save", body).at("description") == "edited");

    const Call bobs{"bob", Role::admin, "job/save", test::object_of(body)};
    const auto prepared = prepare(bobs, caller.view());
    const auto& asked = std::get<core::request::SaveJob>(*prepared->request);
    core::Effects effects;
    caller.world().engine().step(caller.world().now(), core::Asked{1, "bob", asked}, effects);
    CHECK(std::get<core::JobAnswer>(*effects.replies.at(0).answer).job == JobId{2});

    REQUIRE(caller.call("job/delete", R"({"job":1})").has_value());
    CHECK(job_of(caller.result("job/save", body)) == 3);
}

TEST_CASE("SPEC 7.12: a job is run once for each key, after a restart too") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    REQUIRE(caller.call("job/save", "{" + kSpec + "}").has_value());
    const auto* run = R"({"job":1,"key":"r1"})";
    CHECK(caller.result("job/run", run).at("status") == "Running");
    CHECK(caller.result("job/run", run).at("status") == "Running");
    CHECK(caller.refusal("job/run", R"({"job":1,"key":"r2"})").code == ErrorCode::conflict);
    CHECK(caller.refusal("job/run", R"({"job":1})").code == ErrorCode::conflict);
    REQUIRE(caller.call("job/stop", R"({"job":1})").has_value());
    caller.world().restart();
    CHECK(caller.result("job/run", run).at("status") == "Stopped");  // a late repeat runs nothing
    CHECK(caller.result("job/run", R"({"job":1,"key":"r2"})").at("status") == "Running");
    CHECK(caller.refusal("job/run", run).code == ErrorCode::conflict);
}

TEST_CASE("SPEC 7.12: a saved job that is edited and run is run once for each key") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    REQUIRE(caller.call("job/save", "{" + kSpec + "}").has_value());
    const auto edit = R"({"job":1,"description":"new","run":true,"revision":1,"key":"k",)" + kSpec + "}";
    const auto run = caller.result("job/save", edit);
    CHECK(run.at("status") == "Running");
    caller.world().restart();
    CHECK(job_of(caller.result("job/save", edit)) == 1);
    CHECK(caller.result("job/run", R"({"job":1,"key":"k"})").at("revision") == 2);
    CHECK(caller.refusal("job/save", R"({"job":1,"run":true,"key":"l",)" + kSpec + "}").code ==
          ErrorCode::conflict);
    CHECK(caller.refusal("job/save", R"({"job":7,"run":true,"key":"k",)" + kSpec + "}").code ==
          ErrorCode::not_found);
    CHECK(caller.world().engine().jobs().size() == 1);
}

TEST_CASE("a revision that differs is refused, and said to be the cause") {
    ApiCaller caller;
    caller.world().add_devices(1, 1);
    REQUIRE(caller.call("job/save", "{" + kSpec + "}").has_value());
    check_changed(caller, "job/save", R"({"job":1,"revision":2,)" + kSpec + "}", "revision: is 1");
    check_changed(caller, "job/delete", R"({"job":1,"revision":2})", "revision: is 1");
    CHECK(caller.result("job/delete", R"({"job":1,"revision":1})").empty());

    check_changed(caller, "set/put", R"({"set":"s","template":"fridge","revision":1})",
                  "revision: there is none");
    CHECK(caller.result("set/put", R"({"set":"s","template":"fridge","revision":0})").at("changed") ==
          "created");
    check_changed(caller, "set/put", R"({"set":"s","template":"fridge","revision":0})", "revision: is 1");
    check_changed(caller, "set/delete", R"({"set":"s","revision":7})", "revision: is 1");
    CHECK(caller.result("set/delete", R"({"set":"s","revision":1})").empty());
}

TEST_CASE("a version of a template that differs is refused, and said to be the cause") {
    ApiCaller caller;
    const auto put = [](const std::string& version, const std::string& title) {
        return R"({"document":{"name":"oven","title":")" + title + R"("},"version":)" + version + "}";
    };
    check_changed(caller, "template/put", put("1", "one"), "version: there is none");
    CHECK(caller.result("template/put", put("0", "one")).at("version") == 1);
    check_changed(caller, "template/put", put("0", "one"), "version: is 1");
    CHECK(caller.result("template/put", put("1", "two")).at("version") == 2);
    check_changed(caller, "template/put", put("1", "three"), "version: is 2");
    check_changed(caller, "template/delete", R"({"template":"oven","version":1})", "version: is 2");
    CHECK(caller.result("template/delete", R"({"template":"oven","version":2})").empty());
    CHECK(caller.result("template/put", put("0", "one")).at("changed") == "created");
}

TEST_CASE("A40 A47: a saved job that lists its devices says which of them left or were deleted") {
    ApiCaller caller;
    caller.world().add_devices(1, 4);
    REQUIRE(caller.call("set/put", R"json({"set":"s","template":"fridge","query":"!(\"gone\" in tags)"})json")
                .has_value());
    const std::string listed =
        R"({"name":"n","set":"s","type":"settings","operations":[{"name":"fanSpeed","value":3}],)"
        R"("selection":{"devices":["d00001","d00002","d00003"]}})";
    REQUIRE(caller.call("job/save", listed).has_value());
    const auto drift = [&caller] {
        return format_json(caller.result("job/get", R"({"job":1})").at("drift"));
    };
    CHECK(drift() == R"({"added":[],"left":[],"deleted":[],"broken":null})");
    REQUIRE(caller.call("device/put", R"({"device":"d00001","tags":{"gone":true}})").has_value());
    REQUIRE(caller.call("device/delete", R"({"device":"d00003"})").has_value());
    CHECK(drift() == R"({"added":[],"left":["d00001"],"deleted":["d00003"],"broken":null})");
    REQUIRE(caller.call("set/delete", R"({"set":"s"})").has_value());
    CHECK(drift() ==
          R"({"added":[],"left":[],"deleted":["d00003"],"broken":"the device set s no longer exists"})");
    REQUIRE(caller.call("job/save", "{" + kSpec + "}").has_value());
    CHECK_FALSE(caller.result("job/get", R"({"job":2})").contains("drift"));
}

}  // namespace muster::api
