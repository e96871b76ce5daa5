#include "device-sim/model/device_model.hpp"

#include "tests/unit/device-sim/model/device_fixture.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::sim;
using namespace muster::sim::test;

TEST_CASE("SPEC 5.6: a device that connects publishes info, then state, then online") {
    Device device;
    const std::vector<Publication> births = device.model().on_connected(kNow);
    REQUIRE(births.size() == 3);
    CHECK(births[0].kind == PublicationKind::info);
    CHECK(births[1].kind == PublicationKind::state);
    CHECK(births[2].kind == PublicationKind::status);
    const DeviceInfo info = decode_info(births[0].payload).value();
    CHECK(info.template_name == "refrigerator");
    CHECK(info.remembers == 8);
    CHECK(decode_state(births[1].payload).value() == device.model().state());
    CHECK(decode_status(births[2].payload).value());
}

TEST_CASE("SPEC 5.9: births again after an announce say what is so now") {
    Device device;
    device.set(operation_id(1), 5);
    const std::vector<Publication> births = device.model().births(kNow);
    CHECK(decode_state(births[1].payload).value().at("fanSpeed") == 5);
    CHECK(device.model().session() == 1);
    device.model().on_disconnected();
    CHECK_FALSE(decode_status(device.model().births(kNow).back().payload).value());
}

TEST_CASE("SPEC 5.8: a set is applied and its state published before the ack") {
    Device device;
    const Reaction reaction = device.set(operation_id(1), 4);
    CHECK(reaction.outcome == Outcome::executed);
    CHECK(reaction.operation == operation_id(1));
    REQUIRE(reaction.publications.size() == 2);
    CHECK(reaction.publications[0].kind == PublicationKind::state);
    CHECK(decode_state(reaction.publications[0].payload).value().at("fanSpeed") == 4);
    CHECK(only_ack(reaction).id == operation_id(1));
    CHECK(only_ack(reaction).code == 200);
    CHECK(reaction.publications[1].due == kNow);
}

TEST_CASE("A value that the device has already is acknowledged without a new state") {
    Device device;
    device.set(operation_id(1), 4);
    const Reaction reaction = device.set(operation_id(2), 4);
    CHECK(reaction.outcome == Outcome::executed);
    CHECK(reaction.publications.size() == 1);
}

TEST_CASE("SPEC 4.3: a write is kept, null takes a value away, and an impossible value spoils all") {
    Device device;
    CHECK(device.hear(R"({"id":"1.1.0-abcdefgh","write":{"assetTag":"A7"}})").outcome == Outcome::executed);
    CHECK(device.model().state().at("assetTag") == "A7");
    device.hear(R"({"id":"1.2.0-abcdefgh","write":{"assetTag":null}})");
    CHECK_FALSE(device.model().state().contains("assetTag"));

    const boost::json::object before = device.model().state();
    const Reaction reaction = device.hear(R"({"id":"1.3.0-abcdefgh","set":{"doorLock":true,"fanSpeed":99}})");
    CHECK(reaction.outcome == Outcome::rejected);
    CHECK(only_ack(reaction).code == 400);
    CHECK(only_ack(reaction).message == "out of range");
    CHECK(device.model().state() == before);
}

TEST_CASE("A state never outgrows what the wire allows") {
    Device device;
    const std::string text(6000, 'x');
    for (int number = 0; number < 10; ++number) {
        const std::string name = "note" + std::to_string(number);
        device.hear(R"({"id":")" + operation_id(number) + R"(","set":{")" + name + R"(":")" + text +
                    R"("}})");
    }
    CHECK(device.model().state().contains("note1"));
    CHECK_FALSE(device.model().state().contains("note9"));
    CHECK(decode_state(device.model().births(kNow)[1].payload).has_value());
}

TEST_CASE("SPEC 5.10: a repeat gets the same answer and is not executed again") {
    Device device;
    const Reaction first = device.hear(R"({"id":"1.1.0-abcdefgh","call":"defrost","args":{"minutes":10}})");
    CHECK(first.outcome == Outcome::executed);
    device.set(operation_id(2), 0);
    const Reaction again = device.hear(R"({"id":"1.1.0-abcdefgh","call":"defrost","args":{"minutes":10}})");
    CHECK(again.outcome == Outcome::repeated);
    REQUIRE(again.publications.size() == 1);
    CHECK(only_ack(again).code == 200);

    const Reaction refused = device.set(operation_id(3), 99);
    const Reaction refused_again = device.set(operation_id(3), 99);
    CHECK(refused_again.outcome == Outcome::repeated);
    CHECK(only_ack(refused_again).message == only_ack(refused).message);
}

