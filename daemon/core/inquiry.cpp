#include "daemon/core/inquiry.hpp"

#include "daemon/core/engine_options.hpp"

#include <utility>

namespace muster::core {

void Inquiry::link_up(TimePoint now) {
    if (std::exchange(refused_, false)) {
        return;
    }
    due_ = now + kQuiet;
    from_ = 0;
}

void Inquiry::link_down() {
    refused_ = unanswered_ == 1 || refused_;
    unanswered_ = 0;
    due_.reset();
}

void Inquiry::note_status(TimePoint now) {
    if (due_ && from_ == 0) {
        due_ = now + kQuiet;
    }
}

void Inquiry::note_answer(TimePoint now) {
    if (std::exchange(unanswered_, 0) > 0) {
        due_ = now;
    }
}

std::vector<DeviceIndex> Inquiry::expire(TimePoint now, const Registry& registry) {
    std::vector<DeviceIndex> silent;
    if (!due_ || now < *due_) {
        return silent;
    }
    if (unanswered_ == kQuestions) {
        due_.reset();
        return silent;
    }
    if (unanswered_ > 0) {
        from_ = asked_from_;
    }
    asked_from_ = from_;
    const auto end = from_ + kExaminedPerStep;
    while (silent.size() < kAtOnce) {
        const auto index = registry.next_silent(from_, end);
        if (!index) {
            break;
        }
        silent.push_back(*index);
    }
    if (!silent.empty()) {
        ++unanswered_;
        due_ = now + kPatience;
        return silent;
    }
    unanswered_ = 0;  // whoever was asked for was heard, which is an answer
    if (from_ < end) {
        due_.reset();  // that were all
    } else {
        due_ = now + kPause;
    }
    return silent;
}

}  // namespace muster::core
