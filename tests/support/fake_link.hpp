// A link without a broker: keeps what is published, and hands on what a test
// says that the broker delivered.
//
// Threads: the Link part from one thread, everything else from any. Nothing
// here sleeps; what is waited for is waited for at most kPatience.
#pragma once

#include "daemon/mqtt/link.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace muster::test {

class FakeLink final : public mqtt::Link {
public:
    static constexpr std::chrono::seconds kPatience{20};

    [[nodiscard]] Result<void> start(mqtt::Handler& handler) override;
    [[nodiscard]] bool publish(const mqtt::Publication& publication) override;
    [[nodiscard]] std::uint32_t room() override;
    bool ask_for_retained(const std::vector<std::string>& topics) override;
    void stop(const std::vector<mqtt::Publication>& last) override;

    // As the broker: waits until the link was started.
    void connect(std::uint16_t window = 300);
    void disconnect(const std::string& reason);
    bool deliver(mqtt::Inbound message);

    // How many more messages are taken before publish() refuses; absent: any number.
    void limit(std::optional<std::size_t> messages);
    // Until publish() has refused one on that topic, since limit() was called.
    void wait_for_refusal(const std::string& topic);
    // What room() says, whether it is so or not; many at first.
    void tell_room(std::uint32_t messages);
    // The topics that were asked for last, each time anew, waited for; empty when patience ends. What is
    // asked for is answered with answer_retained().
    [[nodiscard]] std::vector<std::string> wait_for_asked();
    void answer_retained() { handler().on_retained(); }
    // There is room, as a PUBACK gives it.
    void make_room();
    // start() fails with it.
    void refuse_start(Error error) { start_error_ = std::move(error); }
    // Called for each message that is taken, before publish() returns, on its thread.
    void observe(std::function<void(const mqtt::Publication&)> observer) { observer_ = std::move(observer); }

    // The `count` oldest messages on that topic, waited for; fewer when patience ends.
    [[nodiscard]] std::vector<mqtt::Publication> wait_for(const std::string& topic, std::size_t count = 1);
    // Those that were published so far on that topic; all with "".
    [[nodiscard]] std::vector<mqtt::Publication> published(const std::string& topic = {}) const;
    [[nodiscard]] bool stopped() const;

private:
    [[nodiscard]] std::vector<mqtt::Publication> on_topic(const std::string& topic) const;
    [[nodiscard]] mqtt::Handler& handler();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    mqtt::Handler* handler_ = nullptr;
    bool stopped_ = false;
    std::optional<std::size_t> room_;
    std::set<std::string> refused_;  // topics
    std::uint32_t told_room_ = 1'000'000;
    std::vector<mqtt::Publication> published_;
    std::vector<std::string> asked_;
    std::optional<Error> start_error_;
    std::function<void(const mqtt::Publication&)> observer_;
};

}  // namespace muster::test
