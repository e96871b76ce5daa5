// The time that the engine is told. It never goes back, and does not leap when
// an operator or NTP sets the system's clock: it runs on the steady clock, and
// drifts towards the system's by at most a tenth of the time that passes, so
// that recorded times come right and no deadline or timer fires early or stalls.
// Only when the system's clock is more than an hour ahead (a gateway that had
// no time when it booted) does it follow at once.
//
// Threads: one.
#pragma once

#include "protocol/time.hpp"

#include <chrono>
#include <functional>

namespace muster::runtime {

class Clock {
public:
    using System = std::function<TimePoint()>;
    using Steady = std::function<Milliseconds()>;  // since anything

    Clock();
    Clock(System system, Steady steady);

    [[nodiscard]] TimePoint now();

private:
    System system_;
    Steady steady_;
    TimePoint now_;
    Milliseconds last_steady_;
    Milliseconds unspent_{0};  // passed, but less than could be drifted by
};

}  // namespace muster::runtime
