#include "daemon/http/routes.hpp"

#include "protocol/codec.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::http;
namespace json = boost::json;

namespace {

struct Asked {
    std::string verb;
    std::string members;
};

// What a request becomes, or what is wrong with it.
Asked asked(Method method, std::string target, std::string body = {},
            std::map<std::string, std::string> headers = {}) {
    const Request request{method, target, std::move(headers), std::move(body)};
    const auto parsed = parse_target(target);
    REQUIRE(parsed.has_value());
    auto matched = match(method, *parsed);
    REQUIRE(matched.route != nullptr);
    const auto members = members_of(*matched.route, std::move(matched.members), *parsed, request);
    if (members) {
        return {std::string(matched.route->verb), format_json(*members)};
    }
    const auto error = members.error();
    return {"", error.details.empty() ? error.message
                                      : error.details.front().field + " " + error.details.front().message};
}

}  // namespace

TEST_CASE("path and query become members, of the type that the verb wants") {
    CHECK(asked(Method::get, "/api/v1/jobs").verb == "job/list");
    CHECK(asked(Method::get, "/api/v1/jobs?limit=3&search=a%20b&status=Running").members ==
          R"({"limit":3,"search":"a b","status":"Running"})");
    CHECK(asked(Method::get, "/api/v1/devices?online=true&limit=x").members ==
          R"({"online":true,"limit":"x"})");
    CHECK(asked(Method::get, "/api/v1/devices/fridge%2D1").members == R"({"device":"fridge-1"})");
    CHECK(asked(Method::get, "/api/v1/jobs/42/devices?reason=timeout").members ==
          R"({"job":"42","reason":"timeout"})");
    CHECK(asked(Method::get, "/api/v1/device-set-preview?template=t&query=a%20%3D%3D%201").members ==
          R"({"template":"t","query":"a == 1"})");
}

TEST_CASE("the body's members join them, and nothing may be said twice") {
    CHECK(asked(Method::put, "/api/v1/jobs/42", R"({"name":"n"})").members == R"({"job":"42","name":"n"})");
    CHECK(asked(Method::put, "/api/v1/jobs/42", R"({"job":43})").members ==
          "job stands in the body a second time");
    CHECK(asked(Method::get, "/api/v1/jobs?limit=1&limit=2").members ==
          "limit stands in the query a second time");
    CHECK(asked(Method::post, "/api/v1/jobs", "[1]").members.find("must be a JSON object") !=
          std::string::npos);
    CHECK(asked(Method::post, "/api/v1/jobs", "{").verb.empty());
    CHECK(asked(Method::post, "/api/v1/jobs/1/stop", "{}").verb == "job/stop");
    CHECK(asked(Method::post, "/api/v1/jobs/1/stop", R"({"now":true})").verb.empty());
}

TEST_CASE("a template is put as the document it is, under its own name") {
    CHECK(asked(Method::put, "/api/v1/templates/fan", R"({"name":"fan"})").members ==
          R"({"document":{"name":"fan"}})");
    CHECK(asked(Method::put, "/api/v1/templates/fan", R"({"name":"fridge"})").members ==
          "name is not the template that the path names");
}

TEST_CASE("If-Match is the revision or version that a change began from") {
    CHECK(asked(Method::put, "/api/v1/jobs/42", "{}", {{"if-match", "\"3\""}}).members ==
          R"({"job":"42","revision":3})");
    CHECK(asked(Method::delete_, "/api/v1/templates/fan", "", {{"if-match", "\"3\""}}).members ==
          R"({"template":"fan","version":3})");
    for (const char* wrong : {"*", "", "3", "\"\"", "\"", "W/\"3\"", "\"3\", \"4\"", "\"x\""}) {
        CAPTURE(wrong);
        CHECK(asked(Method::put, "/api/v1/jobs/42", "{}", {{"if-match", wrong}}).verb.empty());
    }
    CHECK(asked(Method::post, "/api/v1/jobs/42/stop", "", {{"if-match", "\"3\""}}).members ==
          "If-Match has no meaning here");
}

TEST_CASE("If-None-Match: * is for what is not there yet, where PUT can make it") {
    CHECK(asked(Method::put, "/api/v1/device-sets/s", "{}", {{"if-none-match", "*"}}).members ==
          R"({"set":"s","revision":0})");
    CHECK(asked(Method::put, "/api/v1/templates/t", "{}", {{"if-none-match", "*"}}).members ==
          R"({"version":0,"document":{}})");
    CHECK(asked(Method::put, "/api/v1/device-sets/s", "{}", {{"if-none-match", "\"3\""}}).verb.empty());
    CHECK(asked(Method::put, "/api/v1/device-sets/s", "{}", {{"if-none-match", "*"}, {"if-match", "\"3\""}})
              .verb.empty());
    CHECK(asked(Method::put, "/api/v1/jobs/42", "{}", {{"if-none-match", "*"}}).verb.empty());
}

TEST_CASE("Idempotency-Key is the key of what makes or runs a job, and has no meaning elsewhere") {
    CHECK(asked(Method::post, "/api/v1/jobs", "{}", {{"idempotency-key", "k-1"}}).members ==
          R"({"key":"k-1"})");
    CHECK(asked(Method::post, "/api/v1/jobs/2/run", "", {{"idempotency-key", "k-1"}}).members ==
          R"({"job":"2","key":"k-1"})");
    CHECK(asked(Method::post, "/api/v1/jobs/2/stop", "", {{"idempotency-key", "k-1"}}).verb.empty());
}

TEST_CASE("a path that is there with other methods says which") {
    const auto target = parse_target("/api/v1/jobs/42");
    const auto matched = match(Method::post, *target);
    CHECK(matched.route == nullptr);
    CHECK(matched.allowed == std::vector<std::string_view>{"GET", "PUT", "DELETE"});
    for (const char* path :
         {"/api/v1", "/api/v1/jobs/", "/api/v1/jobs/42/", "/api/v1/jobs/42/devices/x", "/api/v2/jobs"}) {
        CAPTURE(path);
        const auto nothing = match(Method::post, *parse_target(path));
        CHECK(nothing.route == nullptr);
    }
    for (const char* no_text : {"/a%ff", "/a%00", "/?%ff=1", "/?a=%c0%80"}) {
        CAPTURE(no_text);
        CHECK_FALSE(parse_target(no_text).has_value());
    }
    CHECK_FALSE(parse_target("jobs").has_value());
    CHECK_FALSE(parse_target("/a b").has_value());
    CHECK_FALSE(parse_target("http://127.0.0.1/").has_value());
}
