#include "daemon/cli/values.hpp"

#include "tests/support/temp_dir.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <fstream>

using namespace muster;
using namespace muster::cli;

TEST_CASE("values are JSON where they parse as JSON, else strings") {
    const auto serialized = [](std::string_view text) { return boost::json::serialize(parse_value(text)); };
    CHECK(serialized("3") == "3");
    CHECK(serialized("-0.5") == "-5E-1");
    CHECK(serialized("true") == "true");
    CHECK(serialized("null") == "null");
    CHECK(serialized("eco") == "\"eco\"");
    CHECK(serialized("\"3\"") == "\"3\"");
    CHECK(serialized("{\"a\":[1]}") == "{\"a\":[1]}");
    CHECK(serialized("{a:1") == "\"{a:1\"");
    CHECK(serialized("1.4.0") == "\"1.4.0\"");
    CHECK(serialized("") == "\"\"");
    CHECK(serialized("1e999") == "\"1e999\"");
}

TEST_CASE("assignments") {
    CHECK(parse_assignment("a=1").value() == std::pair<std::string, std::string>("a", "1"));
    CHECK(parse_assignment("a=b=c").value().second == "b=c");
    CHECK(parse_assignment("a=").value().second.empty());
    CHECK_FALSE(parse_assignment("a").has_value());
    CHECK_FALSE(parse_assignment("=1").has_value());
    CHECK(parse_assignment("a").error().exit == ExitCode::usage_or_connection);
}

TEST_CASE("durations") {
    const auto seconds = [](std::string_view text) {
        const auto parsed = parse_duration(text, "--timeout");
        return parsed ? parsed.value().count() : -1;
    };
    CHECK(seconds("90") == 90);
    CHECK(seconds("90s") == 90);
    CHECK(seconds("5m") == 300);
    CHECK(seconds("1h30m") == 5400);
    CHECK(seconds("30d") == 2'592'000);
    for (const char* wrong : {"", "0", "0s", "31d", "-1", "1.5h", "h", "5x", "1h30", "99999999999999999999",
                              "9223372036854775807d", "1 h"}) {
        CAPTURE(wrong);
        CHECK(seconds(wrong) == -1);
    }
}

TEST_CASE("counts keep their bounds") {
    CHECK(parse_count("10", "--limit", 1, 10).value() == 10);
    for (const char* wrong : {"0", "11", "", "1x", "-1", "1.0"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_count(wrong, "--limit", 1, 10).has_value());
    }
}

TEST_CASE("device lists come from words and files") {
    CHECK(read_devices({"a,b", "c"}, "--devices").value() == std::vector<std::string>{"a", "b", "c"});
    const test::TempDir folder;
    const std::string path = folder / "ids";
    std::ofstream(path) << "# the lobby\nfridge-1\r\n\n  fridge-2\n";
    CHECK(read_devices({"@" + path}, "--devices").value() ==
          std::vector<std::string>{"fridge-1", "fridge-2"});
    CHECK_FALSE(read_devices({"@" + path + ".absent"}, "--devices").has_value());
    CHECK_FALSE(read_devices({"@" + folder.path().string()}, "--devices").has_value());
}

TEST_CASE("every entry that is no device id is named") {
    const auto read = read_devices({"a,b c,#,d/e"}, "--except");
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().error.details.size() == 3);
    CHECK(read.error().error.details[0].field == "b c");
    CHECK(read.error().error.details[2].field == "d/e");
    CHECK_FALSE(read_devices({"a,,b"}, "--except").has_value());
    CHECK_FALSE(read_devices({""}, "--except").has_value());
}
