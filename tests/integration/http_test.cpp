// The HTTP API of the real musterd, by curl.
#include "tests/integration/fleet.hpp"
#include "tests/integration/web.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace muster::test {
namespace {

namespace json = boost::json;

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string job_path(std::int64_t job) {
    return "/api/v1/jobs/" + std::to_string(job);
}

std::int64_t number_of(const WebReply& reply) {
    REQUIRE_MESSAGE(reply.status / 100 == 2, reply.body);
    return number(reply.json(), "/job");
}

// A value that each parameter of a query takes.
std::string sample_of(const std::string& operation, const std::string& parameter) {
    static const std::map<std::string, std::string> kSamples{{"status", "Failed"},
                                                             {"type", "settings"},
                                                             {"set", "refrigerators"},
                                                             {"search", "fridge"},
                                                             {"limit", "1"},
                                                             {"reason", "timeout"},
                                                             {"message", "door%20open"},
                                                             {"order", "desc"},
                                                             {"online", "true"},
                                                             {"query", "online"},
                                                             {"template", "refrigerator"},
                                                             {"version", "1"},
                                                             {"user", "tester"},
                                                             {"action", "job%2Frun"},
                                                             {"subject", "1"},
                                                             {"check_store", "true"}};
    if (parameter == "sort") {
        return holds(operation, "/jobs/{job}/devices") ? "attempts" : "name";
    }
    const auto found = kSamples.find(parameter);
    return found == kSamples.end() ? "" : found->second;
}

// Every operation of the contract once, in the life of one gateway.
void use_everything(Gateway& gateway, Web& web) {
    const auto fridge = web.read("/api/v1/templates/refrigerator");
    auto document = fridge.at("document").as_object();
    document["name"] = "fan";
    CHECK(web.ask("PUT", "/api/v1/templates/fan", {.body = json::serialize(document)}).status == 201);
    CHECK(web.ask("PUT", "/api/v1/device-sets/fans", {.body = R"({"template":"fan","query":"online"})"})
              .status == 201);
    CHECK(
        web.ask("PATCH", "/api/v1/devices/fan-1", {.body = R"({"template":"fan","tags":{"a":1}})"}).status ==
        201);
    CHECK(web.ask("PATCH", "/api/v1/devices/fan-1", {.body = R"({"tags":{"a":null}})"}).status == 200);
    for (const char* path :
         {"/api/v1/session", "/api/v1/status", "/api/v1/jobs", "/api/v1/devices", "/api/v1/device-sets",
          "/api/v1/templates", "/api/v1/device-sets/refrigerators",
          "/api/v1/device-sets/refrigerators/devices", "/api/v1/device-set-preview?template=fan",
          "/api/v1/audit", "/api/v1/doctor", "/api/v1/openapi.yaml", "/metrics", "/healthz", "/readyz"}) {
        CAPTURE(path);
        CHECK(web.get(path).status == 200);
    }
    const auto job = fan_speed_job(3, {{"timeout_seconds", 3}});
    CHECK(web.post("/api/v1/plan", job).status == 200);
    const auto saved = job_path(number_of(web.post("/api/v1/jobs", job)));
    CHECK(
        web.ask("PUT", saved, {.body = json::serialize(fan_speed_job(4, {{"timeout_seconds", 3}}))}).status ==
        200);
    CHECK(web.ask("POST", saved + "/plan").status == 200);
    CHECK(web.post(saved + "/run", json::object{}).status == 200);
    gateway.await_count(1, "succeeded", 1);
    CHECK(web.ask("POST", saved + "/stop").status == 200);
    for (const char* part : {"", "/devices", "/progress", "/details.csv"}) {
        CHECK(web.get(saved + part).status == 200);
    }
    CHECK(web.post(saved + "/run", json::object{}).status == 200);
    gateway.await_job(1, "Failed");  // fridge-away is never online
    CHECK(web.get(saved + "/devices").status == 200);
    const auto copy = job_path(number_of(web.ask("POST", saved + "/copy")));
    CHECK(web.post(saved + "/rerun", json::object{{"reason", "timeout"}}).status == 201);
    const auto download = web.post("/api/v1/downloads", json::object{{"job", 1}});
    CHECK(web.get(text(download.json(), "/url")).status == 200);
    CHECK(web.ask("DELETE", copy).status == 204);
    CHECK(web.get("/api/v1/devices/fridge-away").status == 200);
    CHECK(web.get("/api/v1/devices/fridge-away/jobs").status == 200);
    CHECK(web.ask("DELETE", "/api/v1/devices/fan-1").status == 204);
    CHECK(web.ask("DELETE", "/api/v1/device-sets/fans").status == 204);
    CHECK(web.ask("DELETE", "/api/v1/templates/fan").status == 204);
}

}  // namespace