TEST_CASE("SPEC 5.10, 3: a repeat while the device is still at work is answered 202") {
    Faults faults;
    faults.delay = {Milliseconds(1000), Milliseconds(1000)};
    Device device(faults);
    const Reaction first = device.set(operation_id(1), 4);
    CHECK(of_kind(first, PublicationKind::ack).front().due == kNow + Milliseconds(1000));

    const Reaction during = device.set(operation_id(1), 4, kNow + Milliseconds(500));
    CHECK(during.outcome == Outcome::repeated);
    REQUIRE(during.publications.size() == 1);
    CHECK(during.publications[0].due == kNow + Milliseconds(500));
    CHECK(decode_ack(during.publications[0].payload).value().code == 202);

    CHECK(only_ack(device.set(operation_id(1), 4, kNow + Milliseconds(1000))).code == 200);
}

TEST_CASE("SPEC 5.10: the last 8 operations are remembered, over a reboot too") {
    Device device;
    for (int number = 1; number <= 9; ++number) {
        device.set(operation_id(number), number % 3);
    }
    device.model().on_reboot(DeviceModel::Memory::kept);
    CHECK(device.set(operation_id(9), 0).outcome == Outcome::offline);
    static_cast<void>(device.model().on_connected(kNow));
    CHECK(device.set(operation_id(2), 0).outcome == Outcome::repeated);
    CHECK(device.set(operation_id(1), 0).outcome == Outcome::executed);
}

TEST_CASE("A reboot that loses the memory keeps the settings and executes a repeat again") {
    Device device;
    device.set(operation_id(1), 4);
    device.model().on_reboot(DeviceModel::Memory::lost);
    static_cast<void>(device.model().on_connected(kNow));
    CHECK(device.model().state().at("fanSpeed") == 4);
    CHECK(device.set(operation_id(1), 4).outcome == Outcome::executed);
}

TEST_CASE("A device that forgets says so and executes repeats") {
    FleetOptions options = one_refrigerator();
    options.remembers = 0;
    Device device(options);
    CHECK(device.model().info().remembers == 0);
    CHECK(device.set(operation_id(1), 4).outcome == Outcome::executed);
    CHECK(device.set(operation_id(1), 4).outcome == Outcome::executed);
}

TEST_CASE("SPEC 4.5: nothing is begun after exp, but SPEC 5.10, 6: a repeat is answered after it too") {
    Device device;
    const std::string message = R"({"id":"1.1.0-abcdefgh","set":{"fanSpeed":4},"exp":1795382552})";
    const boost::json::object before = device.model().state();
    const Reaction late = device.hear(message, kNow + Milliseconds(1000));
    CHECK(late.outcome == Outcome::expired);
    CHECK(late.publications.empty());
    CHECK(device.model().state() == before);

    CHECK(device.hear(message, kNow + Milliseconds(999)).outcome == Outcome::executed);
    const Reaction repeat = device.hear(message, kNow + Milliseconds(60'000));
    CHECK(repeat.outcome == Outcome::repeated);
    CHECK(only_ack(repeat).code == 200);
}

TEST_CASE("SPEC 1.5: what is not an operation message is not answered") {
    Device device;
    for (const char* payload :
         {"", "hello", "{", R"({"id":"1.1.0-abcdefgh"})", R"({"set":{"fanSpeed":1}})"}) {
        const Reaction reaction = device.hear(payload);
        CHECK(reaction.outcome == Outcome::unreadable);
        CHECK(reaction.publications.empty());
        CHECK(reaction.operation.empty());
    }
}

TEST_CASE("A device that is away hears nothing") {
    Device device;
    device.model().on_disconnected();
    const Reaction reaction = device.set(operation_id(1), 4);
    CHECK(reaction.outcome == Outcome::offline);
    CHECK(reaction.publications.empty());
    static_cast<void>(device.model().on_connected(kNow));
    CHECK(device.set(operation_id(1), 4).outcome == Outcome::executed);
}
