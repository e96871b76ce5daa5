#include "daemon/cli/program.hpp"

#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/fake_client.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <fstream>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace json = boost::json;

namespace {

constexpr const char* kSaved =
    R"({"job":42,"revision":1,"name":"n","status":"Pending","detail":"saved","set":"s","type":"settings",
        "tally":{"selected":0,"succeeded":0,"failed":0,"pending":0},
        "operations":[{"name":"a","value":1}],"selection":{"all":true},"policy":{}})";

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A16: run makes and runs a job with one request, new saves it") {
    Bench bench;
    bench.gateway.answer("job/save", kSaved);
    CHECK(bench.run({"job", "run", "--set", "s", "--settings", "a=1", "--digest", "d1"}).exit ==
          ExitCode::success);
    const Ran saved = bench.run({"job", "new", "--set", "s", "--settings", "a=1"});
    CHECK(saved.out == "job 42 saved: n\n");
    const auto bodies = bench.gateway.asked("job/save");
    REQUIRE(bodies.size() == 2);
    CHECK(bodies[0].at("run") == true);
    CHECK(bodies[0].at("digest") == "d1");
    CHECK_FALSE(bodies[1].contains("run"));
}

TEST_CASE("A43: run of a job that is there") {
    Bench bench;
    bench.gateway.answer("job/run", kSaved);
    CHECK(bench.run({"job", "run", "42"}).exit == ExitCode::success);
    CHECK(json::serialize(bench.gateway.asked("job/run").at(0)) == R"({"job":42})");
    const Ran slip = bench.run({"job", "run", "42", "--settings", "a=2"});
    CHECK(slip.exit == ExitCode::usage_or_connection);
    CHECK(holds(slip.remarks, "muster job edit 42"));
    CHECK(bench.gateway.requests.size() == 1);
}

TEST_CASE("A20: edit sends the revision it began from") {
    Bench bench;
    bench.gateway.answer("job/get", kSaved);
    bench.gateway.answer("job/save", kSaved);
    CHECK(bench.run({"job", "edit", "42", "--settings", "a=2"}).exit == ExitCode::success);
    const auto body = bench.gateway.asked("job/save").at(0);
    CHECK(body.at("job") == 42);
    CHECK(body.at("revision") == 1);
    CHECK(body.at("operations").at(0).at("value") == 2);
    CHECK(bench.run({"job", "edit", "42"}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("a refusal exits with 4 and shows every detail") {
    Bench bench;
    bench.gateway.answer_with("job/save", refused(ErrorCode::invalid, "the job cannot be saved",
                                                  {{"operations[0].value", "is 9; at most 5 is allowed"},
                                                   {"set", "there is no \x1b[31mset"}}));
    const std::vector<std::string> words{"job", "new", "--set", "s", "--settings", "a=9"};
    const Ran ran = bench.run(words);
    CHECK(ran.exit == ExitCode::refused);
    CHECK(ran.out.empty());
    CHECK(ran.remarks ==
          "muster: the job cannot be saved\n"
          "  operations[0].value: is 9; at most 5 is allowed\n"
          "  set: there is no \uFFFD[31mset\n");
    const Ran as_json = bench.run({"--json", "job", "new", "--set", "s", "--settings", "a=9"});
    CHECK(as_json.exit == ExitCode::refused);
    CHECK(json_of(as_json.out).at("error").at("code") == "invalid");
    CHECK(json_of(as_json.out).at("error").at("details").as_array().size() == 2);
}

TEST_CASE("no answer exits with 1") {
    Bench bench;
    const Ran ran = bench.run({"status"});
    CHECK(ran.exit == ExitCode::usage_or_connection);
    CHECK(ran.remarks.starts_with("muster: "));
}

TEST_CASE("a wrong command line exits with 1 and asks nothing") {
    Bench bench;
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"job", "show", "x"}, {"job", "list", "--limit", "0"}, {"job", "run"}, {"nonsense"}}) {
        CHECK(bench.run(words).exit == ExitCode::usage_or_connection);
    }
    CHECK(bench.gateway.requests.empty());
}

