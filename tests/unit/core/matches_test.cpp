#include "daemon/core/matches.hpp"

#include "daemon/core/text.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

namespace muster::core {
namespace {

Device device(std::string_view id) {
    Device made;
    made.id = DeviceId::parse(id).value();
    made.template_name = "fridge";
    return made;
}

DeviceFilter filter(std::string_view query, std::optional<std::string> template_name = std::nullopt,
                    std::string search = {}) {
    return {std::move(template_name), Query::parse(query).value(), std::move(search)};
}

// What the filter says, asked of each device anew.
std::size_t count_all(const Registry& registry, const DeviceFilter& filter) {
    std::size_t count = 0;
    registry.for_each_after("", [&](DeviceIndex, const Device& one) {
        count += filter.passes(one) ? 1U : 0U;
        return true;
    });
    return count;
}

std::size_t settled_count(const Registry& registry, const DeviceFilter& filter) {
    auto effort = Effort::boundless();
    auto& matches = registry.match_cache().of(filter, registry);
    REQUIRE(matches.settle(registry, effort));
    return matches.count();
}

}  // namespace

TEST_CASE("a filter takes template, query and search together, and the search in any case") {
    auto one = device("fridge-1");
    one.name = "Lobby";
    one.tags = Values::from_text(R"({"site":"oslo"})");
    CHECK(DeviceFilter{}.passes(one));
    CHECK(filter("tags.site == \"oslo\"", "fridge", "lob").passes(one));
    CHECK(filter("", std::nullopt, "FRIDGE-").passes(one));
    CHECK_FALSE(filter("", std::nullopt, "freezer").passes(one));
    CHECK_FALSE(filter("tags.site == \"bergen\"").passes(one));
    CHECK_FALSE(filter("", "freezer").passes(one));
}

TEST_CASE("filters are the same if they say the same") {
    CHECK(filter("tags.a==1").text() == filter("tags.a == 1").text());
    CHECK(filter("").text() == DeviceFilter{}.text());
    CHECK(filter("", "fridge").text() != filter("").text());
    CHECK(filter("", "").text() != filter("").text());
    CHECK(filter("", std::nullopt, "a").text() != filter("", "a").text());
}

TEST_CASE("a question costs no more than it may, and the next one goes on") {
    Registry registry;
    for (int i = 0; i < 5'000; ++i) {
        auto one = device(fmt::format("d{:05}", i));
        one.tags = Values::from_text(fmt::format(R"({{"n":{}}})", i));
        registry.add(std::move(one));
    }
    auto& matches = registry.match_cache().of(filter("tags.n < 1000"), registry);
    std::size_t questions = 0;
    std::size_t last = 0;
    for (auto done = false; !done; ++questions) {
        Effort effort(50'000);
        done = matches.settle(registry, effort);
        CHECK(matches.count() >= last);
        last = matches.count();
        REQUIRE(questions < 1'000);
    }
    CHECK(questions > 10);
    CHECK(matches.count() == 1'000);
    Effort none(0);
    CHECK(matches.settle(registry, none));  // what is known costs nothing
    registry.merge(*registry.find("d04000"), &Device::tags, {{"n", 7}});
    CHECK_FALSE(matches.settle(registry, none));
    Effort little(3'000);
    CHECK(matches.settle(registry, little));
    CHECK(matches.count() == 1'001);
}

TEST_CASE("what a filter does not look at makes nothing unknown") {
    Registry registry;
    const auto index = registry.add(device("a"));
    CHECK(settled_count(registry, filter("tags.site == \"oslo\"")) == 0);
    registry.merge(index, &Device::settings, {{"fanSpeed", 3}});
    registry.merge(index, &Device::reported, {{"fanSpeed", 3}});
    registry.set_online(index, true, TimePoint{Seconds{1}});
    Effort none(0);
    auto& matches = registry.match_cache().of(filter("tags.site == \"oslo\""), registry);
    CHECK(matches.settle(registry, none));
    registry.merge(index, &Device::tags, {{"site", "oslo"}});
    CHECK_FALSE(matches.settle(registry, none));
    CHECK(settled_count(registry, filter("tags.site == \"oslo\"")) == 1);
}

namespace {

// More of them than are remembered.
std::vector<DeviceFilter> filters() {
    std::vector<DeviceFilter> all{{}, filter("", "fridge"), filter("", std::nullopt, "1")};
    for (const auto* query :
         {"online", "!online && tags.site == \"oslo\"", "tags.site in [\"oslo\", \"bergen\"]",
          "\"site\" in tags", "settings.fanSpeed > 2", "reported.fanSpeed != settings.fanSpeed",
          "properties.owner == \"anna\" || name.startsWith(\"N\")", "id.endsWith(\"7\")", "name == \"N1\"",
          "!(reported.fanSpeed >= 1)", "tags.site == \"oslo\" && online && reported.fanSpeed < 3"}) {
        all.push_back(filter(query));
        all.push_back(filter(query, "freezer"));
    }
    return all;
}

class History {
public:
    explicit History(std::uint32_t seed) : random_(seed) {}

    void change() {
        const auto id = fmt::format("d{}", random_() % 150);
        const auto found = registry.find(id);
        if (!found) {
            auto added = device(id);
            added.online = random_() % 2 == 0;
            registry.add(std::move(added));
            return;
        }
        switch (random_() % 8) {
            case 0:
                registry.erase(*found);
                break;
            case 1:
                registry.reclaim();
                break;
            case 2:
                registry.set_online(*found, random_() % 2 == 0, TimePoint{Seconds{random_() % 100}});
                break;
            case 3: {
                auto put = registry.at(*found).device;
                put.name = random_() % 2 == 0 ? std::string{} : fmt::format("N{}", random_() % 3);
                put.template_name = random_() % 2 == 0 ? "fridge" : "freezer";
                registry.put(*found, std::move(put));
                break;
            }
            case 4:
                registry.merge(*found, &Device::properties, {{"owner", pick("anna", "bob")}});
                break;
            case 5:
                registry.merge(*found, &Device::settings, {{"fanSpeed", number()}});
                break;
            case 6:
                registry.merge(*found, &Device::reported, {{"fanSpeed", number()}});
                break;
            default:
                registry.merge(*found, &Device::tags, {{"site", pick("oslo", "bergen")}});
        }
    }

    std::uint32_t number() { return random_() % 4; }

    Registry registry;

private:
    boost::json::value pick(const char* a, const char* b) {
        const auto which = random_() % 3;
        return which == 0 ? boost::json::value(a) : which == 1 ? boost::json::value(b) : boost::json::value();
    }

    std::mt19937 random_;
};

}  // namespace

TEST_CASE("what is remembered agrees with asking each device, whatever changes") {
    const auto all = filters();
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        History history(seed);
        const auto& registry = history.registry;
        for (int i = 0; i < 1'500; ++i) {
            history.change();
            const auto which = history.number() == 0 ? static_cast<std::size_t>(i) % all.size()
                                                     : static_cast<std::size_t>(i) % 5;
            const auto& asked = all[which];
            CAPTURE(asked.text());
            auto& matches = registry.match_cache().of(asked, registry);
            Effort effort(history.number() * 3'000);
            const auto exact = matches.settle(registry, effort);
            const auto expected = count_all(registry, asked);
            REQUIRE((exact ? matches.count() == expected : matches.count() <= expected));
            if (i % 50 == 0) {
                std::size_t online = 0;
                auto enough = Effort::boundless();
                registry.for_each_after("", [&](DeviceIndex index, const Device& one) {
                    REQUIRE(matches.contains(registry, index, enough) == asked.passes(one));
                    online += asked.passes(one) && one.online ? 1U : 0U;
                    return true;
                });
                REQUIRE(matches.settle(registry, effort));
                REQUIRE(matches.count() == expected);
                REQUIRE(matches.count_in(registry.online_bits()) == online);
            }
        }
    }
}

TEST_CASE("devices with the same values are asked once, and told apart where they differ") {
    Registry registry;
    for (int i = 0; i < 3'000; ++i) {
        auto one = device(fmt::format("d{:05}", i));
        one.tags = Values::from_text(fmt::format(R"({{"n":{}}})", i % 7));
        one.reported = Values::from_text(fmt::format(R"({{"n":{}}})", i % 11));
        one.online = i % 2 == 0;
        one.template_name = i % 3 == 0 ? "fridge" : "freezer";
        registry.add(std::move(one));
    }
    for (const auto* query : {"tags.n == 3", "tags.n < reported.n", "tags.n == 3 && online"}) {
        for (const auto& asked : {filter(query), filter(query, "fridge")}) {
            CAPTURE(asked.text());
            CHECK(settled_count(registry, asked) == count_all(registry, asked));
        }
    }
}

}  // namespace muster::core