TEST_CASE("every operation of openapi.yaml works, and answers as it says") {
    Gateway gateway;
    put_fleet(gateway);
    gateway.publish("muster/v1/dev/fridge-away/info", R"({"proto":1,"template":"refrigerator"})", true);
    const Simulator simulator(gateway, 20, {"--delay", "50..300"});
    Web web(gateway);
    use_everything(gateway, web);
    auto expected = web.contract().operations();
    expected.erase("GET /api/v1/events");  // has no end; see below
    CHECK(web.succeeded() == expected);
}

TEST_CASE("every parameter of a query that openapi.yaml names is one, and others are refused") {
    Gateway gateway;
    put_fleet(gateway);
    gateway.publish("muster/v1/dev/fridge-1/info", R"({"proto":1,"template":"refrigerator"})", true);
    Web web(gateway);
    REQUIRE(web.post("/api/v1/jobs", fan_speed_job(3)).status == 201);
    REQUIRE(eventually([&] { return web.get("/api/v1/devices/fridge-1").status == 200; }));
    const std::map<std::string, std::string> names{
        {"{job}", "1"}, {"{device}", "fridge-1"}, {"{set}", "refrigerators"}, {"{template}", "refrigerator"}};
    for (const auto& operation : web.contract().operations()) {
        const auto parameters = web.contract().parameters(operation, "query");
        if (!operation.starts_with("GET ") || parameters.empty()) {
            continue;
        }
        auto path = operation.substr(4);
        for (const auto& [part, name] : names) {
            if (const auto at = path.find(part); at != std::string::npos) {
                path.replace(at, part.size(), name);
            }
        }
        std::string query;
        for (const auto& parameter : parameters) {
            if (const auto value = sample_of(operation, parameter); !value.empty()) {
                query += (query.empty() ? "?" : "&") + parameter + "=" + value;
            }
        }
        CAPTURE(path + query);
        const auto reply = web.get(path + query);
        CHECK_MESSAGE(reply.status == 200, reply.body);
        const auto refused = web.get(path + query + "&nonsense=1");
        CHECK(refused.status == 400);
        CHECK(holds(refused.body, "nonsense"));
    }
}

TEST_CASE("B02: a job that is asked for again with the same key, after kill -9 too, is one job") {
    Gateway gateway({.overrides = {"http.listen=127.0.0.1:" + std::to_string(free_port())}});
    put_fleet(gateway);
    Web web(gateway);
    auto job = fan_speed_job(3);
    const auto create = [&](const std::string& key) {
        return web.ask("POST", "/api/v1/jobs",
                       {.body = json::serialize(job), .headers = {"Idempotency-Key: " + key}});
    };
    const auto first = number_of(create("k-1"));
    CHECK(number_of(create("k-1")) == first);
    gateway.kill_daemon();
    gateway.start_daemon();
    CHECK(number_of(create("k-1")) == first);  // the token outlives the restart as well
    CHECK(number_of(create("k-2")) == first + 1);
    CHECK(web.read("/api/v1/jobs").at("items").as_array().size() == 2);
    job["name"] = "another";
    CHECK(create("k-1").status == 409);
}

