#include "daemon/cli/watch.hpp"

#include "tests/unit/cli/fake_client.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace {

std::string job(std::string_view status, int succeeded, int failed, int pending) {
    return fmt::format(R"({{"job":42,"name":"n","status":"{}","detail":"",
        "tally":{{"selected":{},"succeeded":{},"failed":{},"pending":{}}},
        "started_at":"2026-11-22T12:00:00.000Z","ended_at":"2026-11-22T12:00:04.000Z",
        "outcomes":[{{"status":"Failed","reason":"timeout","message":"no answer","count":{}}}]}})",
                       status, succeeded + failed + pending, succeeded, failed, pending, failed);
}

JobNews notice(std::string_view status, int succeeded, int failed, int pending) {
    JobNews news;
    news.job = json_of(job(status, succeeded, failed, pending)).as_object();
    return news;
}

// A bench on which seconds pass, so that nothing waits for ever.
Bench watching() {
    Bench bench;
    bench.tick = Milliseconds(400);
    bench.gateway.answer("job/devices",
                         R"({"items":[{"device":"d1","reason":"timeout","message":"no answer"}],
                                            "next":null})");
    return bench;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A25: the exit code is how the job ended") {
    const std::vector<std::pair<std::string, ExitCode>> ends{
        {job("Completed", 3, 0, 0), ExitCode::success},
        {job("Failed", 2, 1, 0), ExitCode::ended_with_failures},
        {job("Stopped", 1, 0, 2), ExitCode::stopped}};
    for (const auto& [end, exit] : ends) {
        Bench bench = watching();
        bench.gateway.answer("job/get", job("Running", 0, 0, 3));
        bench.gateway.answer("job/get", end);
        JobNews ended;
        ended.job = json_of(end).as_object();
        bench.gateway.news = {notice("Running", 1, 0, 2), ended};
        const Ran ran = bench.run({"job", "watch", "42"});
        CHECK(ran.exit == exit);
        CHECK(bench.gateway.asked("job/get").size() == 2);
    }
}

TEST_CASE("B07: the summary names reasons, messages and devices") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Failed", 2, 1, 0));
    const Ran ran = bench.run({"job", "watch", "42"});
    CHECK(ran.out ==
          "job 42 Failed after 4 s: 2 succeeded  1 failed  0 pending\n"
          "     1  timeout: no answer  d1\n");
    CHECK(bench.gateway.asked("job/devices").at(0).at("limit") == 1000);
}

TEST_CASE("a notice of the end is believed only when the job says so") {
    Bench bench = watching();
    // What is retained is from before the job was run again.
    bench.gateway.answer("job/get", job("Running", 1, 0, 2));
    bench.gateway.answer("job/get", job("Running", 1, 0, 2));
    bench.gateway.answer("job/get", job("Completed", 3, 0, 0));
    bench.gateway.news = {notice("Stopped", 1, 0, 2), notice("Completed", 3, 0, 0)};
    CHECK(bench.run({"job", "watch", "42"}).exit == ExitCode::success);
    CHECK(bench.gateway.asked("job/get").size() == 3);
}

TEST_CASE("a lost notice of the end does not matter") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Running", 0, 0, 3));
    bench.gateway.answer("job/get", job("Completed", 3, 0, 0));
    CHECK(bench.run({"job", "watch", "42"}).exit == ExitCode::success);
}

TEST_CASE("one line a second at most, and only when something changed") {
    Bench bench = watching();
    bench.tick = Milliseconds(10);
    bench.gateway.answer("job/get", job("Running", 0, 0, 300));
    bench.gateway.answer("job/get", job("Completed", 300, 0, 0));
    for (int done = 1; done < 300; ++done) {
        bench.gateway.news.push_back(notice("Running", done, 0, 300 - done));
    }
    bench.gateway.news.push_back(notice("Completed", 300, 0, 0));
    const TimePoint began = bench.now;
    const Ran ran = bench.run({"job", "watch", "42"});
    const auto seconds = (bench.now - began) / Seconds(1);
    const auto lines = std::count(ran.out.begin(), ran.out.end(), '\n');
    CHECK(lines <= seconds + 2);
    CHECK(lines > 2);
}

TEST_CASE("looking again without news prints nothing again") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Running", 1, 1, 1));
    const Ran ran = bench.run({"job", "watch", "42", "--for", "2m"});
    CHECK(bench.gateway.asked("job/get").size() > 10);
    // The first line, and when watching ends the last and what the one device waits for.
    CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 3);
}

