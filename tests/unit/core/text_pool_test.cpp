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
    CHECK(devices[0].tags.shared().is(devices[1].tags.shared()));
    CHECK(devices[0].properties.shared().is(devices[1].properties.shared()));
    CHECK(devices[0].settings.shared().is(devices[1].settings.shared()));
    CHECK(devices[0].reported.shared().is(devices[1].reported.shared()));
    CHECK(devices[0] == devices[1]);
    CHECK(pool.size() == 6);
}

}  // namespace muster::core
