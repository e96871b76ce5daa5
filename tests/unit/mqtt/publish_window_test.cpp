#include "daemon/mqtt/publish_window.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using muster::mqtt::PublishWindow;
using namespace std::chrono_literals;

TEST_CASE("takes up to the limit, and tells once when half of it is free again") {
    PublishWindow window(4);
    for (int count = 0; count < 4; ++count) {
        CHECK(window.take());
    }
    CHECK_FALSE(window.take());
    CHECK_FALSE(window.take());
    CHECK_FALSE(window.give_back());
    CHECK(window.give_back());
    CHECK_FALSE(window.give_back());
    CHECK_FALSE(window.give_back());
}

TEST_CASE("large payloads take more of the window, and any fits into an empty one") {
    PublishWindow window(4);
    CHECK(window.share(0) == 1);
    CHECK(window.share(64 * 1024 - 1) == 1);
    CHECK(window.share(64 * 1024) == 2);
    CHECK(window.share(100 * 1024 * 1024) == 4);
    CHECK(window.take(3));
    CHECK_FALSE(window.take(2));
    CHECK(window.take(1));
    CHECK_FALSE(window.give_back(1));
    CHECK(window.give_back(3));
    CHECK(window.take(4));
}

TEST_CASE("says how much is free, and tells when that is half again, whoever was refused") {
    PublishWindow window(4);
    CHECK(window.room() == 4);
    for (int count = 0; count < 3; ++count) {
        REQUIRE(window.take());
    }
    CHECK(window.room() == 1);
    CHECK(window.give_back());
    CHECK(window.room() == 2);
    CHECK_FALSE(window.give_back());
}

TEST_CASE("says nothing about room while half of it is free") {
    PublishWindow window(4);
    REQUIRE(window.take());
    REQUIRE(window.take());
    CHECK_FALSE(window.give_back());
    CHECK_FALSE(window.give_back());
}

TEST_CASE("whoever took the last place is told, whatever the order of the threads") {
    constexpr int kRounds = 100'000;
    PublishWindow window(1);
    std::atomic<int> taken{0};
    std::atomic<int> told{0};
    std::thread completions([&] {
        for (int done = 0; done < kRounds; ++done) {
            while (taken.load() <= done) {
                std::this_thread::yield();
            }
            told += window.give_back() ? 1 : 0;
            told.notify_one();
        }
    });
    for (int count = 0; count < kRounds; ++count) {
        CHECK(window.take());
        ++taken;
        told.wait(count);  // would hang if a notice were missed
    }
    completions.join();
    CHECK(told == kRounds);
}

TEST_CASE("waits until all is done, or the time is up") {
    PublishWindow window(10);
    CHECK(window.wait_until_empty(std::chrono::steady_clock::now()));
    REQUIRE(window.take());
    CHECK_FALSE(window.wait_until_empty(std::chrono::steady_clock::now()));
    std::thread other([&] { CHECK_FALSE(window.give_back()); });
    CHECK(window.wait_until_empty(std::chrono::steady_clock::now() + 20s));
    other.join();
}

TEST_CASE("whoever is refused is told, whatever the order of the threads") {
    constexpr int kRounds = 200'000;
    PublishWindow window(1);
    std::atomic<int> taken{0};
    std::atomic<bool> room{false};
    std::thread completions([&] {
        for (int done = 0; done < kRounds; ++done) {
            while (taken.load() <= done) {
                std::this_thread::yield();
            }
            if (window.give_back()) {
                room.store(true);
                room.notify_one();
            }
        }
    });
    for (int count = 0; count < kRounds; ++count) {
        while (!window.take()) {
            room.wait(false);  // would hang if a notice were missed
            room.store(false);
        }
        ++taken;
    }
    completions.join();
    CHECK(window.take());
}