TEST_CASE("If-Match: of two who change the same thing, the second is told") {
    Gateway gateway;
    put_fleet(gateway);
    Web web(gateway);
    const auto body = json::serialize(fan_speed_job(3));
    const auto changed = json::serialize(fan_speed_job(4));
    const auto made = web.ask("POST", "/api/v1/jobs", {.body = body});
    const auto path = made.headers.at("location");
    const auto tag = made.headers.at("etag");
    const auto change = [&](const std::string& target, const std::string& text) {
        return web.ask("PUT", target, {.body = text, .headers = {"If-Match: " + tag}});
    };
    CHECK(tag == "\"1\"");
    CHECK(change(path, changed).headers.at("etag") == "\"2\"");
    CHECK(change(path, body).status == 412);
    const auto first = [&](const std::string& set_name) {
        return web.ask("PUT", "/api/v1/device-sets/" + set_name,
                       {.body = R"({"template":"refrigerator"})", .headers = {"If-None-Match: *"}});
    };
    CHECK(first("fresh").status == 201);
    CHECK(first("fresh").status == 412);
    CHECK(web.ask("DELETE", path, {.headers = {"If-Match: \"1\""}}).status == 412);
    CHECK(web.ask("DELETE", path, {.headers = {"If-Match: \"2\""}}).status == 204);
    const std::string set = R"({"template":"refrigerator","query":"online"})";
    CHECK(change("/api/v1/device-sets/refrigerators", set).status == 200);
    CHECK(change("/api/v1/device-sets/refrigerators", set).status == 412);
    auto document = web.read("/api/v1/templates/refrigerator").at("document").as_object();
    document["description"] = "changed";
    CHECK(change("/api/v1/templates/refrigerator", json::serialize(document)).headers.at("etag") == "\"2\"");
    CHECK(change("/api/v1/templates/refrigerator", json::serialize(document)).status == 412);
}

TEST_CASE("A25: events follow a job to its end, and go on after a break") {
    Gateway gateway;
    put_fleet(gateway);
    const Simulator simulator(gateway, 50, {"--delay", "10..500"});
    Web web(gateway);
    const TempDir files;
    const auto stream = web.follow(files, "events");
    REQUIRE(eventually([&] { return holds(stream.output(), "event: gateway"); }));
    const auto job = run_job(gateway, fan_speed_job(3));
    const auto completed = "\"job\":" + std::to_string(job) + ",";
    REQUIRE(eventually([&] {
        return holds(stream.output(), "\"status\":\"Completed\"") && holds(stream.output(), completed);
    }));
    const auto seen = stream.output();
    CHECK(holds(seen, "\"status\":\"Running\""));
    // At most four a second while it runs, and one for each change of state.
    const auto first_id = seen.find("id: ");
    const auto id = seen.substr(first_id + 4, seen.find('\n', first_id) - first_id - 4);
    const auto resumed = web.follow(files, "resumed", {"Last-Event-ID: " + id});
    REQUIRE(eventually([&] { return holds(resumed.output(), "\"status\":\"Completed\""); }));
    CHECK_FALSE(holds(resumed.output(), "id: " + id + "\nevent"));
    CHECK_FALSE(holds(resumed.output(), "event: reset"));
    const auto lost = web.follow(files, "lost", {"Last-Event-ID: 00000000-7"});
    CHECK(eventually([&] { return holds(lost.output(), "event: reset"); }));
    gateway.publish("muster/v1/dev/fridge-1/status", "offline", true);
    CHECK(eventually([&] { return holds(lost.output(), R"({"device":"fridge-1","online":false})"); }));
    CHECK(web.ask("DELETE", job_path(job)).status == 204);
    CHECK(eventually([&] { return holds(lost.output(), "event: job-deleted"); }));
}

