#include "daemon/api/device_list.hpp"

#include "tests/unit/api/api_caller.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace muster::api {
namespace {

namespace json = boost::json;
using test::ApiCaller;
using test::texts;
using Lines = std::vector<std::string>;

// All pages of a list, each of `limit` devices at most.
Lines all_pages(ApiCaller& caller, std::string_view verb, json::object body, std::size_t limit,
                std::size_t* short_pages = nullptr) {
    Lines all;
    body["limit"] = limit;
    for (auto pages = 0; pages < 10'000; ++pages) {
        const auto page = caller.result(verb, json::serialize(body));
        const auto devices = texts(page, "device");
        REQUIRE(devices.size() <= limit);
        all.insert(all.end(), devices.begin(), devices.end());
        if (page.at("next").is_null()) {
            return all;
        }
        if (short_pages != nullptr && devices.size() < limit) {
            ++*short_pages;
        }
        body["cursor"] = page.at("next");
    }
    FAIL("a list that does not end");
    return all;
}

void put(ApiCaller& caller, std::size_t number, json::object tags, const std::string& name,
         const std::string& template_name, bool online) {
    const auto id = test::device_id(number);
    caller.world().add_devices(number, number, online);
    core::InfoReceived info{id, {}};
    info.info.template_name = template_name;
    info.info.name = name;
    info.info.tags = std::move(tags);
    caller.world().step(info);
}

// The devices that pass, looked at one by one and sorted.
Lines expected(ApiCaller& caller, const core::DeviceFilter& filter, std::optional<bool> online,
               std::string_view sort, bool descending) {
    std::vector<const core::Device*> found;
    caller.world().engine().registry().for_each_after("", [&](core::DeviceIndex, const core::Device& one) {
        if (filter.passes(one) && (!online || one.online == *online)) {
            found.push_back(&one);
        }
        return true;
    });
    const auto key = [sort](const core::Device& one) {
        const auto text = sort == "name"       ? std::string(one.shown_name())
                          : sort == "template" ? to_string(one.template_name)
                                               : std::string{};
        const auto number = sort == "online"  ? std::int64_t{one.online}
                            : sort == "since" ? one.presence_since.time_since_epoch().count()
                                              : std::int64_t{0};
        return std::tuple(number, text, one.id.text());
    };
    std::ranges::sort(found, [&](const auto* a, const auto* b) {
        return descending ? key(*b) < key(*a) : key(*a) < key(*b);
    });
    Lines ids;
    for (const auto* one : found) {
        ids.push_back(one->id.text());
    }
    return ids;
}

}  // namespace

TEST_CASE("SPEC 7.6: pages in every order and direction are the devices that pass, each once") {
    std::mt19937 random(7);
    ApiCaller caller;
    for (std::size_t i = 1; i <= 120; ++i) {
        put(caller, 1 + i * 77 % 121, {{"site", random() % 2 == 0 ? "oslo" : "bergen"}},
            random() % 3 == 0 ? std::string{} : fmt::format("N{}", random() % 9),
            random() % 4 == 0 ? "oven" : "fridge", random() % 2 == 0);
        caller.world().advance(Milliseconds{random() % 3});
    }
    for (int round = 0; round < 120; ++round) {
        caller.world().presence(1 + random() % 120, random() % 2 == 0);
        if (round % 10 == 0) {
            const auto gone = test::device_id(1 + random() % 120).text();
            static_cast<void>(caller.call("device/delete", fmt::format(R"({{"device":"{}"}})", gone)));
        }
        const auto sort = device_orders()[random() % device_orders().size()];
        const auto descending = random() % 2 == 0;
        json::object body{{"sort", sort}, {"order", descending ? "desc" : "asc"}};
        core::DeviceFilter filter;
        std::optional<bool> online;
        if (random() % 2 == 0) {
            filter.query = core::Query::parse("tags.site == 'oslo'").value();
            body["query"] = "tags.site == 'oslo'";
        }
        if (random() % 2 == 0) {
            filter.search = "n1";
            body["search"] = "n1";
        }
        if (random() % 3 == 0) {
            filter.template_name = "fridge";
            body["template"] = "fridge";
        }
        if (random() % 3 == 0) {
            online = random() % 2 == 0;
            body["online"] = *online;
        }
        CAPTURE(json::serialize(body));
        for (const auto limit : {std::size_t{1}, 2 + random() % 40}) {
            REQUIRE(all_pages(caller, "device/list", body, limit) ==
                    expected(caller, filter, online, sort, descending));
        }
    }
}

TEST_CASE("SPEC 7.6: an answer looks at only so many devices, and the next ones go on") {
    constexpr std::size_t kDevices = 6'000;
    ApiCaller caller;
    const std::string filler(300, 'x');  // to take apart
    for (std::size_t i = 1; i <= kDevices; ++i) {
        put(caller, i, {{"n", i}, {"filler", filler}}, {}, "fridge", i % 2 == 0);
    }
    for (const auto* sort : {"device", "name", "template", "online", "since"}) {
        CAPTURE(sort);
        for (const auto* order : {"asc", "desc"}) {
            const auto query =
                fmt::format("tags.n > {} && tags.n <= {} && tags.filler != '{}{}'", kDevices / 2,
                            kDevices / 2 + 20, sort, order);  // one that nobody asked before
            std::size_t short_pages = 0;
            const auto devices =
                all_pages(caller, "device/list", {{"sort", sort}, {"order", order}, {"query", query}}, 30,
                          &short_pages);
            CHECK(devices.size() == 20);
            CHECK(short_pages > 0);
        }
    }
}

TEST_CASE("SPEC 7.9: a set is counted over several answers, if need be") {
    constexpr std::size_t kDevices = 6'000;
    ApiCaller caller;
    const std::string filler(300, 'x');
    for (std::size_t i = 1; i <= kDevices; ++i) {
        put(caller, i, {{"n", i}, {"filler", filler}}, {}, "fridge", true);
    }
    REQUIRE(
        caller.call("set/put", R"({"set":"most","template":"fridge","query":"tags.n > 10"})").has_value());
    auto answers = 1;
    auto set = caller.result("set/get", R"({"set":"most"})");
    CHECK(set.at("at_least") == true);
    CHECK(set.at("devices").to_number<std::size_t>() < kDevices - 10);
    for (; set.at("at_least").as_bool() && answers < 1'000; ++answers) {
        set = caller.result("set/get", R"({"set":"most"})");
    }
    CHECK(set.at("devices").to_number<std::size_t>() == kDevices - 10);
    const auto* body = R"({"set":"most","search":"d0001","limit":1})";
    auto preview = caller.result("set/preview", body);
    CHECK(preview.at("count") == set.at("devices"));
    for (; preview.at("at_least").as_bool() && answers < 1'000; ++answers) {
        preview = caller.result("set/preview", body);
    }
    CHECK(preview.at("matching") == 9);  // d00011 to d00019
}

TEST_CASE("a set that is counted stays so while its devices report") {
    ApiCaller caller;
    caller.world().add_devices(1, 100);
    REQUIRE(caller.call("set/put", R"({"set":"fast","template":"fridge","query":"reported.fanSpeed > 2"})")
                .has_value());
    for (std::size_t i = 1; i <= 100; ++i) {
        caller.world().step(core::StateReceived{test::device_id(i), {{"fanSpeed", i % 5}}});
        const auto set = caller.result("set/get", R"({"set":"fast"})");
        CHECK(set.at("at_least") == false);
        CHECK(set.at("devices").to_number<std::size_t>() == (i + 2) / 5 + (i + 1) / 5);
    }
}

}  // namespace muster::api
