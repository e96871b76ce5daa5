#include "daemon/core/answer_lag.hpp"

#include <algorithm>

namespace muster::core {

void AnswerLag::sent(TimePoint now) {
    if (behind_.empty() || behind_.back().at != now) {
        behind_.push_back({now, 0});
    }
    ++behind_.back().messages;
    ++messages_;
}

void AnswerLag::answered(TimePoint sent_at) {
    drop_until(sent_at);
}

void AnswerLag::forget() {
    behind_.clear();
    messages_ = 0;
}

Milliseconds AnswerLag::at(TimePoint now) const {
    constexpr Milliseconds kNone{0};  // also when the clock was set back since
    return messages_ > kQueue ? std::clamp<Milliseconds>(now - behind_.front().at, kNone, kMost) : kNone;
}

void AnswerLag::drop_until(TimePoint last) {
    for (; !behind_.empty() && behind_.front().at <= last; behind_.pop_front()) {
        messages_ -= behind_.front().messages;
    }
}

}  // namespace muster::core
