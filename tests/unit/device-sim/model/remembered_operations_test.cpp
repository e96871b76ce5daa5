#include "device-sim/model/remembered_operations.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace muster::sim;

TEST_CASE("The last ones are remembered with their verdicts, the oldest is forgotten first") {
    RememberedOperations remembered(3);
    for (int number = 1; number <= 7; ++number) {
        remembered.remember(std::to_string(number), {200 + number, "said", {}});
    }
    for (const char* forgotten : {"1", "2", "3", "4"}) {
        CHECK(remembered.find(forgotten) == nullptr);
    }
    for (int number = 5; number <= 7; ++number) {
        const Verdict* verdict = remembered.find(std::to_string(number));
        REQUIRE(verdict != nullptr);
        CHECK(verdict->code == 200 + number);
        CHECK(verdict->message == "said");
    }
}

TEST_CASE("After forgetting it starts anew, and with no capacity it never starts") {
    RememberedOperations remembered(2);
    for (const char* id : {"a", "b", "c"}) {
        remembered.remember(id, {});
    }
    remembered.forget();
    CHECK(remembered.find("c") == nullptr);
    for (const char* id : {"d", "e", "f"}) {
        remembered.remember(id, {});
    }
    CHECK(remembered.find("d") == nullptr);
    CHECK(remembered.find("e") != nullptr);
    CHECK(remembered.find("f") != nullptr);

    RememberedOperations nothing(0);
    nothing.remember("a", {});
    CHECK(nothing.find("a") == nullptr);
}