TEST_CASE("A47: copy says what drifted") {
    Bench bench;
    bench.gateway.answer("job/copy",
                         R"({"job":43,"name":"n copy","status":"Pending","tally":{},
                             "drift":{"added":["d4","d5"],"left":[],"deleted":["d1"],"broken":null}})");
    const Ran ran = bench.run({"job", "copy", "42"});
    CHECK(ran.out == "job 43 is the copy of 42: n copy\n");
    CHECK(ran.remarks == "added since: 2 devices: d[4-5]\ndeleted since: 1 device: d1\n");
}

TEST_CASE("B12: rerun passes reason and message on, and runs when it is to be watched") {
    Bench bench;
    bench.gateway.answer("job/rerun", kSaved);
    CHECK(bench.run({"job", "rerun", "42", "--reason", "timeout"}).exit == ExitCode::success);
    CHECK(json::serialize(bench.gateway.asked("job/rerun").at(0)) == R"({"job":42,"reason":"timeout"})");
    CHECK(bench.run({"job", "rerun", "42", "--run"}).exit == ExitCode::success);
    CHECK(bench.gateway.asked("job/rerun").at(1).at("run") == true);
}

TEST_CASE("B06: plan shows the effects, the counts and the digest") {
    Bench bench;
    bench.gateway.answer("job/plan",
                         R"({"digest":"9f2c","template":{"name":"t","version":1},"messages":2,
                             "counts":{"change":1,"equal":0,"unknown":1},
                             "items":[{"device":"d1","name":"Lobby","effect":"change",
                                       "changes":[{"name":"a","old":1,"new":0.5}],"message":""},
                                      {"device":"d2","name":"","effect":"unknown",
                                       "changes":[{"name":"a","old":null,"new":0.5}],"message":"new here"}],
                             "next":null})");
    const Ran ran = bench.run({"job", "plan", "42"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "d1      Lobby  will change           a 1 → 0.5"));
    CHECK(holds(ran.out, "a ? → 0.5  new here"));
    CHECK(holds(ran.out, "2 messages: 1 will change, 1 nothing reported yet\n"));
    CHECK(holds(ran.out, "muster job run 42 --digest 9f2c"));
    const json::value document = json_of(bench.run({"job", "plan", "42", "--json"}).out);
    CHECK(document.at("digest") == "9f2c");
    CHECK(document.at("items").as_array().size() == 2);
    CHECK(document.at("next").is_null());
}

