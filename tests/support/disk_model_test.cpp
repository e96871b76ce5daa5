#include "tests/support/disk_model.hpp"

#include <doctest/doctest.h>

#include <set>

namespace muster::test {
namespace {

using Kind = DiskStep::Kind;

DiskStep write_of(char letter, std::uint64_t offset, std::size_t size) {
    return {Kind::write, "a", {}, offset, std::string(size, letter)};
}

// Everything that can be left, over many tries.
std::set<std::string> left(const DiskModel& model, Survival survival) {
    std::mt19937_64 random(1);
    std::set<std::string> found;
    for (int i = 0; i < 400; ++i) {
        found.insert(model.after_power_loss(survival, random).at("a"));
    }
    return found;
}

}  // namespace

TEST_CASE("what was synced is left; what was not is, as one asks, lost, whole, or there in parts") {
    DiskModel model(DiskImage{{"a", ""}});
    model.apply(write_of('x', 0, 512));
    CHECK(left(model, Survival::nothing) == std::set<std::string>{""});
    model.apply({Kind::sync, "a"});
    CHECK(model.settled());
    model.apply(write_of('y', 0, 512));
    model.apply(write_of('z', 512, 512));
    CHECK_FALSE(model.settled());
    const std::string x(512, 'x');
    const std::string y(512, 'y');
    const std::string z(512, 'z');
    CHECK(left(model, Survival::nothing) == std::set<std::string>{x});
    CHECK(left(model, Survival::all) == std::set<std::string>{y + z});
    CHECK(left(model, Survival::prefix) == std::set<std::string>{x, y, y + z});
    CHECK(left(model, Survival::scattered) == std::set<std::string>{x, y, x + z, y + z});
}

TEST_CASE("a write is cut where sectors end, wherever it begins") {
    DiskModel model(DiskImage{{"a", std::string(1024, 'x')}});
    model.apply(write_of('y', 500, 24));
    const std::string before(500, 'x');
    const std::string behind(500, 'x');
    const std::set<std::string> expected{before + std::string(24, 'x') + behind,
                                         before + std::string(24, 'y') + behind,
                                         before + std::string(12, 'y') + std::string(12, 'x') + behind,
                                         before + std::string(12, 'x') + std::string(12, 'y') + behind};
    CHECK(left(model, Survival::scattered) == expected);
}

TEST_CASE("a later sync does not save what an earlier one has lost") {
    DiskModel model(DiskImage{{"a", ""}});
    model.apply(write_of('x', 0, 4));
    model.apply({Kind::lose, "a"});
    model.apply(write_of('y', 4, 4));
    model.apply({Kind::sync, "a"});
    CHECK(left(model, Survival::all) == std::set<std::string>{std::string(4, '\0') + "yyyy"});
}

TEST_CASE("names change in their order, and are kept from a sync of the directory on") {
    std::mt19937_64 random(1);
    DiskModel model(DiskImage{{"old", "1"}});
    model.apply({Kind::make, "new"});
    model.apply({Kind::write, "new", {}, 0, "2"});
    model.apply({Kind::sync, "new"});
    model.apply({Kind::rename, "new", "old"});
    CHECK(model.after_power_loss(Survival::nothing, random) == DiskImage{{"old", "1"}});
    CHECK(model.after_power_loss(Survival::all, random) == DiskImage{{"old", "2"}});
    std::set<DiskImage> found;
    for (int i = 0; i < 100; ++i) {
        found.insert(model.after_power_loss(Survival::scattered, random));
    }
    CHECK(found == std::set<DiskImage>{{{"old", "1"}}, {{"old", "1"}, {"new", "2"}}, {{"old", "2"}}});
    model.apply({Kind::sync_names});
    CHECK(model.after_power_loss(Survival::nothing, random) == DiskImage{{"old", "2"}});
    model.apply({Kind::remove, "old"});
    CHECK(model.after_power_loss(Survival::nothing, random) == DiskImage{{"old", "2"}});
    CHECK(model.after_power_loss(Survival::all, random).empty());
}

TEST_CASE("a file is cut and grown by truncate") {
    DiskModel model(DiskImage{{"a", "xyz"}});
    model.apply({Kind::truncate, "a", {}, 1});
    CHECK(left(model, Survival::nothing) == std::set<std::string>{"xyz"});
    CHECK(left(model, Survival::scattered) == std::set<std::string>{"xyz", "x"});
    model.apply({Kind::sync, "a"});
    CHECK(left(model, Survival::nothing) == std::set<std::string>{"x"});
}

}  // namespace muster::test
