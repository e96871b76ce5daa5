// How far answers are behind: whether a message that has no answer yet was lost, or waits in a queue with
// the others.
//
// What devices answer comes through one broker, and about in the order in which they were asked. An answer to
// a message says that those published long before it were lost; as long as nothing that was published later
// has been answered, nobody knows, and a repeat would only lengthen the queue. TCP decides by the same rule
// whether a segment was lost: RFC 8985 (RACK-TLP), section 3.
//
// Pure: time comes in. Threads: the engine thread.
#pragma once

#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace muster::core {

class AnswerLag {
public:
    // As few as these, published later than all that was answered, are no queue; to repeat them is cheap.
    static constexpr std::size_t kQueue = 100;
    // Nobody waits longer for an answer than that: all that are behind are silent.
    static constexpr Milliseconds kMost{30'000};

    // For the first time.
    void sent(TimePoint now);
    // What was published once, at that time. Of what was published twice nobody knows which of the two is
    // answered (Karn's algorithm, RFC 6298, section 3).
    void answered(TimePoint sent_at);
    // The connection was lost, and all that was on its way.
    void forget();
    // What nobody answers any more.
    void forget_silent(TimePoint now) { drop_until(now - kMost); }
    // For how long the first of the queue has been waiting, if there is one; 0 to kMost.
    [[nodiscard]] Milliseconds at(TimePoint now) const;

private:
    struct Moment {
        TimePoint at;
        std::size_t messages;
    };
    void drop_until(TimePoint last);

    std::deque<Moment> behind_;  // published later than all that was answered, and not longer ago than kMost
    std::size_t messages_ = 0;   // of those
};

}  // namespace muster::core
