// The latest events of the gateway, for any number of readers at their own
// pace, each of whom keeps no more than a position. What is over the bound is
// forgotten from the oldest on; a reader who wanted that is told that it is gone.
//
// Threads: tell() on the engine thread; the rest on any.
#pragma once

#include "daemon/api/feed.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace muster::http {

class EventLog final : public api::Feed {
public:
    // A reconnecting console is back within seconds: minutes of a busy gateway.
    static constexpr std::size_t kMostEvents = 8'192;
    static constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;

    // `run` tells this run of the program from others, in the ids of events: no event of
    // another run is known. `wake` is called after each event, on the engine thread.
    EventLog(std::string run, std::function<void()> wake) : run_(std::move(run)), wake_(std::move(wake)) {}

    void tell(std::string_view event, boost::json::object data) override;

    // Where a reader is: every event below `next` is known to it.
    struct Position {
        std::uint64_t next = 0;
    };
    // Who comes new has everything to come.
    [[nodiscard]] Position newest() const;
    // The id of the last event before the position: what its reader would come back with.
    [[nodiscard]] std::string id_of(Position position) const;
    // After the event with this id; nullopt: what follows it is forgotten, or it is of another run.
    [[nodiscard]] std::optional<Position> after(std::string_view id) const;

    // Events from there on in the text form of server-sent events, until `most_bytes`
    // are passed, and moves the position; empty: there are none yet; nullopt: forgotten.
    [[nodiscard]] std::optional<std::string> read(Position& position, std::size_t most_bytes) const;

    // The last event of each kind that says how the gateway is now ("gateway"),
    // without ids: what a new reader begins with.
    [[nodiscard]] std::string present() const;

private:
    const std::string run_;
    const std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::deque<std::string> events_;  // as text, whole
    std::uint64_t first_ = 1;         // number of the oldest
    std::size_t bytes_ = 0;
    std::string gateway_;
};

}  // namespace muster::http
