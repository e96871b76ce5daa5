#include "config/suggest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using muster::config::nearest;

namespace {

constexpr std::array<std::string_view, 5> kKeys{"broker", "broker.window", "broker.keep_alive_seconds",
                                                "log.level", "warning"};
std::string guess(std::string_view word) {
    return std::string(nearest(word, kKeys).value_or(""));
}

}  // namespace

TEST_CASE("a slip is guessed: changed, left out, added, swapped") {
    CHECK(guess("brokor") == "broker");
    CHECK(guess("brker") == "broker");
    CHECK(guess("brookerr") == "broker");
    CHECK(guess("borker") == "broker");
    CHECK(guess("broker.windwo") == "broker.window");
    CHECK(guess("broker.keepalive_second") == "broker.keep_alive_seconds");
}

TEST_CASE("the same name in another section, and a beginning, are guessed") {
    CHECK(guess("window") == "broker.window");
    CHECK(guess("logging.level") == "log.level");
    CHECK(guess("warn") == "warning");
}

TEST_CASE("nothing is guessed for what is far, empty or endless") {
    CHECK(guess("store") == "");
    CHECK(guess("") == "");
    CHECK(guess("wa") == "");
    CHECK(guess("broker.password") == "");
    CHECK(guess(std::string(1'000'000, 'b')) == "");
}
