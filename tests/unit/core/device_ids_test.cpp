#include "daemon/core/device_ids.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace muster::core {
namespace {

std::vector<std::string> texts(const DeviceIds& ids) {
    std::vector<std::string> all;
    for (const auto& id : ids) {
        all.push_back(id);
    }
    return all;
}

DeviceIds of(const std::vector<std::string>& all) {
    DeviceIds ids;
    for (const auto& id : all) {
        ids.add(DeviceId::parse(id).value());
    }
    return ids;
}

}  // namespace

TEST_CASE("no ids are none") {
    CHECK(texts({}).empty());
    CHECK(DeviceIds().size() == 0);
}

TEST_CASE("what is on a disk comes back, and what is no ids does not") {
    const auto ids = of({"fridge-1", "fridge-10", "zebra"});
    CHECK(texts(DeviceIds::decode(ids.coded()).value()) == texts(ids));
    CHECK(DeviceIds::decode("").value().size() == 0);
    const auto& good = ids.coded();
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto cut = DeviceIds::decode(good.substr(0, size));
        CHECK((!cut || cut->size() < ids.size()));
    }
    CHECK_FALSE(DeviceIds::decode({"\001\001a", 3}));    // shares what is not there
    CHECK_FALSE(DeviceIds::decode({"\000\001/", 3}));    // no id
    CHECK_FALSE(DeviceIds::decode({"\000\377abc", 5}));  // longer than there is
    CHECK_FALSE(DeviceIds::decode({"\x00\x00", 2}));
}

TEST_CASE("ids come back as they were, in whatever order they came") {
    const std::string longest(64, 'x');
    const std::vector<std::string> all{"fridge-1", "fridge-10",  "fridge-2", "f",        "f",        "zebra",
                                       longest,    longest + "", "a",        "fridge-2", "fridge-20"};
    const auto ids = of(all);
    CHECK(ids.size() == all.size());
    CHECK(texts(ids) == all);
    CHECK(texts(ids) == all);  // reading takes nothing away
}

}  // namespace muster::core
