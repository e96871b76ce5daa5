#include "daemon/http/event_log.hpp"

#include <doctest/doctest.h>

using muster::http::EventLog;

namespace {

struct Log {
    int woken = 0;
    EventLog events{"run7", [this] { ++woken; }};

    void tell(int count) {
        for (int i = 0; i < count; ++i) {
            events.tell("job", {{"job", i}});
        }
    }
};

}  // namespace

TEST_CASE("events are read in order, whole, with ids that go on") {
    Log log;
    auto position = log.events.newest();
    CHECK(log.events.read(position, 1000).value() == "");
    log.tell(2);
    CHECK(log.woken == 2);
    CHECK(log.events.read(position, 1000).value() ==
          "id: run7-1\nevent: job\ndata: {\"job\":0}\n\nid: run7-2\nevent: job\ndata: {\"job\":1}\n\n");
    CHECK(log.events.read(position, 1000).value() == "");
    log.tell(3);
    // At least one, then as much as is wanted.
    CHECK(log.events.read(position, 1).value() == "id: run7-3\nevent: job\ndata: {\"job\":0}\n\n");
}

TEST_CASE("a reader that comes back goes on after the last event it had") {
    Log log;
    log.tell(3);
    auto position = log.events.after("run7-2").value();
    CHECK(log.events.read(position, 1000).value() == "id: run7-3\nevent: job\ndata: {\"job\":2}\n\n");
    CHECK(log.events.after("run7-2").has_value());
    for (const char* unknown :
         {"run7-4", "run6-1", "run7-", "run7-x", "1", "", "run7-99999999999999999999"}) {
        CAPTURE(unknown);
        CHECK_FALSE(log.events.after(unknown).has_value());
    }
}

TEST_CASE("a reader that has seen no event can say where it was, and misses none") {
    Log log;
    const auto id = log.events.id_of(log.events.newest());
    CHECK(id == "run7-0");
    log.tell(1);
    auto position = log.events.after(id).value();
    CHECK(log.events.read(position, 1000).value() == "id: run7-1\nevent: job\ndata: {\"job\":0}\n\n");
    CHECK(log.events.id_of(position) == "run7-1");
}

TEST_CASE("memory is bounded: the oldest are forgotten, and who wanted them is told so") {
    Log log;
    auto slow = log.events.newest();
    log.tell(static_cast<int>(EventLog::kMostEvents) + 1);
    CHECK_FALSE(log.events.read(slow, 1000).has_value());
    // After the first: all that follows is there. Before it: not.
    CHECK(log.events.after("run7-1").has_value());
    log.tell(1);
    CHECK_FALSE(log.events.after("run7-1").has_value());
    const std::string large(EventLog::kMostBytes / 2, 'x');
    auto position = log.events.newest();
    for (int i = 0; i < 3; ++i) {
        log.events.tell("job", {{"text", large}});
    }
    CHECK_FALSE(log.events.read(position, 1).has_value());
}

TEST_CASE("a new reader begins with how the gateway is") {
    Log log;
    CHECK(log.events.present() == "");
    log.events.tell("gateway", {{"version", "1"}});
    log.events.tell("gateway", {{"version", "2"}});
    CHECK(log.events.present() == "event: gateway\ndata: {\"version\":\"2\"}\n\n");
}