TEST_CASE("lists fetch pages up to the limit, and all of them with --all") {
    Bench bench;
    const auto page = [](int from, int to, const char* next) {
        json::array items;
        for (int number = from; number <= to; ++number) {
            items.push_back({{"device", "d" + std::to_string(number)}, {"online", true}});
        }
        return Answer(json::value{{"items", items}, {"next", next == nullptr ? json::value() : next}});
    };
    bench.gateway.answer_with("device/list", page(1, 50, "c1"));
    const Ran some = bench.run({"device", "list", "--search", "d"});
    CHECK(holds(some.out, "d50"));
    CHECK(holds(some.remarks, "the first 50"));
    CHECK(bench.gateway.asked("device/list").at(0).at("limit") == 50);

    bench.gateway.answers.clear();
    bench.gateway.requests.clear();
    bench.gateway.answer_with("device/list", page(1, 1000, "c1"));
    bench.gateway.answer_with("device/list", page(1001, 1500, nullptr));
    const json::value all = json_of(bench.run({"device", "list", "--all", "--json"}).out);
    CHECK(all.at("items").as_array().size() == 1500);
    CHECK(bench.gateway.asked("device/list").at(1).at("cursor") == "c1");

    bench.gateway.answers.clear();
    bench.gateway.answer_with("device/list", page(1, 1, "same"));
    CHECK(bench.run({"device", "list", "--all"}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("an empty list and a broken set say so") {
    Bench bench;
    bench.gateway.answer("job/list", R"({"items":[],"next":null})");
    CHECK(bench.run({"job", "list"}).out == "no jobs\n");
    bench.gateway.answer("set/preview",
                         R"({"count":0,"items":[],"next":null,"broken":"its template is gone"})");
    CHECK(holds(bench.run({"set", "preview", "s"}).remarks, "broken: its template is gone"));
    CHECK(bench.run({"set", "preview"}).exit == ExitCode::usage_or_connection);
    CHECK(bench.run({"set", "preview", "s", "--query", "online"}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("A36: each device of a job with its status and why") {
    Bench bench;
    bench.gateway.answer("job/devices",
                         R"({"items":[{"device":"d1","name":"Lobby","deleted":false,"status":"Failed",
                             "reason":"rejected","message":"out of range","detail":"","attempts":1,
                             "finished_at":"2026-11-22T11:57:00.000Z","late":"answered 200 after 3 min"},
                             {"device":"d2","name":"x","deleted":true,"status":"Pending","reason":null,
                             "message":"","detail":"device offline","attempts":0,"finished_at":null,
                             "last_sent_at":null,"late":null}],"next":null})");
    const Ran ran = bench.run({"job", "devices", "42", "--status", "Failed"});
    CHECK(holds(
        ran.out,
        "d1      Lobby      Failed       1  3 min ago  rejected: out of range; answered 200 after 3 min"));
    CHECK(holds(ran.out, "d2      (deleted)  Pending"));
    CHECK(holds(ran.out, "device offline"));
    CHECK(bench.gateway.asked("job/devices").at(0).at("status") == "Failed");
}

TEST_CASE("A22: show has the job's details and its failures, folded") {
    Bench bench;
    bench.gateway.answer("job/get",
                         R"({"job":42,"name":"Fan","status":"Failed","detail":"","set":"s","type":"settings",
                             "tally":{"selected":3,"succeeded":1,"failed":2,"pending":0},
                             "selection":{"all":true,"except":["d7"]},"operations":[{"name":"a","value":3}],
                             "policy":{"timeout_seconds":60},"parent":41,"created_by":"anna",
                             "created_at":"2026-11-22T11:00:00.000Z","started_at":null,"ended_at":null,
                             "outcomes":[{"status":"Failed","reason":"timeout","message":"no answer","count":2}]})");
    bench.gateway.answer("job/devices",
                         R"({"items":[{"device":"d1","reason":"timeout","message":"no answer"},
                                      {"device":"d2","reason":"timeout","message":"no answer"}],"next":null})");
    const Ran ran = bench.run({"job", "show", "42"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "all devices but d7"));
    CHECK(holds(ran.out, "a=3"));
    CHECK(holds(ran.out, "job 41"));
    CHECK(holds(ran.out, "2  timeout: no answer  d[1-2]"));
}

