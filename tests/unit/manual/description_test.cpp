#include "systemd/manual/description.hpp"

#include <doctest/doctest.h>

using namespace muster::manual;
using Words = std::vector<std::string>;

TEST_CASE("the name of a value says what completes it") {
    CHECK(completion_of("FILE", "a file").source == Source::file);
    CHECK(completion_of("JOB", "the job's number").source == Source::jobs);
    CHECK(completion_of("SET", "its name").source == Source::sets);
    CHECK(completion_of("ID", "a device").source == Source::devices);
    CHECK(completion_of("TEXT", "what the job is for").source == Source::nothing);
    CHECK(completion_of("wait|fail", "").words == Words{"wait", "fail"});
}

TEST_CASE("a help that is a list and nothing else is a list of words") {
    CHECK(completion_of("ROLE", "viewer, operator or admin").words == Words{"viewer", "operator", "admin"});
    CHECK(completion_of("VERSION", "5 or 3.1.1").words == Words{"5", "3.1.1"});
    CHECK(completion_of("NAME", "a name, a number or nothing at all").source == Source::nothing);
}

TEST_CASE("words are joined") {
    CHECK(joined({"job", "run"}) == "job run");
    CHECK(joined({}, ", ").empty());
}
