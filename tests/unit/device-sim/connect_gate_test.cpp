#include "device-sim/connect_gate.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace muster::sim;

TEST_CASE("No more than so many are under way, and the rest come in their order") {
    ConnectGate gate;
    std::vector<std::size_t> let_in;
    for (std::size_t number = 0; number < 120; ++number) {
        gate.enter([&let_in, number] { let_in.push_back(number); });
    }
    CHECK(let_in.size() == ConnectGate::kMostUnderWay);
    for (std::size_t gone = 0; gone < 70; ++gone) {
        gate.leave();
    }
    REQUIRE(let_in.size() == 120);
    for (std::size_t number = 0; number < let_in.size(); ++number) {
        CHECK(let_in[number] == number);
    }
}

TEST_CASE("A million attempts that fail at once are no recursion") {
    ConnectGate gate;
    std::size_t attempts = 0;
    for (std::size_t number = 0; number < ConnectGate::kMostUnderWay; ++number) {
        gate.enter([] {});
    }
    for (std::size_t number = 0; number < 1'000'000; ++number) {
        gate.enter([&gate, &attempts] {
            ++attempts;
            gate.leave();
        });
    }
    CHECK(attempts == 0);
    gate.leave();
    CHECK(attempts == 1'000'000);
}

TEST_CASE("A closed gate lets nobody in who waited") {
    ConnectGate gate;
    bool let_in = false;
    for (std::size_t number = 0; number < ConnectGate::kMostUnderWay; ++number) {
        gate.enter([] {});
    }
    gate.enter([&let_in] { let_in = true; });
    gate.close();
    gate.leave();
    CHECK_FALSE(let_in);
}
