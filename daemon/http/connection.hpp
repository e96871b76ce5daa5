// One connection, from its first request to its end: reading within limits,
// asking the gateway, writing answers and streams.
//
// Threads: the io_context's.
#pragma once

#include "daemon/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <set>

namespace muster::http {

// What connections share.
struct Shared {
    Front front;
    AskGateway ask;
    const EventLog& events;
    std::size_t most_followers;
    std::set<boost::asio::steady_timer*> followers{};  // of events, asleep until there are some
    std::size_t following = 0;
    // Of connections that have asked for nothing yet, or nothing more, the longest so first; null: told to
    // end.
    std::list<boost::asio::ip::tcp::socket*> silent{};
};

// Long enough for a slow network, short enough that silence does not hold a connection.
inline constexpr std::chrono::seconds kHeadPatience{15};    // for a request's head, the first or the next
inline constexpr std::chrono::seconds kBodyPatience{60};    // for its body
inline constexpr std::chrono::seconds kWritePatience{30};   // for a reader to take a piece
inline constexpr std::chrono::seconds kAnswerPatience{60};  // for the gateway
inline constexpr std::chrono::seconds kReadyPatience{2};    // the same, when the question is whether it lives
inline constexpr std::chrono::seconds kEventsKeepAlive{15};  // between events
inline constexpr std::chrono::seconds kDiscardPatience{5};   // for the rest of what was refused
inline constexpr std::size_t kDiscardBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kHeadBytes = 16 * 1024;
inline constexpr std::size_t kPieceBytes = 64 * 1024;  // written at once

// Until the other side is gone or was silent too long. Keeps `shared` until its frame is gone, which
// may be with the io_context; `tls`, which may be null, too.
[[nodiscard]] boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket,
                                                            std::shared_ptr<Shared> shared,
                                                            std::shared_ptr<boost::asio::ssl::context> tls);
// Says that there are too many, and ends.
[[nodiscard]] boost::asio::awaitable<void> turn_away(boost::asio::ip::tcp::socket socket);

}  // namespace muster::http
