// What a user does with jobs: save, edit, run, stop, run again, copy, rerun,
// delete. By the control API, on simulated devices.
#include "tests/integration/fleet.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace muster::test {
namespace {

namespace json = boost::json;

std::string refusal(Gateway& gateway, std::string_view verb, const json::object& body) {
    const auto reply = gateway.ask(verb, body);
    CHECK_MESSAGE(!member(reply, "/ok").as_bool(), json::serialize(reply));
    return reply.as_object().contains("error") ? json::serialize(member(reply, "/error")) : "";
}

bool names(const std::string& text, std::string_view word) {
    return text.find(word) != std::string::npos;
}

TEST_CASE("A05, A16, A17, A20, A28: a saved job is Pending, found by its words, edited and run") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 5);
    auto specification = fan_speed_job(3);
    specification["description"] = "quieter at night";
    const auto saved = gateway.request("job/save", specification);
    const auto job = number(saved, "/job");
    CHECK(text(saved, "/status") == "Pending");
    CHECK(!text(saved, "/detail").empty());
    CHECK(gateway.list("job/list", {{"search", "Fan"}}).size() == 1);
    CHECK(gateway.list("job/list", {{"search", "night"}}).size() == 1);
    CHECK(gateway.list("job/list", {{"search", "no such words"}}).empty());

    auto edited = fan_speed_job(4);
    edited["job"] = job;
    edited["revision"] = number(saved, "/revision");
    CHECK(number(gateway.request("job/save", edited), "/revision") > number(saved, "/revision"));
    CHECK(names(refusal(gateway, "job/save", edited), "conflict"));

    CHECK(text(gateway.request("job/run", {{"job", job}}), "/status") == "Running");
    gateway.await_job(job, "Completed");
    CHECK(number(gateway.request("device/get", {{"device", "fridge-1"}}), "/settings/fanSpeed") == 4);
    CHECK(names(refusal(gateway, "job/run", {{"job", job}}), "copy"));
}

TEST_CASE("A29, A30, A41, A42, A43, A44: stopped, nothing more is sent; run again, it goes on where it was") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 100, {"--delay", "200..400"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"window", 10}}));
    gateway.await_count(job, "succeeded", 20);

    CHECK(text(gateway.request("job/stop", {{"job", job}}), "/status") == "Stopped");
    Observer after_stop(gateway.broker().url(), "muster/v1/dev/+/cmd");
    const auto executions = gateway.list("job/devices", {{"job", job}});
    // What was in flight is still answered and counted.
    const auto none_in_flight = [&] {
        const auto now = gateway.list("job/devices", {{"job", job}});
        return std::ranges::count_if(now, [](const auto& one) {
                   return text(one, "/status") == "Pending" && number(one, "/attempts") > 0;
               }) == 0;
    };
    CHECK(eventually(none_in_flight));
    CHECK(after_stop.messages().empty());
    CHECK(text(gateway.job(job), "/status") == "Stopped");
    check_tally(gateway, job);
    CHECK(count_executions(gateway, job)["Pending"] > 0);

    CHECK(text(gateway.request("job/run", {{"job", job}}), "/status") == "Running");
    gateway.await_job(job, "Completed");
    check_tally(gateway, job);
    for (const auto& message : after_stop.messages()) {
        const auto device = device_of(message.topic);
        const auto before =
            std::ranges::find_if(executions, [&](const auto& one) { return text(one, "/device") == device; });
        REQUIRE(before != executions.end());
        CHECK_MESSAGE(text(*before, "/status") == "Pending", device);
    }
    CHECK(number(simulator.stop(), "/totals/executed") == 100);
}

TEST_CASE("A40, A45, A46, A47: a copy says what drifted, and leaves the original as it was") {
    Gateway gateway;
    put_fleet(gateway);
    gateway.request(
        "set/put",
        {{"set", "refrigerators"}, {"template", "refrigerator"}, {"query", "!(\"retired\" in tags)"}});
    Simulator simulator(gateway, 4);
    const auto original = run_job(gateway, fan_speed_job(3));
    gateway.await_job(original, "Completed");

    put_silent_device(gateway, "fridge-new");
    gateway.request("device/put", {{"device", "fridge-2"}, {"tags", {{"retired", true}}}});
    gateway.request("device/delete", {{"device", "fridge-3"}});
    const auto copy = gateway.request("job/copy", {{"job", original}});
    CHECK(text(copy, "/name") == "Fan speed 3 copy");
    CHECK(text(copy, "/status") == "Pending");
    CHECK(json::serialize(member(copy, "/drift/added")).find("fridge-new") != std::string::npos);
    CHECK(json::serialize(member(copy, "/drift/left")).find("fridge-2") != std::string::npos);
    CHECK(json::serialize(member(copy, "/drift/deleted")).find("fridge-3") != std::string::npos);
    CHECK(member(copy, "/drift/broken").is_null());

    CHECK(text(gateway.job(original), "/status") == "Completed");
    const auto executions = gateway.list("job/devices", {{"job", original}});
    CHECK(executions.size() == 4);
    for (const auto& execution : executions) {
        CHECK(member(execution, "/deleted").as_bool() == (text(execution, "/device") == "fridge-3"));
    }
    auto on_the_deleted = fan_speed_job(2);
    on_the_deleted["selection"] = {{"devices", json::array{"fridge-3"}}};
    CHECK(names(refusal(gateway, "job/save", on_the_deleted), "fridge-3"));
}

