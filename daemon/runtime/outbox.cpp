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
    dropped_ += std::erase_if(waiting_, [](const mqtt::Publication& publication) {
        return !publication.retain || !publication.payload.empty();
    });
}

}  // namespace muster::runtime
