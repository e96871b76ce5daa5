#include "daemon/runtime/log_line.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <doctest/doctest.h>

namespace muster::runtime {

TEST_CASE("a line of the log has an event and the fields that have a value") {
    CHECK(log_line("job_ended", {{"job", "7"}, {"name", ""}, {"text", "all \"done\""}}, false) ==
          R"(event=job_ended job="7" text="all \"done\"")");
    CHECK(log_line("job_ended", {{"job", "7"}, {"name", ""}, {"text", "å\\b"}}, true) ==
          R"("event":"job_ended","job":"7","text":"å\\b")");
}

TEST_CASE("Promise 6: no value forges a line of the log, or reaches a terminal as more than characters") {
    const auto line = log_line("x",
                               {{"text",
                                 "a\nevent=forged\r\x1b]0;owned\x07\x7f\xc2\x9b"
                                 "2J \u202Eb\xff"}},
                               false);
    CHECK(line == R"(event=x text="a\u000aevent=forged\u000d\u001b]0;owned\u0007\u007f\u009b)"
                  R"(2J \u202eb\ufffd")");
}

TEST_CASE("Promise 6: a value of the log has a bound") {
    const auto line = log_line("x", {{"text", std::string(100'000, '\x1b')}}, false);
    CHECK(line.size() < 6 * kLogValueBytes + 50);
    CHECK(line.ends_with("…\""));
    std::string text;
    while (text.size() < kLogValueBytes + 2) {
        text += "å";
    }
    CHECK(is_text(log_line("x", {{"text", text}}, false)));
    CHECK(log_line("x", {{"t", std::string(kLogValueBytes, 'y')}}, false).ends_with("y\""));
}

TEST_CASE("in JSON every line is an object, whatever its values hold") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string value{'a', static_cast<char>(byte), '"', static_cast<char>(byte)};
        const auto line = "{" + log_line("x", {{"text", value}}, true) + "}";
        INFO(byte);
        const auto parsed = parse_json(line, limits::kRequestBytes, 2);
        CHECK((parsed.has_value() || byte == 0));  // NUL is escaped, and refused by our own reader alone
        CHECK(is_text(line));
    }
}

}  // namespace muster::runtime
