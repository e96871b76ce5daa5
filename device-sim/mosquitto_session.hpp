// One MQTT connection of the simulator, by libmosquitto on an Asio loop. The
// only file pair that knows libmosquitto.
//
// Threads: everything happens on the thread that runs the io_context. A session
// lives until that loop has ended; connections come and go within it.
#pragma once

#include "protocol/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct mosquitto;

namespace muster::sim {

enum class MqttVersion { v311, v5 };

struct TlsFiles {
    std::string ca_file;  // empty: the system's
    // Empty: none. "{id}" in them stands for the device id.
    std::string certificate_file;
    std::string key_file;
};

// Shared by all sessions, and outlives them.
struct Broker {
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    MqttVersion version = MqttVersion::v5;
    bool tls = false;  // host name and certificate are checked, always
    TlsFiles files;
};

struct Identity {
    std::string client_id;  // empty: the broker gives one
    std::string user;       // empty: anonymous
    std::string password;
    std::string will_topic;  // empty: no last will
    std::string will_payload;
    std::string device;  // what "{id}" stands for in the broker's files; empty: nothing
};

// Called from within the loop. May call any function of the session; to end
// the connection takes effect when the call returns.
class SessionHandler {
public:
    virtual ~SessionHandler() = default;
    virtual void on_connected() noexcept = 0;
    // Answer to one subscribe(); `refused` counts filters that the broker did not grant.
    virtual void on_subscribed(std::size_t refused) noexcept = 0;
    // The broker has the publication (QoS 1) or it is on its way (QoS 0).
    // `refusal` is empty, or why the broker will not pass it on.
    virtual void on_published(int publication, std::string_view refusal) noexcept = 0;
    virtual void on_message(std::string_view topic, std::string_view payload, bool retained) noexcept = 0;
    // The attempt failed or the connection broke. Not called after close() and abort().
    virtual void on_lost(const std::string& reason) noexcept = 0;
};

// Call once before the first session, and keep until after the last.
class MosquittoLibrary {
public:
    MosquittoLibrary();
    ~MosquittoLibrary();
    MosquittoLibrary(const MosquittoLibrary&) = delete;
    MosquittoLibrary& operator=(const MosquittoLibrary&) = delete;
};

class MosquittoSession {
public:
    // libmosquitto keeps a pair of descriptors beside each socket.
    static constexpr std::size_t kDescriptors = 3;
    // Publications that may wait for the broker at once; MQTT has 65,535 packet ids.
    static constexpr std::size_t kMostOutstanding = 50'000;

    MosquittoSession(boost::asio::io_context& context, const Broker& broker, Identity identity,
                     SessionHandler& handler);
    ~MosquittoSession();
    MosquittoSession(const MosquittoSession&) = delete;
    MosquittoSession& operator=(const MosquittoSession&) = delete;

    // Begins to connect with a clean session; ends in on_connected or on_lost.
    // Error: unavailable, when the attempt failed at once (on_lost is not called).
    [[nodiscard]] Result<void> open();
    // Says goodbye: the broker drops the last will.
    void close() noexcept { end(Ending::goodbye); }
    // Drops the line: the broker publishes the last will.
    void abort() noexcept { end(Ending::silent); }

    // QoS 1. One on_subscribed for each call. false: not connected.
    [[nodiscard]] bool subscribe(const std::vector<std::string>& filters);
    // The number that on_published will have, or 0: not taken, because the
    // session is not connected or too much is outstanding.
    [[nodiscard]] int publish(const std::string& topic, std::string_view payload, int qos, bool retain);
    [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_; }

    // To be called about once a second while connected.
    void keep_alive();

private:
    enum class Ending { none, goodbye, silent };
    struct Callbacks;

    [[nodiscard]] int configure();
    [[nodiscard]] int configure_tls();
    void wait_readable();
    void wait_writable();
    void read();
    void flush();
    void flush_soon();
    void end(Ending ending) noexcept;
    void tear_down(Ending ending) noexcept;
    // After each call into the library: does what had to wait for its end.
    // false: the connection is gone.
    [[nodiscard]] bool settle(int result);

    boost::asio::io_context& context_;
    const Broker& broker_;
    Identity identity_;
    SessionHandler& handler_;
    mosquitto* client_ = nullptr;
    boost::asio::posix::stream_descriptor socket_;
    std::string refusal_;           // the broker's reason, or OpenSSL's, for on_lost
    std::uint64_t connection_ = 0;  // so that waits of earlier connections are known
    std::size_t outstanding_ = 0;
    std::size_t callbacks_ = 0;  // counts up
    std::size_t unwritten_ = 0;  // packets queued since the last flush
    Ending ending_ = Ending::none;
    bool in_library_ = false;
    bool flush_pending_ = false;
    bool waiting_writable_ = false;
};

}  // namespace muster::sim
