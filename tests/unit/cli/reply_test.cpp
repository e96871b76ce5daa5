#include "daemon/cli/reply.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::cli;

TEST_CASE("SPEC 6.3: a result") {
    CHECK(parse_reply(R"({"id":"a1","ok":true,"result":{"job":42}})", "a1").value().at("job") == 42);
    CHECK(parse_reply(R"({"id":"a1","ok":true})", "a1").value().as_object().empty());
}

TEST_CASE("SPEC 6.3: an error is a refusal, with its details") {
    const auto reply = parse_reply(
        R"({"id":"a1","ok":false,"error":{"code":"not_found","message":"no job 42",
            "details":[{"field":"job","message":"there is none"}]}})",
        "a1");
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().exit == ExitCode::refused);
    CHECK(reply.error().error == make_error(ErrorCode::not_found, "no job 42", {{"job", "there is none"}}));
    const auto bare = parse_reply(R"({"id":"a1","ok":false})", "a1");
    REQUIRE_FALSE(bare.has_value());
    CHECK(bare.error().exit == ExitCode::refused);
    CHECK_FALSE(bare.error().error.message.empty());
}

TEST_CASE("what is no reply to the request is neither") {
    for (const char* payload :
         {"", "42", "{}", "[]", R"({"id":"b2","ok":true,"result":{}})", R"({"ok":true,"result":{}})",
          R"({"id":"a1","ok":1})", R"({"id":"a1","ok":true,"result":)"}) {
        CAPTURE(payload);
        const auto reply = parse_reply(payload, "a1");
        REQUIRE_FALSE(reply.has_value());
        CHECK(reply.error().exit == ExitCode::usage_or_connection);
    }
}
