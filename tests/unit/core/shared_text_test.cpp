#include "daemon/core/shared_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace muster::core {

TEST_CASE("a shared text is the text, and copies are the same one") {
    const SharedText text("oslo");
    const auto copy = text;
    CHECK(text.view() == "oslo");
    CHECK(copy.is(text));
    CHECK(text.owners() == 2);
    const SharedText equal("oslo");
    CHECK(equal == text);
    CHECK_FALSE(equal.is(text));
    CHECK(text == "oslo");
    CHECK(text != "bergen");
    CHECK(to_string(text) == "oslo");
}

TEST_CASE("the empty text takes no memory and is always the same") {
    const SharedText none;
    const SharedText empty("");
    CHECK(none.empty());
    CHECK(empty.is(none));
    CHECK(empty.view().empty());
    CHECK(empty.place() == nullptr);
}

TEST_CASE("a text may be assigned to itself, moved, and hold any bytes") {
    SharedText text(std::string_view("a\0b", 3));
    const auto& same = text;
    text = same;
    CHECK(text.view() == std::string_view("a\0b", 3));
    SharedText moved = std::move(text);
    CHECK(moved.size() == 3);
    moved = "other";
    CHECK(moved.view() == "other");
    CHECK(moved.owners() == 1);
}

TEST_CASE("copies of one text come and go on several threads") {
    const SharedText text("shared by all");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([copy = text] {
            for (int round = 0; round < 10'000; ++round) {
                auto another = copy;
                std::vector<SharedText> more(3, another);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    threads.clear();
    CHECK(text.owners() == 1);
}

}  // namespace muster::core
