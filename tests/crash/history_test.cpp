// Forged histories: each rule of the checker is broken once, and is seen.
#include "tests/crash/history.hpp"

#include "tests/support/json.hpp"

#include <doctest/doctest.h>

namespace muster::crash {
namespace {

namespace json = boost::json;
using test::parse;

json::value job(std::string_view status, int succeeded, int failed, int pending, int number = 1) {
    return {{"job", number},
            {"name", "j" + std::to_string(number)},
            {"status", status},
            {"tally",
             {{"selected", succeeded + failed + pending},
              {"succeeded", succeeded},
              {"failed", failed},
              {"pending", pending}}}};
}

json::value full(json::value document, int speed = 3) {
    auto& object = document.as_object();
    for (const auto* part : {"description", "set", "selection", "type", "policy"}) {
        object[part] = "";
    }
    object["operations"] = json::array{{{"name", "fanSpeed"}, {"value", speed}}};
    return document;
}

json::value row(std::string_view device, std::string_view status, std::string_view message = "") {
    return {{"device", device},
            {"status", status},
            {"reason", status == "Failed" ? json::value("rejected") : json::value()},
            {"message", message},
            {"finished_at", status == "Pending" ? json::value() : json::value("10:00")}};
}

json::value yes(json::value result) {
    return {{"ok", true}, {"result", std::move(result)}};
}

json::value no(std::string_view code) {
    return {{"ok", false}, {"error", {{"code", code}, {"message", "no"}}}};
}

json::value list(json::array items) {
    return yes({{"items", std::move(items)}, {"next", nullptr}});
}

// A job that was saved, run and answered: three devices, number 1, request 1.
History running_job() {
    History history;
    const json::value asked{
        {"name", "j1"}, {"run", true}, {"operations", json::array{{{"name", "fanSpeed"}, {"value", 3}}}}};
    history.asked(1, "job/save", asked.as_object());
    history.answered(1, yes(full(job("Running", 0, 0, 3))));
    REQUIRE(history.violations().empty());
    return history;
}

void see(History& history, const json::value& told) {
    history.saw_job_topic(1, told, History::Freshness::live);
}

std::string only_violation(const History& history) {
    REQUIRE(history.violations().size() == 1);
    return history.violations().front();
}

bool says(const History& history, std::string_view part) {
    const auto sentence = only_violation(history);
    CHECK_MESSAGE(sentence.find(part) != std::string::npos, sentence);
    return sentence.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a history in which everything holds has no violation") {
    auto history = running_job();
    history.saw_operation("1.0.0-aaaaaaaa", true);
    history.saw_operation("1.0.0-aaaaaaaa", true);
    see(history, job("Running", 1, 0, 2));
    history.asked(2, "job/stop", {{"job", 1}});
    history.saw_operation("1.1.0-aaaaaaaa", true);
    history.answered(2, yes(full(job("Stopped", 1, 1, 1))));
    history.asked(3, "job/run", {{"job", 1}});
    history.saw_operation("1.1.0-aaaaaaaa", true);
    history.answered(3, yes(full(job("Running", 1, 1, 1))));
    history.asked(4, "job/devices", {{"job", 1}});
    history.answered(
        4, yes({{"items", {row("a", "Completed"), row("b", "Failed", "no"), row("c", "Pending")}}}));
    see(history, job("Failed", 2, 1, 0));
    history.check_ended(full(job("Failed", 2, 1, 0)),
                        {row("a", "Completed"), row("b", "Failed", "no"), row("c", "Completed")});
    history.asked(5, "job/delete", {{"job", 1}});
    history.answered(5, yes(json::object{}));
    history.saw_job_topic(1, nullptr, History::Freshness::live);
    history.asked(6, "job/list", {});
    history.answered(6, list({}));
    CHECK(history.violations().empty());
    CHECK(history.checked() > 20);
}

TEST_CASE("promise 1: a job that was answered and is gone is a violation") {
    auto history = running_job();
    history.asked(2, "job/list", {});
    history.answered(2, list({}));
    CHECK(says(history, "is gone"));
}

TEST_CASE("promise 1: not_found of a job that nobody deleted is a violation") {
    auto history = running_job();
    history.asked(2, "job/get", {{"job", 1}});
    history.answered(2, no("not_found"));
    CHECK(says(history, "is gone"));
}

TEST_CASE("a job for which nobody asked, or twice for one request, is a violation") {
    SUBCASE("nobody asked") {
        auto history = running_job();
        history.saw_job_topic(2, job("Running", 0, 0, 3, 2), History::Freshness::live);
        CHECK(says(history, "for which nobody asked"));
    }
    SUBCASE("refused") {
        History history;
        history.asked(1, "job/save", {{"name", "j1"}, {"operations", json::array{}}});
        history.answered(1, no("invalid"));
        see(history, job("Pending", 0, 0, 0));
        CHECK(says(history, "for which nobody asked"));
    }
    SUBCASE("twice") {
        auto history = running_job();
        auto second = job("Running", 0, 0, 3, 2);
        second.at("name") = "j1";
        history.saw_job_topic(2, second, History::Freshness::live);
        CHECK(says(history, "carried out twice"));
    }
}

TEST_CASE("a request that was never answered may have been carried out, or not") {
    History history;
    history.asked(1, "job/save", {{"name", "j1"}, {"operations", json::array{}}});
    history.asked(2, "job/list", {});
    SUBCASE("it was") {
        history.answered(2, list({job("Pending", 0, 0, 0)}));
    }
    SUBCASE("it was not") {
        history.answered(2, list({}));
    }
    CHECK(history.violations().empty());
}

TEST_CASE("a saved job with other operations is a violation") {
    auto history = running_job();
    SUBCASE("in the answer") {
        history.asked(2, "job/save",
                      {{"name", "j2"}, {"operations", json::array{{{"name", "fanSpeed"}, {"value", 4}}}}});
        history.answered(2, yes(full(job("Pending", 0, 0, 0, 2), 5)));
        CHECK(says(history, "was saved with"));
    }
    SUBCASE("later") {
        history.asked(2, "job/get", {{"job", 1}});
        history.answered(2, yes(full(job("Running", 0, 0, 3), 4)));
        CHECK(says(history, "and is now"));
    }
}

TEST_CASE("B01: a tally that does not add up is a violation, also one that is retained") {
    auto history = running_job();
    auto wrong = job("Running", 1, 0, 2);
    wrong.at("tally").at("pending") = 1;
    SUBCASE("live") {
        see(history, wrong);
    }
    SUBCASE("retained") {
        history.saw_job_topic(1, wrong, History::Freshness::retained);
    }
    CHECK(says(history, "does not add up"));
}

TEST_CASE("B01: a tally that loses what was completed is a violation") {
    auto history = running_job();
    see(history, job("Running", 2, 0, 1));
    SUBCASE("topic") {
        see(history, job("Running", 1, 0, 2));
    }
    SUBCASE("event") {
        history.saw_event(job("Running", 1, 0, 2));
    }
    SUBCASE("rows") {
        history.asked(2, "job/devices", {{"job", 1}});
        history.answered(2,
                         yes({{"items", {row("a", "Completed"), row("b", "Pending"), row("c", "Pending")}}}));
    }
    CHECK(says(history, "had 2 succeeded"));
}

TEST_CASE("what the broker had retained may be old") {
    auto history = running_job();
    see(history, job("Running", 2, 0, 1));
    history.saw_job_topic(1, job("Running", 1, 0, 2), History::Freshness::retained);
    CHECK(history.violations().empty());
}

TEST_CASE("a job that has ended and goes on is a violation") {
    auto history = running_job();
    see(history, job("Completed", 3, 0, 0));
    SUBCASE("status") {
        see(history, job("Running", 3, 0, 0));
        CHECK(says(history, "it had ended"));
    }
    SUBCASE("operation") {
        history.saw_operation("1.0.0-aaaaaaaa", true);
        CHECK(says(history, "after it had ended"));
    }
}

TEST_CASE("A30: a job that stops although nobody stopped it is a violation") {
    auto history = running_job();
    see(history, job("Stopped", 0, 0, 3));
    CHECK(says(history, "nobody asked to stop it"));
}

TEST_CASE("a stopped job whose stop, or whose run, is forgotten is a violation") {
    auto history = running_job();
    history.asked(2, "job/stop", {{"job", 1}});
    history.answered(2, yes(full(job("Stopped", 0, 0, 3))));
    SUBCASE("stop") {
        see(history, job("Running", 0, 0, 3));
        CHECK(says(history, "nobody asked to run it again"));
    }
    SUBCASE("run") {
        history.asked(3, "job/run", {{"job", 1}});
        history.answered(3, yes(full(job("Running", 0, 0, 3))));
        see(history, job("Stopped", 0, 0, 3));
        CHECK(says(history, "nobody asked to stop it"));
    }
    SUBCASE("published all the same") {
        history.saw_operation("1.1.0-aaaaaaaa", true);
        CHECK(says(history, "after its stop was answered"));
    }
}

TEST_CASE("a stop, or a run, that did nothing is a violation") {
    auto history = running_job();
    history.asked(2, "job/stop", {{"job", 1}});
    SUBCASE("stop") {
        history.answered(2, yes(full(job("Running", 0, 0, 3))));
        CHECK(says(history, "was stopped, and is Running"));
    }
    SUBCASE("run") {
        history.answered(2, yes(full(job("Stopped", 0, 0, 3))));
        history.asked(3, "job/run", {{"job", 1}});
        history.answered(3, yes(full(job("Stopped", 0, 0, 3))));
        CHECK(says(history, "was run, and is Stopped"));
    }
}

TEST_CASE("rule 3: a verdict that changes, or is lost, is a violation") {
    auto history = running_job();
    history.asked(2, "job/devices", {{"job", 1}});
    history.answered(2,
                     yes({{"items", {row("a", "Failed", "no"), row("b", "Pending"), row("c", "Pending")}}}));
    history.asked(3, "job/devices", {{"job", 1}});
    SUBCASE("other message") {
        history.answered(
            3, yes({{"items", {row("a", "Failed", "never"), row("b", "Pending"), row("c", "Pending")}}}));
        CHECK(says(history, "says now"));
    }
    SUBCASE("lost") {
        history.answered(
            3, yes({{"items", {row("a", "Pending"), row("b", "Pending"), row("c", "Failed", "no")}}}));
        CHECK(says(history, "lost the verdict on a"));
    }
}

TEST_CASE("rule 6: a repeat to a device that does not remember ids is a violation") {
    auto history = running_job();
    history.saw_operation("1.0.0-aaaaaaaa", false);
    history.saw_operation("1.1.0-aaaaaaaa", false);
    history.saw_operation("1.0.0-aaaaaaaa", false);
    CHECK(says(history, "does not remember"));
}

TEST_CASE("a job that is there after its deletion was answered is a violation") {
    auto history = running_job();
    see(history, job("Completed", 3, 0, 0));
    history.asked(2, "job/delete", {{"job", 1}});
    history.answered(2, yes(json::object{}));
    history.asked(3, "job/list", {});
    history.answered(3, list({job("Completed", 3, 0, 0)}));
    CHECK(says(history, "after its deletion"));
}

TEST_CASE("a job whose topic is cleared although nobody deleted it is a violation") {
    auto history = running_job();
    history.saw_job_topic(1, nullptr, History::Freshness::live);
    CHECK(says(history, "cleared"));
}

TEST_CASE("the end: a job that did not end, or is not what its executions are, is a violation") {
    auto history = running_job();
    SUBCASE("running") {
        history.check_ended(full(job("Running", 2, 0, 1)),
                            {row("a", "Completed"), row("b", "Completed"), row("c", "Pending")});
        CHECK(says(history, "did not end"));
    }
    SUBCASE("recount") {
        history.check_ended(full(job("Failed", 1, 2, 0)),
                            {row("a", "Failed", "no"), row("b", "Failed", "no"), row("c", "Failed", "no")});
        CHECK(history.violations().size() == 2);
    }
    SUBCASE("verdict") {
        history.check_ended(full(job("Completed", 2, 1, 0)),
                            {row("a", "Completed"), row("b", "Completed"), row("c", "Failed", "no")});
        CHECK(says(history, "which its tally is not"));
    }
}

TEST_CASE("an answer that comes twice is a violation") {
    auto history = running_job();
    history.answered(1, yes(full(job("Running", 0, 0, 3))));
    CHECK(says(history, "answered twice"));
}

TEST_CASE("promise 1: a write to the registry that was answered and is lost is a violation") {
    History history;
    const auto put = [&](std::uint64_t request, std::string_view title) {
        history.asked(request, "set/put", {{"set", "s"}, {"title", title}});
    };
    const auto get = [&](std::uint64_t request, std::string_view title) {
        history.asked(request, "set/get", {{"set", "s"}});
        history.answered(request, yes({{"title", title}}));
    };
    put(1, "one");
    history.answered(1, yes(json::object{}));
    get(2, "one");
    put(3, "two");  // no answer
    SUBCASE("unknown: carried out") {
        get(4, "two");
        CHECK(history.violations().empty());
        get(5, "one");
        CHECK(says(history, "in place of \"two\""));
    }
    SUBCASE("unknown: lost") {
        get(4, "one");
        CHECK(history.violations().empty());
        get(5, "two");
        CHECK(says(history, "in place of \"one\""));
    }
    SUBCASE("answered and lost") {
        history.answered(3, yes(json::object{}));
        get(4, "one");
        CHECK(says(history, "in place of \"two\""));
    }
    SUBCASE("refused and there") {
        history.answered(3, no("invalid"));
        get(4, "two");
        CHECK(says(history, "in place of \"one\""));
    }
    SUBCASE("gone") {
        history.asked(4, "set/get", {{"set", "s"}});
        history.answered(4, no("not_found"));
        CHECK(says(history, "holds \"\""));
    }
}

}  // namespace muster::crash