TEST_CASE("B12: a rerun takes the failed devices, by reason") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-silent");
    Simulator simulator(gateway, 20, {"--reject", "25"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"offline", "fail"}}));
    gateway.await_job(job, "Failed");
    auto counts = count_executions(gateway, job);
    CHECK(counts["rejected"] == 5);
    CHECK(counts["offline"] == 1);

    const auto rerun = gateway.request("job/rerun", {{"job", job}, {"reason", "rejected"}, {"run", true}});
    CHECK(number(rerun, "/parent") == job);
    CHECK(number(rerun, "/tally/selected") == 5);
    gateway.await_job(number(rerun, "/job"), "Failed");
    CHECK(count_executions(gateway, number(rerun, "/job"))["rejected"] == 5);

    const auto saved = gateway.request("job/rerun", {{"job", job}});
    CHECK(text(saved, "/status") == "Pending");
    CHECK(number(gateway.request("job/run", {{"job", number(saved, "/job")}}), "/tally/selected") == 6);
}

TEST_CASE("A08, A47: a broken set lists nothing and says why; a job on it is refused, a copy tells") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    gateway.request("set/put", {{"set", "refrigerators"},
                                {"template", "refrigerator"},
                                {"query", "settings.fanSpeed < 2 || online || id != \"\""}});
    const auto job = number(gateway.request("job/save", fan_speed_job(3)), "/job");
    auto document =
        member(gateway.request("template/get", {{"template", "refrigerator"}}), "/document").as_object();
    document["settings"].as_object().erase("fanSpeed");
    gateway.request("template/put", {{"document", document}});

    const auto set = gateway.request("set/get", {{"set", "refrigerators"}});
    CHECK(names(text(set, "/broken"), "fanSpeed"));
    const auto preview = gateway.request("set/preview", {{"set", "refrigerators"}});
    CHECK(names(text(preview, "/broken"), "fanSpeed"));
    CHECK(member(preview, "/items").as_array().empty());
    CHECK(names(refusal(gateway, "job/run", {{"job", job}}), "fanSpeed"));
    CHECK(names(json::serialize(gateway.request("job/copy", {{"job", job}})), "fanSpeed"));
}

TEST_CASE("A06, A09: a job without a set or a type, or with one that does not exist, is refused by name") {
    Gateway gateway;
    put_fleet(gateway);
    for (const auto* const field : {"set", "type", "name", "operations"}) {
        auto specification = fan_speed_job(3);
        specification.erase(field);
        CHECK_MESSAGE(names(refusal(gateway, "job/save", specification), field), field);
    }
    auto specification = fan_speed_job(3);
    specification["set"] = "freezers";
    CHECK(names(refusal(gateway, "job/save", specification), "freezers"));
    specification = fan_speed_job(3);
    specification["type"] = "wishes";
    CHECK(names(refusal(gateway, "job/save", specification), "wishes"));
    CHECK(gateway.list("job/list").empty());
}

TEST_CASE("A02: a template of gateways cannot be targeted") {
    Gateway gateway;
    gateway.request("template/put", {{"document",
                                      {{"name", "router"},
                                       {"gateway", true},
                                       {"settings", {{"mode", {{"schema", {{"type", "string"}}}}}}}}}});
    gateway.request("device/put", {{"device", "router-1"}, {"template", "router"}});
    const auto set = gateway.ask("set/put", {{"set", "routers"}, {"template", "router"}, {"query", ""}});
    const auto refused = refusal(gateway, "job/save",
                                 {{"name", "Mode"},
                                  {"set", "routers"},
                                  {"run", true},
                                  {"type", "settings"},
                                  {"operations", json::array{{{"name", "mode"}, {"value", "a"}}}}});
    CHECK(names(member(set, "/ok").as_bool() ? refused : json::serialize(set), "gateway"));
}

TEST_CASE("A18, A19: running jobs first, the newest first in each group") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    const auto running = run_job(gateway, fan_speed_job(1));
    const auto older = number(gateway.request("job/save", fan_speed_job(2)), "/job");
    const auto newer = number(gateway.request("job/save", fan_speed_job(3)), "/job");
    std::vector<std::int64_t> order;
    for (const auto& job : gateway.list("job/list")) {
        order.push_back(number(job, "/job"));
    }
    CHECK(order == std::vector<std::int64_t>{running, newer, older});
    CHECK(names(refusal(gateway, "job/delete", {{"job", running}}), "conflict"));
    gateway.request("job/delete", {{"job", older}});
    CHECK(gateway.list("job/list").size() == 2);
}

TEST_CASE("A39: a device that waits says for what") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    const auto first = run_job(gateway, fan_speed_job(1));
    const auto second = run_job(gateway, fan_speed_job(2));
    const auto detail = [&](std::int64_t job) {
        return text(gateway.list("job/devices", {{"job", job}}).at(0), "/detail");
    };
    CHECK_MESSAGE(names(detail(first), "online"), detail(first));
    CHECK_MESSAGE(names(detail(second), "job " + std::to_string(first)), detail(second));
    gateway.request("device/delete", {{"device", "fridge-1"}});
    gateway.await_job(first, "Failed");
    gateway.await_job(second, "Failed");
    CHECK(count_executions(gateway, first)["deleted"] == 1);
}

}  // namespace
}  // namespace muster::test
