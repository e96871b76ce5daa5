#include "protocol/announce.hpp"

#include <doctest/doctest.h>

namespace muster {

TEST_CASE("SPEC 5.9: an announce says over how many seconds the fleet answers") {
    CHECK(encode_announce(Seconds{11}) == R"({"spread":11})");
    CHECK(decode_announce(R"({"spread":11})") == Seconds{11});
    CHECK(decode_announce(R"({"spread":0,"later":true})") == Seconds{0});
    CHECK(decode_announce(encode_announce(Seconds{1'000'000})) == kLongestAnnounceSpread);
}

TEST_CASE("SPEC 5.9: an announce with anything else leaves the time to the device") {
    for (const auto* payload :
         {"", "{}", "?", "[11]", "11", R"({"spread":-1})", R"({"spread":3601})", R"({"spread":1.5})",
          R"({"spread":"11"})", R"({"spread":null})", R"({"spread":1,"spread":2})"}) {
        CAPTURE(payload);
        CHECK_FALSE(decode_announce(payload));
    }
    CHECK_FALSE(decode_announce(R"({"spread":11,"x":")" + std::string(1'000, 'x') + R"("})"));
}

}  // namespace muster
