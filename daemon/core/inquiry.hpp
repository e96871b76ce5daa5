// Which devices' status the gateway asks the broker for, one by one.
//
// Of what a broker retains of a large fleet it sends thousands of messages at once when the gateway
// subscribes, and drops those that the gateway does not take soon enough: Mosquitto all beyond
// max_queued_messages, 1,000 by default. Of who is missing then the gateway would hear in the roll call
// (roll_call.hpp), a thousand a second; and a job waits for them. So when no more of it comes, it
// asks for the status of each that is missing by its own topic, some at a time.
//
// Pure: time comes in. Threads: the engine thread.
#pragma once

#include "daemon/core/registry.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace muster::core {

class Inquiry {
public:
    // Far less than brokers queue for a client, beside all else that comes meanwhile.
    static constexpr std::size_t kAtOnce = 100;
    // All that the broker sends by itself has come when there was none of it for so long.
    static constexpr Milliseconds kQuiet{1'000};
    // A question without an answer is asked again after this time, and so many times: Mosquitto drops
    // whatever a client's full queue has no room for, the statuses that were asked for and the answer behind
    // them (seen with 2.0.11). Then it is asked no more until it answers: it may have millions of other
    // messages to send first. One that ends the connection within this time of its first question is not
    // asked on the next: some allow few subscriptions, or none but those that they know.
    static constexpr Milliseconds kPatience{10'000};
    static constexpr int kQuestions = 6;
    // Between pieces of a fleet in which nobody is missing.
    static constexpr Milliseconds kPause{1};

    void link_up(TimePoint now);
    void link_down();
    // A status that the broker had retained came.
    void note_status(TimePoint now);
    // It has sent all that it retains of those who were asked for last.
    void note_answer(TimePoint now);

    // Who is to be asked for; note_answer() follows, or not. Each is asked for once in a connection, and
    // again only without an answer.
    [[nodiscard]] std::vector<DeviceIndex> expire(TimePoint now, const Registry& registry);
    // When that may be somebody; absent: not before something is noted.
    [[nodiscard]] std::optional<TimePoint> due() const noexcept { return due_; }

private:
    std::optional<TimePoint> due_;
    int unanswered_ = 0;          // questions since the last answer
    bool refused_ = false;        // the last connection ended right after a question
    std::size_t from_ = 0;        // places of the registry's memory before it were asked for
    std::size_t asked_from_ = 0;  // where the last question began
};

}  // namespace muster::core
