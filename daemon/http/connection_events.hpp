// Server-sent events to one reader, for as long as it reads and may.
//
// Threads: the io_context's.
#pragma once

#include "daemon/http/connection_writer.hpp"

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <string>
#include <utility>

namespace muster::http {

// A place among those who follow events, while it is there.
class Follower {
public:
    explicit Follower(std::size_t& following) : following_(following) { ++following_; }
    ~Follower() { --following_; }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

private:
    std::size_t& following_;
};

// Where a reader begins, and what it is told first.
struct FirstEvents {
    EventLog::Position position;
    std::string text;
};

inline FirstEvents first_events(const EventLog& events, const EventStream& stream) {
    auto position = events.newest();
    std::string lost;
    if (stream.last_id) {
        if (const auto known = events.after(*stream.last_id)) {
            position = *known;
        } else {
            lost = "event: reset\ndata: {}\n\n";
        }
    }
    // With an id from the start, or who sees no event could not say where to go on.
    return {position, "retry: 1000\nid: " + events.id_of(position) + "\n\n" + lost + events.present()};
}

// Those that have come, or come before it is time for a sign of life.
template <class Stream>
boost::asio::awaitable<std::optional<std::string>> sleep_until_events(ConnectionWriter<Stream>& writer,
                                                                      Shared& shared,
                                                                      EventLog::Position& position) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(kEventsKeepAlive);
    shared.followers.insert(&timer);
    writer.rest();
    // What came between the look and the sleep has woken nobody.
    auto text = shared.events.read(position, kPieceBytes);
    if (text && text->empty()) {
        co_await timer.async_wait(kUseTuple);
        text = shared.events.read(position, kPieceBytes);
    }
    shared.followers.erase(&timer);
    co_return text;
}

template <class Stream>
boost::asio::awaitable<void> follow_events(ConnectionWriter<Stream>& writer, Shared& shared,
                                           const EventStream& stream) {
    const Follower follower(shared.following);
    Response response{200, {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}}, {}};
    bool reads_on = co_await writer.begin_stream(std::move(response));
    auto [position, text] = first_events(shared.events, stream);
    while (reads_on && shared.front.still_admits(stream.token)) {
        reads_on = co_await writer.write_piece(text);
        // Whoever reads slower than events are forgotten is let go, and comes back for a reset.
        auto next = shared.events.read(position, kPieceBytes);
        if (next && next->empty()) {
            next = co_await sleep_until_events(writer, shared, position);
        }
        if (!next) {
            co_return;
        }
        text = next->empty() ? ": keep-alive\n\n" : std::move(*next);
    }
}

}  // namespace muster::http
