#include "daemon/api/console_token.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::api;

namespace {

constexpr TimePoint kNow{Seconds(1'800'000'000)};
const ConsoleKey kKey = console_key({1, 2, 3});

}  // namespace

TEST_CASE("a console token says whose it is until it expires") {
    const auto token = make_console_token(kKey, "anna-b_2", kNow + Seconds(10));
    CHECK(user_of_console_token(kKey, token, kNow) == "anna-b_2");
    CHECK(user_of_console_token(kKey, token, kNow + Milliseconds(9'999)) == "anna-b_2");
    CHECK_FALSE(user_of_console_token(kKey, token, kNow + Seconds(10)).has_value());
}

TEST_CASE("a console token that was altered, or made with another key, is nobody's") {
    const auto token = make_console_token(kKey, "anna", kNow + Seconds(10));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto altered = token;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        CAPTURE(altered);
        CHECK_FALSE(user_of_console_token(kKey, altered, kNow).has_value());
    }
    for (std::size_t length = 0; length < token.size(); ++length) {
        CHECK_FALSE(user_of_console_token(kKey, token.substr(0, length), kNow).has_value());
    }
    CHECK_FALSE(user_of_console_token(kKey, token + "A", kNow).has_value());
    CHECK_FALSE(user_of_console_token(console_key({1, 2, 4}), token, kNow).has_value());
    CHECK_FALSE(user_of_console_token(kKey, "mc1...", kNow).has_value());
}
