#include "daemon/core/roll_call.hpp"

#include <algorithm>

namespace muster::core {

void RollCall::link_up(TimePoint now) {
    up_ = true;
    forget_news();
    start(now);
}

void RollCall::link_down() {
    up_ = false;
    round_ = 0;
    start_at_.reset();
}

void RollCall::start(TimePoint at) {
    round_ = 0;
    start_at_ = at;
}

void RollCall::forget_news() {
    news_ = 0;
    lost_ = false;
}

void RollCall::note_news(TimePoint now) {
    if (round_ == 0 && !lost_ && quiet(now)) {
        news_ = 0;  // a new burst, if it is one
    }
    ++news_;
    last_news_ = now;
}

void RollCall::note_loss(TimePoint now) {
    lost_ = true;
    last_news_ = now;
}

std::optional<TimePoint> RollCall::due() const {
    if (!up_) {
        return std::nullopt;
    }
    if (start_at_) {
        return start_at_;
    }
    if (round_ > 0) {
        return std::max(round_ends_, std::min(last_news_ + kQuiet, round_ends_at_last_));
    }
    return suspicious() ? std::optional(std::max(last_news_ + kQuiet, may_start_)) : std::nullopt;
}

RollCall::Verdict RollCall::expire(TimePoint now, const Fleet& fleet) {
    const auto at = due();
    if (!at || now < *at) {
        return {};
    }
    const auto begins = round_ == 0;
    const auto again = fleet.unheard > 0 || suspicious();
    if (begins || (again && round_ < kRounds)) {
        start_at_.reset();
        return {open_round(now, fleet), false};
    }
    close(now);
    return {std::nullopt, true};
}

// Each round takes twice as long: the one before it was too fast for somebody.
Seconds RollCall::open_round(TimePoint now, const Fleet& fleet) {
    const auto answers = static_cast<std::int64_t>(fleet.devices / kAnswersPerSecond + 1);
    const auto spread = std::min(Seconds{answers << round_}, kLongestSpread);
    ++round_;
    forget_news();
    round_ends_ = now + spread + kGrace;
    round_ends_at_last_ = round_ends_ + spread + kGrace;
    return spread;
}

void RollCall::close(TimePoint now) {
    round_ = 0;
    const auto restless = suspicious() || now < may_start_ + pause_;
    pause_ = restless ? std::min(pause_ * 2, kMostPause) : kLeastPause;
    may_start_ = now + pause_;
    if (!suspicious()) {
        news_ = 0;  // otherwise another roll call follows, after the pause
    }
}

}  // namespace muster::core
