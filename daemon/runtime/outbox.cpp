#include "daemon/runtime/outbox.hpp"

namespace muster::runtime {

void Outbox::publish(mqtt::Publication publication) {
    if (waiting_.empty() && link_.publish(publication)) {
        return;
    }
    if (waiting_.size() >= kMost) {
        ++dropped_;
        return;
    }
    waiting_.push_back(std::move(publication));
}

void Outbox::flush() {
    while (!waiting_.empty() && link_.publish(waiting_.front())) {
        waiting_.pop_front();
    }
}

void Outbox::clear() {
    dropped_ += waiting_.size();
    waiting_.clear();
}

}  // namespace muster::runtime
