#include "daemon/mqtt/backoff.hpp"

#include "protocol/result.hpp"

#include <algorithm>
#include <utility>

namespace muster::mqtt {

Backoff::Backoff(std::chrono::milliseconds least, std::chrono::milliseconds most, std::uint64_t seed)
    : least_(least), most_(most), base_(least), random_(seed) {
    MUSTER_INVARIANT(least_.count() > 0 && least_ <= most_);
}

std::chrono::milliseconds Backoff::next() {
    const auto base = std::exchange(base_, std::min(base_ * 2, most_));
    std::uniform_int_distribution<std::chrono::milliseconds::rep> jittered(base.count() / 2,
                                                                           base.count() * 3 / 2);
    return std::chrono::milliseconds(jittered(random_));
}

std::chrono::milliseconds Backoff::longest() {
    base_ = most_;
    return next();
}

}  // namespace muster::mqtt
