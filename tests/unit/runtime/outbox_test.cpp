#include "daemon/runtime/outbox.hpp"

#include "tests/support/fake_link.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::runtime {
namespace {

mqtt::Publication on(std::string topic) {
    mqtt::Publication publication;
    publication.topic = std::move(topic);
    return publication;
}

std::string topics(const test::FakeLink& link) {
    std::string text;
    for (const auto& publication : link.published()) {
        text += publication.topic + " ";
    }
    return text;
}

}  // namespace

TEST_CASE("what the link takes goes out at once") {
    test::FakeLink link;
    Outbox outbox(link);
    outbox.publish(on("a"));
    CHECK(outbox.empty());
    CHECK(topics(link) == "a ");
}

TEST_CASE("what the link refuses waits, and nothing overtakes it") {
    test::FakeLink link;
    Outbox outbox(link);
    link.limit(1);
    for (const auto* topic : {"a", "b", "c"}) {
        outbox.publish(on(topic));
    }
    CHECK(topics(link) == "a ");
    link.limit(std::nullopt);
    outbox.publish(on("d"));
    CHECK(topics(link) == "a ");
    link.limit(2);
    outbox.flush();
    CHECK(topics(link) == "a b c ");
    CHECK_FALSE(outbox.empty());
    link.limit(std::nullopt);
    outbox.flush();
    CHECK(topics(link) == "a b c d ");
    CHECK(outbox.empty());
}

TEST_CASE("SPEC 3.5: when the connection is gone replies go too, but not what clears a retained message") {
    test::FakeLink link;
    Outbox outbox(link);
    link.limit(0);
    auto reply = on("reply");
    reply.payload = "{}";
    auto topic = on("topic");
    topic.payload = "{}";
    topic.retain = true;
    auto cleared = on("cleared");
    cleared.retain = true;
    for (const auto& publication : {reply, topic, cleared}) {
        outbox.publish(publication);
    }
    outbox.clear();
    CHECK(outbox.dropped() == 2);
    link.limit(std::nullopt);
    outbox.flush();
    CHECK(topics(link) == "cleared ");
}

TEST_CASE("no more than kMost wait; the rest is dropped and counted") {
    test::FakeLink link;
    Outbox outbox(link);
    link.limit(0);
    for (std::size_t i = 0; i < Outbox::kMost + 5; ++i) {
        outbox.publish(on(std::to_string(i)));
    }
    CHECK(outbox.dropped() == 5);
    outbox.clear();
    CHECK(outbox.empty());
    CHECK(outbox.dropped() == Outbox::kMost + 5);
    link.limit(std::nullopt);
    outbox.flush();
    CHECK(link.published().empty());
}

}  // namespace muster::runtime
