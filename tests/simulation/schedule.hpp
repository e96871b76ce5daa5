// Virtual time: what is to happen, in the order of its time, and among equals
// in the order in which it was asked for.
//
// Threads: one.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace muster::simulation {

class Schedule {
public:
    using Happening = std::function<void()>;

    // A day in 2026: no clock is asked.
    static constexpr TimePoint kBegin{Milliseconds{1'790'000'000'000}};

    [[nodiscard]] TimePoint now() const noexcept { return now_; }
    // Since kBegin.
    [[nodiscard]] Milliseconds elapsed() const noexcept { return now_ - kBegin; }

    // At once, if `when` is past.
    void at(TimePoint when, Happening happening) {
        waiting_.emplace(std::pair{std::max(when, now_), ++last_}, std::move(happening));
    }
    void after(Milliseconds delay, Happening happening) { at(now_ + delay, std::move(happening)); }

    // The next of what is due by `until`. false: nothing is, and it is `until` now.
    bool run_next(TimePoint until) {
        const auto next = waiting_.begin();
        if (next == waiting_.end() || next->first.first > until) {
            now_ = std::max(now_, until);
            return false;
        }
        now_ = next->first.first;
        const auto happening = std::move(next->second);
        waiting_.erase(next);
        happening();
        return true;
    }

private:
    TimePoint now_ = kBegin;
    std::uint64_t last_ = 0;
    std::map<std::pair<TimePoint, std::uint64_t>, Happening> waiting_;
};

}  // namespace muster::simulation
