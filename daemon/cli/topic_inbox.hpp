// The latest message of each topic that is waited for, and whether the broker
// is connected: what a link's threads leave for the main thread. Messages of
// other topics are dropped, so it holds no more than was asked for.
//
// Threads: the Handler's part from the link's threads, all else from one other.
#pragma once

#include "daemon/mqtt/link.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli {

class TopicInbox final : public mqtt::Handler {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    void on_connected(const mqtt::Connected& connected) noexcept override;
    void on_disconnected(const std::string& reason) noexcept override;
    bool on_message(mqtt::Inbound message) noexcept override;

    void want(const std::string& topic);
    void forget(const std::string& topic);

    // Until connected (true), or until an attempt fails or the deadline passes.
    [[nodiscard]] bool wait_connected(Deadline deadline);
    // Until there is something for one of `topics`, or the deadline passes.
    void wait_any(const std::vector<std::string>& topics, Deadline deadline);
    [[nodiscard]] std::optional<mqtt::Inbound> take(const std::string& topic);

    [[nodiscard]] bool connected();
    // Why the connection or the last attempt ended; empty: none has.
    [[nodiscard]] std::string reason();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool connected_ = false;
    std::string reason_;
    std::map<std::string, std::optional<mqtt::Inbound>> wanted_;
};

}  // namespace muster::cli
