#include "daemon/store/sqlite/journal_record.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <variant>

namespace muster::store::sqlite {
namespace {

core::Device some_device() {
    core::Device device;
    device.id = DeviceId::parse("f1").value();
    device.template_name = "fridge";
    device.name = "A";
    device.tags = core::Values::from_text(R"({"floor":2,"site":"a,\"b\":c"})");
    device.settings = core::Values::from_text(R"({"light":"eco"})");
    device.reported = core::Values::from_text(R"({"doors":[{"open":true},null],"label":"x\ny"})");
    device.remembers = 64;
    device.online = true;
    device.presence_since = TimePoint(Milliseconds(1));
    return device;
}

core::Change read_one(const std::string& bytes) {
    auto changes = read_changes(bytes).value();
    REQUIRE(changes.size() == 1);
    return std::move(changes.front());
}

}  // namespace

TEST_CASE("journal: a device is read as it was written") {
    std::string bytes;
    append_change(bytes, core::PutDevice{some_device()});
    CHECK(std::get<core::PutDevice>(read_one(bytes)).device == some_device());
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        CHECK_FALSE(read_changes(bytes.substr(0, size)).has_value());
    }
}

TEST_CASE("journal: a device in the words of the first version is read") {
    using namespace std::string_literals;
    const auto bytes =
        "\x02\x02"
        "f1\x06"
        "fridge\x01"
        "A"
        "\x1e"
        R"({"floor":2,"site":"a,\"b\":c"})"
        "\x00"s
        "\x0f"
        R"({"light":"eco"})"
        "\x2d"
        R"({"doors":[{"open":true},null],"label":"x\ny"})"
        "\x40\x01\x02"s;
    CHECK(std::get<core::PutDevice>(read_one(bytes)).device == some_device());
}

TEST_CASE("journal: numbers of every length are read as they were written") {
    for (const auto time : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64},
                            std::int64_t{1'700'000'000'000}, std::numeric_limits<std::int64_t>::max(),
                            std::numeric_limits<std::int64_t>::min()}) {
        CAPTURE(time);
        core::PutPresence change{DeviceId::parse("f1").value(), true, TimePoint(Milliseconds(time))};
        std::string bytes;
        append_change(bytes, change);
        CHECK(std::get<core::PutPresence>(read_one(bytes)).since == change.since);
    }
}

}  // namespace muster::store::sqlite
