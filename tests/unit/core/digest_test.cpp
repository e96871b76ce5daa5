#include "daemon/core/digest.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace muster::core {
namespace {

std::string hex_of(std::initializer_list<std::string_view> parts) {
    Digest digest;
    for (const auto part : parts) {
        digest.add(part);
    }
    return digest.hex();
}

}  // namespace

TEST_CASE("a digest is 32 hex digits, the same for the same parts") {
    const auto hex = hex_of({"settings", "fanSpeed=3"});
    CHECK(hex.size() == 32);
    CHECK(hex.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(hex_of({"settings", "fanSpeed=3"}) == hex);
}

TEST_CASE("parts do not run into each other, and their order counts") {
    CHECK(hex_of({"ab", "c"}) != hex_of({"a", "bc"}));
    CHECK(hex_of({"ab"}) != hex_of({"a", "b"}));
    CHECK(hex_of({"a", "b"}) != hex_of({"b", "a"}));
    CHECK(hex_of({"a", ""}) != hex_of({"a"}));
    CHECK(hex_of({"1:a"}) != hex_of({"a"}));
}

TEST_CASE("B11: a digest is the same on every machine and in every version") {
    // Of BLAKE2b-128 over "8:settings" and "10:fanSpeed=3": a digest that was
    // printed before an update must mean the same after it.
    CHECK(hex_of({"settings", "fanSpeed=3"}) == "da58d2b09f3189c65b48346179171c94");
    // Of "5000:xx…x" and "2:yz", and of "3:abc" two thousand times.
    CHECK(hex_of({std::string(5'000, 'x'), "yz"}) == "603e74783b3b777ee8989805b42abd24");
    Digest many;
    for (int i = 0; i < 2'000; ++i) {
        many.add("abc");
    }
    CHECK(many.hex() == "0abd16079e91e21fa739d904e8a8044d");
    CHECK(hash64("") == 0x1e924b9d737700d7ULL);
    CHECK(hash64("fridge-1") == 0x7c0c370c5fc1892fULL);
}

}  // namespace muster::core
