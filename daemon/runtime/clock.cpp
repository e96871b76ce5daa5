#include "daemon/runtime/clock.hpp"

#include <algorithm>

namespace muster::runtime {
namespace {

constexpr Milliseconds kFollowAtOnce = std::chrono::hours(1);
constexpr int kDrift = 10;  // one part in so many

}  // namespace

Clock::Clock()
    : Clock([] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); },
            [] {
                return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
            }) {}

Clock::Clock(System system, Steady steady)
    : system_(std::move(system)), steady_(std::move(steady)), now_(system_()), last_steady_(steady_()) {}

TimePoint Clock::now() {
    const auto steady = steady_();
    const auto passed = steady - last_steady_;
    last_steady_ = steady;
    now_ += passed;
    const auto behind = system_() - now_;
    if (behind > kFollowAtOnce) {
        now_ += behind;
        return now_;
    }
    unspent_ += passed;
    const auto most = unspent_ / kDrift;
    // It may not go back, not even by a correction: at most what has just passed.
    const auto step = std::clamp(behind, -std::min(most, passed), most);
    now_ += step;
    unspent_ -= behind == step ? unspent_ : most * kDrift;
    return now_;
}

}  // namespace muster::runtime
