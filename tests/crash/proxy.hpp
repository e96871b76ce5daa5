// A TCP proxy on loopback between a client and the broker, which makes the
// network as bad as networks are.
//
// Threads: a thread inside carries the bytes; the functions may be called from
// any other one and hold for every connection when they return.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace muster::crash {

enum class Weather {
    fair,
    slow,            // every piece is held up for 20 to 200 ms
    split,           // in pieces of 1 to 40 bytes
    stalled,         // nothing moves, in either direction
    only_to_broker,  // what the broker says waits
    only_to_client,  // what the client says waits
    half_open,       // new connections are accepted, and never reach the broker; those before stall
};

// Shown every byte that is passed on, on the thread inside.
using Tap = std::function<void(std::uint64_t connection, bool to_broker, std::string_view bytes)>;

class Proxy {
public:
    // Passes connections on to this port of loopback. Throws
    // std::runtime_error when there is no port to listen on.
    Proxy(std::uint16_t broker_port, std::uint64_t seed, Tap tap = {});
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;

    // What waited goes on its way when the weather lets it. Half-open
    // connections are reset when it changes.
    void set(Weather weather);
    // Every connection ends with a reset.
    void reset();
    // Every connection that there is stays open, and never carries a byte again.
    void abandon();
    // How many connections it has at the moment, abandoned ones too.
    [[nodiscard]] std::size_t connections();

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace muster::crash
