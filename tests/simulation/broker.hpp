// A simulated MQTT broker and the network around it: sessions, queues, retained
// messages, wills; and everything that can go wrong with them.
//
// Every publish above QoS 0 counts as acknowledged by the broker once it is on
// its way, whether it arrives or not: the worst of brokers.
//
// Threads: one.
#pragma once

#include "tests/simulation/figures.hpp"
#include "tests/simulation/options.hpp"
#include "tests/simulation/schedule.hpp"
#include "tests/simulation/transcript.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace muster::simulation {

struct Message {
    std::string topic;
    std::string payload;
    bool retain = false;  // published: keep it; delivered: it was kept
    std::string response_topic{};
    std::string correlation{};
};

class Broker {
public:
    struct Client {
        bool keeps_session = false;
        std::vector<std::string> filters;
        std::function<void(const Message&)> receive;
        std::function<void()> on_cut;  // the connection is gone, and nobody said why
        std::optional<Message> will{};
    };

    // Most messages that overtake one on its way to a client. MQTT lets none do
    // so; a device that remembers 8 operations stands 7 (SPEC 5.10). What is later
    // still is lost.
    static constexpr std::uint64_t kOvertakers = 7;
    // Most messages queued for a client that is away.
    static constexpr std::size_t kQueue = 100;

    Broker(const Options& options, Schedule& schedule, Transcript& transcript, Figures& figures)
        : options_(options), schedule_(schedule), transcript_(transcript), figures_(figures) {}

    [[nodiscard]] bool up() const noexcept { return up_; }
    // Only while it is up. Retained and queued messages follow.
    void connect(const std::string& name, Client client);
    // What is retained of these goes to it once more, and is lost as all may be.
    void send_retained(const std::string& name, const std::vector<std::string>& topics);
    // With a goodbye: no will. Nothing is called back.
    void disconnect(const std::string& name);
    // The client died, or the network did: the will is published; a client that
    // is still there hears of it.
    void cut(const std::string& name, bool tell_client);
    void publish(const std::string& from, Message message);
    // Loses what the faults say, and comes back after `down`.
    void restart(std::uint64_t salt, Milliseconds down);
    // From now on nothing goes wrong. In every second run all connections break
    // once more, and what is on its way is lost, as it is when a real network comes
    // back. In the others the gateway's alone does: no device comes online anew, so
    // nothing is put right by its coming.
    void heal();

    [[nodiscard]] const std::map<std::string, std::string>& retained() const noexcept { return retained_; }

private:
    struct Session {
        Client client;
        bool connected = false;
        std::uint32_t connection = 0;  // counts up
        std::uint64_t sent = 0;        // messages each way: what chance is drawn from
        std::uint64_t received = 0;
        std::uint64_t newest = 0;  // number of the newest that has arrived at the client
        TimePoint up_clear{};      // what comes later may not come earlier
        TimePoint down_clear{};
        std::deque<Message> queue;
    };

    void cut_all();
    void accept(const Message& message);
    void deliver(const std::string& name, Session& session, Message message);
    // Calls `arrive` for each copy that arrives over this very connection.
    void carry(const std::string& name, bool upwards, const Message& message,
               std::function<void(const Message&)> arrive);
    struct Copy {
        std::string name;
        bool upwards;
        std::uint32_t connection;
        std::uint32_t life;    // of the broker
        std::uint64_t number;  // among the messages that way
        bool outlives;         // gets through although its sender's connection is gone
        Message message;
        std::function<void(const Message&)> arrive;
    };
    void carry_copy(TimePoint due, Copy copy);

    const Options& options_;
    Schedule& schedule_;
    Transcript& transcript_;
    Figures& figures_;
    bool up_ = true;
    bool healed_ = false;
    std::uint32_t life_ = 0;  // counts its restarts
    std::map<std::string, Session> sessions_;
    std::map<std::string, std::string> retained_;
};

// Whether an MQTT topic filter (with + and #) matches.
[[nodiscard]] bool matches(std::string_view filter, std::string_view topic);

}  // namespace muster::simulation