TEST_CASE("tokens of scripts: made, used within their role, revoked") {
    const TempDir files;
    const auto file = (files / "tokens").string();
    Gateway gateway({.overrides = {"http.tokens_file=" + file}});
    put_fleet(gateway);
    const auto url = Web(gateway).url();
    const auto make = [&](const std::string& name, const std::string& role) {
        const auto made = gateway.muster_json({"token", "new", name, "--role", role, "--file", file});
        return text(made, "/token");
    };
    const auto body = json::serialize(fan_speed_job(3));
    Web viewer(url, make("panel", "viewer"));
    CHECK(viewer.get("/api/v1/jobs").status == 200);
    CHECK(viewer.get("/metrics").status == 200);
    CHECK(viewer.ask("POST", "/api/v1/jobs", {.body = body}).status == 403);
    CHECK(viewer.get("/api/v1/audit").status == 403);
    Web operator_(url, make("ci", "operator"));
    CHECK(operator_.ask("POST", "/api/v1/jobs", {.body = body}).status == 201);
    CHECK(operator_.ask("DELETE", "/api/v1/device-sets/refrigerators").status == 403);
    CHECK(text(operator_.read("/api/v1/audit?limit=1"), "/items/0/user") == "ci");
    REQUIRE(gateway.muster({"token", "revoke", "ci", "--file", file}).exit_code == 0);
    CHECK(operator_.get("/api/v1/jobs").status == 401);
    CHECK(viewer.get("/api/v1/jobs").status == 200);
    write_file(file, "nonsense\n");
    CHECK(viewer.get("/api/v1/jobs").status == 401);
}

TEST_CASE("/readyz says what is not ready, and /healthz only that musterd lives") {
    Gateway gateway;
    Web web(gateway);
    CHECK(web.get("/readyz").status == 200);
    gateway.broker().stop();
    REQUIRE(eventually([&] { return web.get("/readyz").status == 503; }));
    CHECK(text(web.get("/readyz").json(), "/checks/broker") == "not connected to the broker");
    CHECK(web.get("/healthz").status == 200);
    CHECK(holds(web.get("/metrics").body, "\nmuster_broker_connected 0\n"));
    gateway.broker().start();
    CHECK(eventually([&] { return web.get("/readyz").status == 200; }));
}

TEST_CASE("/metrics counts what happened") {
    Gateway gateway;
    put_fleet(gateway);
    const Simulator simulator(gateway, 20, {"--reject", "20", "--seed", "7"});
    Web web(gateway);
    const auto job = run_job(gateway, fan_speed_job(3, {{"timeout_seconds", 20}}));
    REQUIRE(eventually([&] { return number(gateway.job(job), "/tally/pending") == 0; }));
    const auto tally = gateway.job(job).at("tally");
    const auto text = web.get("/metrics").body;
    const auto line = [&](const std::string& name, std::int64_t value) {
        return "\n" + name + " " + std::to_string(value) + "\n";
    };
    CHECK(holds(text, line("muster_executions_completed_total", number(tally, "/succeeded"))));
    CHECK(holds(text, line("muster_executions_failed_total{reason=\"rejected\"}", number(tally, "/failed"))));
    CHECK(holds(text, line("muster_executions{state=\"Completed\"}", number(tally, "/succeeded"))));
    const auto value_of = [&](const std::string& name) {
        const auto at = text.find("\n" + name + " ");
        REQUIRE(at != std::string::npos);
        return std::stoll(text.substr(at + name.size() + 2));
    };
    // What the link had no room for is decided on once more.
    CHECK(value_of("muster_operations_sent_total") - value_of("muster_operations_refused_total") == 20);
    CHECK(holds(text, line("muster_devices_online", 20)));
    CHECK(holds(text, "\n# TYPE muster_store_commit_seconds histogram\n"));
    CHECK(holds(text, "\nprocess_resident_memory_bytes "));
}

}  // namespace muster::test
