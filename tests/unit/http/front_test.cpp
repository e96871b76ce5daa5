#include "daemon/http/front.hpp"

#include "protocol/codec.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace muster;
using namespace muster::http;
namespace json = boost::json;

namespace {

constexpr const char* kLocal = "127.0.0.1";
constexpr TimePoint kNow{Seconds(1'800'000'000)};

Front make_front(FrontOptions options = {}) {
    return Front(std::move(options), [](std::string_view token) -> std::optional<Identity> {
        if (token == "none") {
            return Identity{"nobody", api::Role::none};
        }
        return token == "good" ? std::optional(Identity{"anna", api::Role::admin}) : std::nullopt;
    });
}

Request request(Method method, std::string target, std::map<std::string, std::string> headers = {},
                std::string body = {}) {
    headers.emplace("host", "127.0.0.1:8620");
    headers.emplace("authorization", "Bearer good");
    if (!body.empty()) {
        headers.emplace("content-length", std::to_string(body.size()));
        headers.emplace("content-type", "application/json");
    }
    return {method, std::move(target), std::move(headers), std::move(body)};
}

// The whole way of a request, up to where the gateway would be asked.
Action act(Front& front, const Request& asked) {
    auto admitted = front.admit(asked, kLocal);
    if (auto* refusal = std::get_if<Response>(&admitted)) {
        return std::move(*refusal);
    }
    return front.decide(std::get<Admitted>(std::move(admitted)), asked, kNow);
}

// Of a response; 0 for what is no response.
unsigned status(Front& front, const Request& asked) {
    const auto action = act(front, asked);
    const auto* response = std::get_if<Response>(&action);
    return response == nullptr ? 0 : response->status;
}

const std::string* header(const Response& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? nullptr : &found->second;
}

Ask ask(Front& front, const Request& asked) {
    auto action = act(front, asked);
    REQUIRE(std::holds_alternative<Ask>(action));
    return std::get<Ask>(std::move(action));
}

}  // namespace

TEST_CASE("a call goes to the gateway with its user and role") {
    auto front = make_front();
    const auto asked = ask(front, request(Method::post, "/api/v1/jobs/7/run", {}, R"({"digest":"d"})"));
    CHECK(asked.call.user == "anna");
    CHECK(asked.call.role == api::Role::admin);
    CHECK(asked.call.verb == "job/run");
    CHECK(format_json(asked.call.body) == R"({"job":"7","digest":"d"})");
}

TEST_CASE("nothing of the API is to be had without a token") {
    auto front = make_front();
    for (const auto& route : routes()) {
        CAPTURE(route.path);
        auto target = std::string(route.path);
        for (auto at = target.find('{'); at != std::string::npos; at = target.find('{')) {
            target.replace(at, target.find('}') - at + 1, "1");
        }
        auto without = request(route.method, target);
        without.headers.erase("authorization");
        const bool open = route.special == Special::health || route.special == Special::ready ||
                          route.special == Special::download;
        CHECK((status(front, without) == 401) == !open);
        for (const char* wrong : {"good", "Basic good", "Bearer", "Bearer ", "Bearer bad", "Bearer  good"}) {
            without.headers["authorization"] = wrong;
            CHECK((status(front, without) == 401) == !open);
        }
    }
    auto lower = request(Method::get, "/api/v1/jobs");
    lower.headers["authorization"] = "bearer good";
    CHECK(status(front, lower) == 0);
}

TEST_CASE("who has no role gets neither events nor CSV nor metrics") {
    auto front = make_front();
    for (const char* target :
         {"/api/v1/events", "/api/v1/jobs/1/details.csv", "/metrics", "/api/v1/openapi.yaml"}) {
        CAPTURE(target);
        CHECK(status(front, request(Method::get, target, {{"authorization", "Bearer none"}})) == 403);
    }
    CHECK_FALSE(front.still_admits("none"));
    CHECK(front.still_admits("good"));
}

TEST_CASE("metrics are for all where the configuration says so") {
    auto open = make_front({.hosts = {}, .tls = false, .metrics_for_everyone = true});
    auto without = request(Method::get, "/metrics");
    without.headers.erase("authorization");
    CHECK(ask(open, without).call.verb == "metrics");
}

TEST_CASE("a name that is not ours is refused, whatever it leads to") {
    auto front = make_front({.hosts = {"gw.example"}});
    const auto with_host = [&](const std::string& host) {
        return status(front, request(Method::get, "/api/v1/jobs", {{"host", host}}));
    };
    for (const char* ours : {"127.0.0.1", "127.0.0.1:8620", "localhost:1", "gw.example", "gw.example:443"}) {
        CAPTURE(ours);
        CHECK(with_host(ours) == 0);
    }
    for (const char* other :
         {"evil.example", "127.0.0.2", "", "gw.example.evil", "a@127.0.0.1", "localhost.", "[::1]"}) {
        CAPTURE(other);
        CHECK(with_host(other) == 421);
    }
    auto without = request(Method::get, "/");
    without.headers.erase("host");
    CHECK(status(front, without) == 421);
}

TEST_CASE("pages of other origins are refused, ours are not") {
    auto front = make_front();
    const auto from = [&](const std::string& origin) {
        return status(front, request(Method::post, "/api/v1/jobs/1/stop", {{"origin", origin}}));
    };
    CHECK(from("http://127.0.0.1:8620") == 0);
    for (const char* other : {"http://evil.example", "https://127.0.0.1:8620", "http://127.0.0.1:1", "null",
                              "http://localhost:8620"}) {
        CAPTURE(other);
        CHECK(from(other) == 403);
    }
    auto secure = make_front({.hosts = {}, .tls = true});
    CHECK(status(secure, request(Method::get, "/api/v1/jobs", {{"origin", "https://127.0.0.1:8620"}})) == 0);
}

TEST_CASE("what a page could send here without being asked is no JSON, and is refused") {
    auto front = make_front();
    auto asked = request(Method::post, "/api/v1/jobs", {{"content-type", "text/plain"}}, "{}");
    CHECK(status(front, asked) == 415);
    asked.headers.erase("content-type");
    CHECK(status(front, asked) == 415);
    asked.headers["content-type"] = "application/json; charset=utf-8";
    CHECK(status(front, asked) == 0);
    CHECK(status(front, request(Method::post, "/api/v1/jobs/1/stop")) == 0);
}

TEST_CASE("wrong paths and methods say so") {
    auto front = make_front();
    CHECK(status(front, request(Method::get, "/api/v1/nothing")) == 404);
    CHECK(status(front, request(Method::post, "/jobs")) == 404);
    CHECK(status(front, request(Method::get, "/nothing.js")) == 404);
    CHECK(status(front, request(Method::get, "/%zz")) == 400);
    const auto action = act(front, request(Method::put, "/api/v1/jobs"));
    const auto& response = std::get<Response>(action);
    CHECK(response.status == 405);
    CHECK(*header(response, "Allow") == "GET, POST");
    CHECK(json::parse(response.body).at("error").at("code") == "method_not_allowed");
}

TEST_CASE("pages of the console are its one file, and need no token") {
    auto front = make_front();
    for (const char* page : {"/", "/jobs", "/jobs/42/edit"}) {
        auto asked = request(Method::get, page);
        asked.headers.erase("authorization");
        const auto action = act(front, asked);
        const auto& response = std::get<Response>(action);
        CHECK(response.status == 200);
        CHECK(*header(response, "Content-Type") == "text/html; charset=utf-8");
        asked.headers["if-none-match"] = *header(response, "ETag");
        CHECK(status(front, asked) == 304);
    }
}

TEST_CASE("errors of the API have the status that goes with them") {
    auto front = make_front();
    const auto asked = ask(front, request(Method::get, "/api/v1/jobs/7"));
    const auto answered = [&](ErrorCode code) { return front.answer(asked, make_error(code, "why")).status; };
    CHECK(answered(ErrorCode::invalid) == 400);
    CHECK(answered(ErrorCode::forbidden) == 403);
    CHECK(answered(ErrorCode::not_found) == 404);
    CHECK(answered(ErrorCode::conflict) == 409);
    CHECK(answered(ErrorCode::too_large) == 413);
    CHECK(answered(ErrorCode::internal) == 500);
    CHECK(answered(ErrorCode::unavailable) == 503);
    const auto response = front.answer(asked, make_error(ErrorCode::invalid, "why", {{"name", "is empty"}}));
    CHECK(response.body ==
          R"({"error":{"code":"invalid","message":"why","details":[{"field":"name","message":"is empty"}]}})"
          "\n");
}

TEST_CASE("a precondition that fails is 412, another conflict is not") {
    auto front = make_front();
    const auto revision = make_error(ErrorCode::conflict, "changed since", {{"revision", "is 4"}});
    const auto with = ask(front, request(Method::put, "/api/v1/jobs/7", {{"if-match", "\"3\""}}, "{}"));
    CHECK(front.answer(with, revision).status == 412);
    CHECK(front.answer(with, make_error(ErrorCode::conflict, "it runs")).status == 409);
    const auto without = ask(front, request(Method::put, "/api/v1/jobs/7", {}, R"({"revision":3})"));
    CHECK(front.answer(without, revision).status == 409);
}

TEST_CASE("what was made says where it is, and what it is like") {
    auto front = make_front();
    const auto made = front.answer(ask(front, request(Method::post, "/api/v1/jobs", {}, "{}")),
                                   json::object{{"job", 42}, {"revision", 1}});
    CHECK(made.status == 201);
    CHECK(*header(made, "Location") == "/api/v1/jobs/42");
    CHECK(*header(made, "ETag") == "\"1\"");
    const auto put = ask(front, request(Method::put, "/api/v1/device-sets/s", {}, "{}"));
    CHECK(front.answer(put, json::object{{"revision", 1}, {"changed", "created"}}).status == 201);
    CHECK(front.answer(put, json::object{{"revision", 2}, {"changed", "updated"}}).status == 200);
    const auto gone = front.answer(ask(front, request(Method::delete_, "/api/v1/jobs/7")), json::object{});
    CHECK(gone.status == 204);
    CHECK(gone.body.empty());
}

TEST_CASE("readiness is 200 or 503, and says what is not ready") {
    auto front = make_front();
    const auto asked = ask(front, request(Method::get, "/readyz"));
    const json::object checks{{"broker", "not connected to the broker"}};
    CHECK(front.answer(asked, json::object{{"readiness", {{"ready", true}, {"checks", json::object{}}}}})
              .status == 200);
    const auto not_ready =
        front.answer(asked, json::object{{"readiness", {{"ready", false}, {"checks", checks}}}});
    CHECK(not_ready.status == 503);
    CHECK(not_ready.body.find("not connected") != std::string::npos);
    // The engine does not answer at all.
    CHECK(front.answer(asked, make_error(ErrorCode::unavailable, "no answer")).status == 503);
}

TEST_CASE("A23: a link to a download works without a token, once, and for a minute") {
    auto front = make_front();
    const auto link = [&] {
        const auto action = act(front, request(Method::post, "/api/v1/downloads", {}, R"({"job":42})"));
        return std::string(json::parse(std::get<Response>(action).body).at("url").as_string());
    };
    const auto follow = [&](const std::string& url, TimePoint now) {
        Request asked{Method::get, url, {{"host", kLocal}}, {}};
        auto admitted = front.admit(asked, kLocal);
        return front.decide(std::get<Admitted>(std::move(admitted)), asked, now);
    };
    const auto url = link();
    const auto first = follow(url, kNow + Seconds(59));
    REQUIRE(std::holds_alternative<CsvStream>(first));
    CHECK(std::get<CsvStream>(first).call.user == "anna");
    CHECK(format_json(std::get<CsvStream>(first).call.body) == R"({"job":"42"})");
    CHECK(std::get<CsvStream>(first).file_name == "job-42.csv");
    CHECK(std::get<Response>(follow(url, kNow)).status == 404);
    CHECK(std::get<Response>(follow(link(), kNow + Seconds(60))).status == 404);
    CHECK(std::get<Response>(follow("/api/v1/downloads/x", kNow)).status == 404);
    for (const char* wrong : {"{}", R"({"job":"42"})", R"({"job":0})", R"({"job":1,"x":2})"}) {
        CHECK(status(front, request(Method::post, "/api/v1/downloads", {}, wrong)) == 400);
    }
}

TEST_CASE("links to downloads are bounded") {
    Downloads downloads;
    const auto first = downloads.add({JobId{1}, "anna", api::Role::viewer, kNow + Seconds(1)});
    std::string last;
    for (std::size_t i = 0; i < Downloads::kMost; ++i) {
        last = downloads.add({JobId{2}, "anna", api::Role::viewer, kNow + Seconds(2)});
    }
    CHECK_FALSE(downloads.take(first, kNow).has_value());
    CHECK(downloads.take(last, kNow).has_value());
}

TEST_CASE("events go on after the last one that the reader had") {
    auto front = make_front();
    const auto fresh = act(front, request(Method::get, "/api/v1/events"));
    CHECK_FALSE(std::get<EventStream>(fresh).last_id.has_value());
    const auto back = act(front, request(Method::get, "/api/v1/events", {{"last-event-id", "run-7"}}));
    CHECK(std::get<EventStream>(back).last_id == "run-7");
}
