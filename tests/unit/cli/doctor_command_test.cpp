#include "daemon/cli/doctor_view.hpp"
#include "tests/unit/cli/doctor_world.hpp"
#include "tests/unit/cli/fake_client.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::checkup;
using namespace muster::cli::test;

namespace {

using Lines = std::vector<std::string>;

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("doctor: a healthy set-up is one screen and exits with 0") {
    Bench bench;
    bench.facts = healthy_facts();
    const Ran ran = bench.run({"doctor"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(std::ranges::count(ran.out, '\n') <= 24);
    CHECK(holds(ran.out, "  ok       broker             mqtt://127.0.0.1:1883 lets in anna\n"));
    CHECK(holds(ran.out, "\n20 ok\n"));
}

TEST_CASE("doctor: warnings leave 0, a problem exits with 2, a broker out of reach with 1") {
    Bench bench;
    auto facts = healthy_facts();
    facts.broker.anonymous = Access::open;
    bench.facts = facts;
    const Ran warned = bench.run({"doctor"});
    CHECK(warned.exit == ExitCode::success);
    CHECK(holds(warned.out, "19 ok, 1 warning\n"));
    CHECK(holds(warned.out, "allow_anonymous false"));
    facts.gateway.answers.clear();
    facts.gateway.online = false;
    bench.facts = facts;
    const Ran down = bench.run({"doctor"});
    CHECK(down.exit == ExitCode::ended_with_failures);
    CHECK(holds(down.out, "\n" + std::string(32, ' ') + "systemctl start musterd\n"));
    facts.broker.failure = mqtt::ProbeFailure{mqtt::PathStage::connection, "Connection refused"};
    bench.facts = facts;
    CHECK(bench.run({"doctor"}).exit == ExitCode::usage_or_connection);
    bench.facts = usage_failure("no address");
    const Ran wrong = bench.run({"doctor"});
    CHECK(wrong.exit == ExitCode::usage_or_connection);
    CHECK(holds(wrong.remarks, "no address"));
}

TEST_CASE("doctor --json is one document with every check, whatever its verdict") {
    Bench bench;
    auto facts = healthy_facts();
    facts.broker.anonymous = Access::open;
    bench.facts = facts;
    const Ran ran = bench.run({"--json", "doctor"});
    const auto document = json_of(ran.out);
    CHECK(document.at("ok") == true);
    CHECK(document.at("broker") == "mqtt://127.0.0.1:1883");
    CHECK(document.at("user") == "anna");
    CHECK(boost::json::serialize(document.at("counts")) ==
          R"({"ok":19,"warning":1,"problem":0,"skipped":0})");
    const auto& checks = document.at("checks").as_array();
    CHECK(checks.size() == check_ids().size());
    for (const auto& check : checks) {
        CHECK(check.as_object().size() == 5);
    }
    CHECK(checks.at(6).at("id") == "broker.anonymous");
    CHECK(checks.at(6).at("result") == "warning");
    CHECK_FALSE(checks.at(6).at("fix").as_string().empty());
}

TEST_CASE("doctor: prose is broken to the terminal, commands never are") {
    const std::vector<Check> checks{
        {"a.b", "title", Verdict::problem, "one two three four five six seven eight nine ten",
         "do this and that and the other thing now:\nsystemctl status musterd; journalctl -u musterd -n 30"}};
    Lines lines;
    for (const auto& line : checkup::lines(checks, 48)) {
        lines.push_back(render(line, false));
    }
    CHECK(lines ==
          Lines{"  problem  title  one two three four five six", "                  seven eight nine ten",
                "                  do this and that and the other", "                  thing now:",
                "                    systemctl status musterd; journalctl -u musterd -n 30", "1 problem"});
}
