// When the devices have to be asked who and where they are (SPEC 5.9).
//
// What devices say of themselves reaches the gateway once, at QoS 0: brokers drop
// what a slow subscriber cannot take, and the gateway's own queue is bounded. A
// burst of thousands who come or go at once is when that happens, and nobody
// tells. So a burst is followed by a roll call, whose answers the devices spread
// over a time that suits the size of the fleet; a round that brings a burst of
// news itself is followed by another. After a lost connection there is one in any
// case: who stays silent in it is no longer there.
//
// Pure: time comes in. Threads: the engine thread.
#pragma once

#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace muster::core {

class RollCall {
public:
    // Answers that a gateway takes while it does its other work, each of three messages.
    static constexpr std::size_t kAnswersPerSecond = 1'000;
    static constexpr Seconds kLongestSpread{1'800};
    // For answers that are on their way when the time is over.
    static constexpr Milliseconds kGrace{5'000};
    // News at once after which some may be missing: half of what Mosquitto queues.
    static constexpr std::size_t kBurst = 500;
    // A burst, or the answers, are over after so long without news.
    static constexpr Milliseconds kQuiet{2'000};
    static constexpr std::uint8_t kRounds = 3;
    // Between roll calls that only bursts asked for: a fleet that flaps all the time
    // is not asked all the time. Doubles as long as it goes on.
    static constexpr Milliseconds kLeastPause{10'000};
    static constexpr Milliseconds kMostPause{3'600'000};

    // What is known, when it is asked what to do.
    struct Fleet {
        std::size_t devices = 0;
        std::size_t unheard = 0;  // online, but not heard of since the connection was made
    };
    struct Verdict {
        std::optional<Seconds> ask;  // the devices, who take up to so long to answer
        bool over = false;           // who was not heard of is not there
    };

    void link_up(TimePoint now);
    void link_down();
    // A device is new, came or went.
    void note_news(TimePoint now);
    // Messages of devices were lost before anybody read them.
    void note_loss(TimePoint now);

    // What is to be done now; asks at most once for each time that is due().
    [[nodiscard]] Verdict expire(TimePoint now, const Fleet& fleet);
    [[nodiscard]] std::optional<TimePoint> due() const;

private:
    [[nodiscard]] bool quiet(TimePoint now) const { return now >= last_news_ + kQuiet; }
    [[nodiscard]] bool suspicious() const { return lost_ || news_ >= kBurst; }
    void start(TimePoint at);
    [[nodiscard]] Seconds open_round(TimePoint now, const Fleet& fleet);
    void close(TimePoint now);
    void forget_news();

    bool up_ = false;
    std::uint8_t round_ = 0;             // of the roll call at work; 0: none
    std::optional<TimePoint> start_at_;  // of a roll call that has been decided on
    TimePoint round_ends_{};
    TimePoint round_ends_at_last_{};  // however much news there still is
    std::size_t news_ = 0;            // since the last round began, or of the burst
    bool lost_ = false;
    TimePoint last_news_{};
    TimePoint may_start_{};  // not before, because of a burst
    Milliseconds pause_ = kLeastPause;
};

}  // namespace muster::core
