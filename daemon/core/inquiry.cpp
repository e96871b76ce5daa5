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
    refused_ = (waiting_ && due_) || refused_;
    waiting_ = false;
    due_.reset();
}

void Inquiry::note_status(TimePoint now) {
    if (due_ && from_ == 0) {
        due_ = now + kQuiet;
    }
}

void Inquiry::note_answer(TimePoint now) {
    if (std::exchange(waiting_, false)) {
        due_ = now;
    }
}

std::vector<DeviceIndex> Inquiry::expire(TimePoint now, const Registry& registry) {
    std::vector<DeviceIndex> silent;
    if (!due_ || now < *due_) {
        return silent;
    }
    if (waiting_) {
        due_.reset();
        return silent;
    }
    const auto end = from_ + kExaminedPerStep;
    while (silent.size() < kAtOnce) {
        const auto index = registry.next_silent(from_, end);
        if (!index) {
            break;
        }
        silent.push_back(*index);
    }
    if (!silent.empty()) {
        waiting_ = true;
        due_ = now + kPatience;
    } else if (from_ < end) {
        due_.reset();  // that were all
    } else {
        due_ = now + kPause;
    }
    return silent;
}

}  // namespace muster::core