TEST_CASE("A23: csv is streamed page by page, to a file or as it is") {
    Bench bench;
    bench.gateway.answer("job/csv", R"({"csv":"a,b\r\n","next":"c1"})");
    bench.gateway.answer("job/csv", R"({"csv":"1,\u001b[31m\r\n","next":null})");
    const Ran piped = bench.run({"job", "csv", "42"});
    CHECK(piped.out == "a,b\r\n1,\x1b[31m\r\n");
    CHECK(bench.gateway.asked("job/csv").at(1).at("cursor") == "c1");

    bench.gateway.answers.clear();
    bench.gateway.answer("job/csv", R"({"csv":"1,\u001b[31m\r\n","next":null})");
    const muster::test::TempDir folder;
    const std::string path = folder / "job.csv";
    CHECK(bench.run({"job", "csv", "42", "-o", path}).exit == ExitCode::success);
    std::stringstream written;
    written << std::ifstream(path).rdbuf();
    CHECK(written.str() == "1,\x1b[31m\r\n");
    bench.terminal = true;
    CHECK_FALSE(holds(bench.run({"job", "csv", "42"}).out, "\x1b"));
    CHECK(bench.run({"job", "csv", "42", "-o", path + "/impossible"}).exit == ExitCode::usage_or_connection);
    CHECK(bench.run({"job", "csv", "42", "--json"}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("a refused csv leaves the file that was there") {
    Bench bench;
    bench.gateway.answer_with("job/csv", refused(ErrorCode::not_found, "no job 42"));
    const muster::test::TempDir folder;
    const std::string path = folder / "job.csv";
    std::ofstream(path) << "before";
    CHECK(bench.run({"job", "csv", "42", "-o", path}).exit == ExitCode::refused);
    std::stringstream kept;
    kept << std::ifstream(path).rdbuf();
    CHECK(kept.str() == "before");
}

TEST_CASE("device set says what is meant by each word") {
    Bench bench;
    bench.gateway.answer("device/put", R"({"device":"d1","changed":"updated"})");
    const Ran ran = bench.run({"device", "set", "d1", "name=42", "tags.site=oslo",
                               "tags.old=", "properties.floor=3", "template=t"});
    CHECK(ran.out == "device d1 updated\n");
    CHECK(
        json::serialize(bench.gateway.asked("device/put").at(0)) ==
        R"({"device":"d1","name":"42","tags":{"site":"oslo","old":null},"properties":{"floor":3},"template":"t"})");
    for (const char* wrong : {"site=oslo", "tags.=1", "settings.a=1", "tags.a", "tags"}) {
        CAPTURE(wrong);
        CHECK(bench.run({"device", "set", "d1", wrong}).exit == ExitCode::usage_or_connection);
    }
}

TEST_CASE("deleting several goes on after a refusal and names each") {
    Bench bench;
    bench.gateway.answer_with("job/delete", json_of("{}"));
    bench.gateway.answer_with("job/delete", refused(ErrorCode::conflict, "job 2 is running"));
    bench.gateway.answer_with("job/delete", json_of("{}"));
    const Ran ran = bench.run({"job", "delete", "1", "2", "3"});
    CHECK(ran.exit == ExitCode::refused);
    CHECK(ran.out == "job 1 deleted\njob 3 deleted\n");
    CHECK(ran.remarks == "muster: not deleted: 1 of 3\n  2: job 2 is running\n");
}

TEST_CASE("what a template can do, as a table") {
    Bench bench;
    bench.gateway.answer("template/get",
                         R"({"template":"refrigerator","version":2,"document":{"title":"Fridge",
                             "settings":{"fanSpeed":{"unit":"level","schema":{"type":"integer"}}},
                             "properties":{"location":{"kept":"gateway","schema":{}},"serial":{"readOnly":true}},
                             "commands":{"reboot":{}}}})");
    const Ran ran = bench.run({"template", "show", "refrigerator"});
    CHECK(holds(ran.out, "refrigerator  version 2  Fridge"));
    CHECK(holds(ran.out, "{\"type\":\"integer\"}"));
    CHECK(holds(ran.out, "kept by the gateway"));
    CHECK(holds(ran.out, "read only"));
    CHECK(bench.run({"template", "show", "refrigerator", "--version", "x"}).exit ==
          ExitCode::usage_or_connection);
}

TEST_CASE("colour only on a terminal, and never with NO_COLOR") {
    Bench bench;
    bench.gateway.answer("device/list", R"({"items":[{"device":"d1","online":true}],"next":null})");
    CHECK_FALSE(holds(bench.run({"device", "list"}).out, "\x1b"));
    bench.terminal = true;
    CHECK(holds(bench.run({"device", "list"}).out, "\x1b[32monline\x1b[0m"));
    bench.environment["NO_COLOR"] = "1";
    CHECK_FALSE(holds(bench.run({"device", "list"}).out, "\x1b"));
}

TEST_CASE("JSON carries nothing that a terminal obeys") {
    Bench bench;
    bench.terminal = true;
    bench.gateway.answer_with("device/list", json::value{{"items",
                                                          {{{"device", "d1"},
                                                            {"name",
                                                             "\xc2\x9b"
                                                             "2J\x7f\x1b"}}}},
                                                         {"next", nullptr}});
    const Ran ran = bench.run({"device", "list", "--json"});
    CHECK_FALSE(holds(ran.out, "\xc2\x9b"));
    CHECK_FALSE(holds(ran.out, "\x1b"));
    CHECK(json_of(ran.out).at("items").at(0).at("name") ==
          "\xc2\x9b"
          "2J\x7f\x1b");
}
