#include "daemon/core/index_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace muster::core {
namespace {

using Numbers = std::vector<std::uint32_t>;

// Indices in the order of themselves.
class Sorted {
    static auto before(std::uint32_t number) {
        return [number](DeviceIndex other) { return static_cast<std::uint32_t>(other) < number; };
    }

public:
    void insert(std::uint32_t number) { order.insert(DeviceIndex{number}, before(number)); }
    void erase(std::uint32_t number) { order.erase(DeviceIndex{number}, before(number)); }
    [[nodiscard]] IndexOrder::Place find(std::uint32_t number) const { return order.find(before(number)); }
    [[nodiscard]] Numbers forward(IndexOrder::Place from) const {
        Numbers numbers;
        order.forward(from, [&numbers](DeviceIndex index) {
            numbers.push_back(static_cast<std::uint32_t>(index));
            return true;
        });
        return numbers;
    }
    [[nodiscard]] Numbers backward(IndexOrder::Place from) const {
        Numbers numbers;
        order.backward(from, [&numbers](DeviceIndex index) {
            numbers.push_back(static_cast<std::uint32_t>(index));
            return true;
        });
        return numbers;
    }

    IndexOrder order;
};

}  // namespace

TEST_CASE("an order that is empty, or has become so") {
    Sorted sorted;
    CHECK(sorted.order.size() == 0);
    CHECK(sorted.forward(sorted.find(5)).empty());
    CHECK(sorted.backward(sorted.order.end()).empty());
    sorted.insert(3);
    sorted.erase(3);
    CHECK(sorted.order.size() == 0);
    CHECK(sorted.forward({}).empty());
    sorted.insert(7);
    CHECK(sorted.forward({}) == Numbers{7});
}

TEST_CASE("a walk ends when the visitor has enough") {
    Sorted sorted;
    for (std::uint32_t i = 0; i < 1'000; ++i) {
        sorted.insert(i);
    }
    int visits = 0;
    const auto three = [&visits](DeviceIndex) { return ++visits < 3; };
    sorted.order.forward(sorted.find(254), three);
    sorted.order.backward(sorted.find(256), three);
    CHECK(visits == 4);  // the second had enough at once
}

TEST_CASE("a random history agrees with a set") {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const std::uint32_t range = 10U << (seed % 12U);  // 10 to 20,480 numbers
        Sorted sorted;
        std::set<std::uint32_t> expected;
        if (seed % 3 == 0) {
            std::vector<DeviceIndex> loaded;
            for (std::uint32_t i = 0; i < range; i += 2) {
                loaded.push_back(DeviceIndex{i});
                expected.insert(i);
            }
            sorted.order.assign(loaded);
        }
        for (int i = 0; i < 20'000; ++i) {
            // Grows to most of the range, shrinks to little of it, and again.
            const auto growing = i / 5'000 % 2 == 0;
            const auto number = static_cast<std::uint32_t>(random()) % range;
            if (expected.contains(number)) {
                if (!growing || random() % 4 == 0) {
                    sorted.erase(number);
                    expected.erase(number);
                }
            } else if (growing || random() % 4 == 0) {
                sorted.insert(number);
                expected.insert(number);
            }
            REQUIRE(sorted.order.size() == expected.size());
            if (i % 500 == 0) {
                const auto first = static_cast<std::uint32_t>(random()) % range;
                const auto last = first + static_cast<std::uint32_t>(random()) % range;
                const Numbers behind(expected.lower_bound(first), expected.end());
                Numbers before(expected.begin(), expected.lower_bound(first));
                std::ranges::reverse(before);
                REQUIRE(sorted.forward(sorted.find(first)) == behind);
                REQUIRE(sorted.backward(sorted.find(first)) == before);
                const auto between = std::distance(expected.lower_bound(first), expected.lower_bound(last));
                REQUIRE(sorted.order.between(sorted.find(first), sorted.find(last)) ==
                        static_cast<std::size_t>(between));
                REQUIRE(sorted.order.between(sorted.find(first), sorted.order.end()) == behind.size());
            }
        }
    }
}

}  // namespace muster::core
