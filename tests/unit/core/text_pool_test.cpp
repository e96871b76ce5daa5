#include "daemon/core/text_pool.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {

TEST_CASE("equal texts become one") {
    TextPool pool;
    const auto a = pool.keep(SharedText("oslo"));
    const auto b = pool.keep(SharedText("oslo"));
    CHECK(a.is(b));
    CHECK_FALSE(pool.keep(SharedText("bergen")).is(a));
    CHECK(pool.keep(SharedText()).empty());
}

TEST_CASE("a text leaves the pool with its last device") {
    TextPool pool;
    auto a = pool.keep(SharedText("oslo"));
    auto b = pool.keep(SharedText("oslo"));
    pool.drop(std::move(a));
    CHECK(pool.size() == 1);
    pool.drop(std::move(b));
    CHECK(pool.size() == 0);
    pool.drop(SharedText("never there"));
}

TEST_CASE("what others still held when it was dropped leaves soon after them") {
    TextPool pool;
    std::deque<SharedText> on_their_way;  // as changes are that wait for their rows
    constexpr std::size_t kWaiting = 4'000;
    std::size_t most = 0;
    for (int i = 0; i < 100'000; ++i) {
        auto kept = pool.keep(SharedText("text " + std::to_string(i)));
        on_their_way.push_back(kept);
        pool.drop(std::move(kept));
        if (on_their_way.size() > kWaiting) {
            on_their_way.pop_front();
        }
        most = std::max(most, pool.size());
    }
    CHECK(most < 3 * kWaiting);
}

TEST_CASE("names of values that others still held leave soon after them, too") {
    TextPool pool;
    std::deque<Values> on_their_way;
    constexpr std::size_t kWaiting = 1'000;
    std::size_t most = 0;
    for (int i = 0; i < 50'000; ++i) {
        auto kept = pool.keep(Values({{"name" + std::to_string(i), i}}));
        on_their_way.push_back(kept);
        pool.drop(std::move(kept));
        if (on_their_way.size() > kWaiting) {
            on_their_way.pop_front();
        }
        most = std::max(most, pool.size());
    }
    CHECK(most < 20'000);
}

TEST_CASE("what others hold for long goes before the pool grows") {
    TextPool pool;
    const std::size_t texts = 60'000;
    std::vector<SharedText> held;
    std::size_t most = 0;
    for (std::size_t i = 0; i < texts; ++i) {
        auto kept = pool.keep(SharedText("text " + std::to_string(i)));
        held.push_back(kept);
        pool.drop(std::move(kept));
        if (held.size() == texts / 3) {
            held.clear();
        }
        most = std::max(most, pool.size());
    }
    CHECK(most < texts / 2);
}

TEST_CASE("values that differ share their names, which leave with the last of them") {
    TextPool pool;
    auto a = pool.keep(Values::from_text(R"({"fanSpeed":1,"serial":"A"})"));
    auto b = pool.keep(Values::from_text(R"({"fanSpeed":1,"serial":"B"})"));
    CHECK_FALSE(a.packed().is(b.packed()));
    CHECK(a.packed().head().is(b.packed().head()));
    CHECK(pool.size() == 3);
    auto same = pool.keep(Values::from_text(R"({"fanSpeed":1,"serial":"B"})"));
    CHECK(same.packed().is(b.packed()));
    CHECK_FALSE(pool.keep(Values::from_text(R"({"a":1,"b":"B"})")) == b);
    CHECK_FALSE(pool.keep(Values::from_text(R"({"fanSpeed":1,"serials":"B"})")) == b);
    pool.drop(std::exchange(same, {}));
    pool.drop(std::exchange(a, {}));
    pool.drop(pool.keep(Values::from_text(R"({"a":1,"b":"B"})")));
    pool.drop(pool.keep(Values::from_text(R"({"fanSpeed":1,"serials":"B"})")));
    CHECK(pool.size() == 2);
    pool.drop(std::exchange(b, {}));
    CHECK(pool.size() == 0);
}

TEST_CASE("all texts of a device but its name are shared") {
    TextPool pool;
    std::vector<Device> devices(2);
    for (auto& device : devices) {
        device.template_name = "fridge";
        device.name = "Lobby";
        device.tags = Values::from_text(R"({"site":"oslo"})");
        device.properties = Values::from_text(R"({"owner":"anna"})");
        device.settings = Values::from_text(R"({"fanSpeed":3})");
        device.reported = Values::from_text(R"({"fanSpeed":2})");
        share_texts(device, pool);
    }
    CHECK(devices[0].template_name.is(devices[1].template_name));
    CHECK_FALSE(devices[0].name.is(devices[1].name));
    CHECK(devices[0].tags.packed().is(devices[1].tags.packed()));
    CHECK(devices[0].properties.packed().is(devices[1].properties.packed()));
    CHECK(devices[0].settings.packed().is(devices[1].settings.packed()));
    CHECK(devices[0].reported.packed().is(devices[1].reported.packed()));
    CHECK(devices[0] == devices[1]);
    CHECK(pool.size() == 8);  // four sets of values, three of names among them, and the template
}

}  // namespace muster::core