TEST_CASE("a terminal gets pictures and its cursor back") {
    Bench bench = watching();
    bench.terminal = true;
    bench.gateway.answer("job/get", job("Running", 0, 0, 3));
    bench.gateway.answer("job/get", job("Completed", 3, 0, 0));
    bench.gateway.news = {notice("Running", 2, 0, 1), notice("Completed", 3, 0, 0)};
    const Ran ran = bench.run({"job", "watch", "42"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "\x1b[?25l"));
    CHECK(holds(ran.out, "2/3"));
    CHECK(ran.out.ends_with("\x1b[?25h"));
}

TEST_CASE("Ctrl-C leaves the job alone and says how to stop it") {
    Bench bench = watching();
    bench.terminal = true;
    bench.interrupted = true;
    bench.gateway.answer("job/get", job("Running", 1, 0, 2));
    const Ran ran = bench.run({"job", "watch", "42"});
    CHECK(ran.exit == ExitCode::still_pending);
    CHECK(holds(ran.remarks, "The job goes on."));
    CHECK(holds(ran.remarks, "muster job stop 42"));
    CHECK(ran.out.ends_with("\x1b[?25h"));
    CHECK(bench.gateway.asked("job/stop").empty());
}

TEST_CASE("watching for a time ends with 5 while devices are Pending") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Running", 1, 0, 2));
    CHECK(bench.run({"job", "watch", "42", "--for", "20s"}).exit == ExitCode::still_pending);
    CHECK(bench.run({"job", "watch", "42", "--for", "x"}).exit == ExitCode::usage_or_connection);
}

TEST_CASE("a job that is deleted or was never there is a refusal") {
    Bench bench = watching();
    bench.gateway.answer_with("job/get", refused(ErrorCode::not_found, "there is no job 42"));
    CHECK(bench.run({"job", "watch", "42"}).exit == ExitCode::refused);

    Bench deleted = watching();
    deleted.gateway.answer("job/get", job("Pending", 0, 0, 0));
    deleted.gateway.answer_with("job/get", refused(ErrorCode::not_found, "there is no job 42"));
    deleted.gateway.news.push_back({std::nullopt, true, std::nullopt});
    CHECK(deleted.run({"job", "watch", "42"}).exit == ExitCode::refused);
}

TEST_CASE("musterd may go and come back while a job is watched") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Running", 0, 0, 3));
    bench.gateway.answer("job/get", job("Completed", 3, 0, 0));
    bench.gateway.news = {{std::nullopt, false, false}};
    int silences = 0;
    bench.gateway.on_silence = [&] {
        CHECK(bench.gateway.asked("job/get").size() == 1);
        if (++silences == 50) {
            bench.gateway.news.push_back({std::nullopt, false, true});
            bench.gateway.on_silence = [] {};
        }
    };
    const Ran ran = bench.run({"job", "watch", "42"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "musterd is offline"));
}

TEST_CASE("silence while watching is not the end") {
    Bench bench = watching();
    bench.gateway.answer("job/get", job("Running", 0, 0, 3));
    bench.gateway.answer_with("job/get", Answer(connection_failure("no answer")));
    bench.gateway.answer("job/get", job("Completed", 3, 0, 0));
    const Ran ran = bench.run({"job", "watch", "42"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "still trying"));
}

TEST_CASE("run --watch goes on to the end; --json prints one document") {
    Bench bench = watching();
    bench.gateway.answer("job/run", job("Running", 0, 0, 3));
    bench.gateway.answer("job/get", job("Failed", 2, 1, 0));
    CHECK(bench.run({"job", "run", "42", "--watch"}).exit == ExitCode::ended_with_failures);
    const Ran ran = bench.run({"job", "run", "42", "--watch", "--json"});
    CHECK(ran.exit == ExitCode::ended_with_failures);
    CHECK(json_of(ran.out).at("status") == "Failed");
}

TEST_CASE("what devices wait for is told when watching ends, and whether all that are left are offline") {
    Bench bench;
    bench.tick = Milliseconds(100);
    bench.gateway.answer("job/get", job("Running", 1, 0, 2));
    bench.gateway.answer("job/devices", R"({"items":[
        {"device":"d1","detail":"device offline since 2026-11-22T11:00:00.000Z"},
        {"device":"d2","detail":"device offline since 2026-11-22T11:30:00.000Z"}]})");
    const Ran offline = bench.run({"job", "watch", "42", "--for", "2s"});
    CHECK(offline.exit == ExitCode::still_pending);
    CHECK(offline.out.find("only offline devices are left") != std::string::npos);
    CHECK(offline.out.ends_with("     2  device offline  d[1-2]\n"));
    bench.gateway.answers["job/devices"].clear();
    bench.gateway.answer("job/devices", R"({"items":[{"device":"d1","detail":"not sent yet"},
        {"device":"d2","detail":"device offline since 2026-11-22T11:30:00.000Z"}]})");
    CHECK(bench.run({"job", "watch", "42", "--for", "2s"}).out.find("only offline") == std::string::npos);
}
