#include "daemon/api/request_mark.hpp"

#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

std::string digest_of(const std::string& verb, const std::string& body) {
    const Call call{"anna", Role::admin, verb, test::object_of(body)};
    Fields fields(call.body);
    return read_mark(fields, call).digest;
}

}  // namespace

TEST_CASE("SPEC 7.12: a request is known by its verb and members, in whatever order they are given") {
    const auto first = digest_of("job/copy", R"({"key":"k","job":1,"x":{"a":[1,"2"],"b":null}})");
    CHECK(first.size() == 32);
    CHECK(digest_of("job/copy", R"({"x":{"b":null,"a":[1,"2"]},"job":1,"key":"another"})") == first);
    for (const auto* other : {R"({"key":"k","job":1,"x":{"a":["2",1],"b":null}})",
                              R"({"key":"k","job":1,"x":{"a":[1,2],"b":null}})",
                              R"({"key":"k","job":1,"x":{"a":[1,"2",null],"b":null}})",
                              R"({"key":"k","job":1,"x":{"a":[[1,"2"]],"b":null}})",
                              R"({"key":"k","job":1,"x":{"a":[1,"2"]},"b":null})",
                              R"({"key":"k","job":2,"x":{"a":[1,"2"],"b":null}})"}) {
        CAPTURE(other);
        CHECK(digest_of("job/copy", other) != first);
    }
    CHECK(digest_of("job/rerun", R"({"key":"k","job":1,"x":{"a":[1,"2"],"b":null}})") != first);
    CHECK(digest_of("job/copy", R"({"job":1})").empty());
}

TEST_CASE("SPEC 7.12: a key is 1 to 64 of letters, digits, _ and -") {
    for (const auto* wrong : {R"({"key":""})", R"({"key":"a b"})", R"({"key":"-a"})", R"({"key":7})"}) {
        CAPTURE(wrong);
        const auto body = test::object_of(wrong);
        Fields fields(body);
        std::ignore = read_key(fields);
        CHECK_FALSE(fields.finish().has_value());
    }
    const auto body = test::object_of(R"({"key":"0b7e4f1c-4f3c-4e0e-9d52-7f5a1c3d2e90"})");
    Fields fields(body);
    CHECK(read_key(fields).size() == 36);
    CHECK(fields.finish().has_value());
}

}  // namespace muster::api
