#include "daemon/http/event_log.hpp"

#include "protocol/codec.hpp"

#include <charconv>

namespace muster::http {

// JSON of ours holds no line break, so that data is one line.
void EventLog::tell(std::string_view event, boost::json::object data) {
    auto text = "event: " + std::string(event) + "\ndata: " + format_json(data) + "\n\n";
    {
        const std::lock_guard lock(mutex_);
        if (event == "gateway") {
            gateway_ = text;
        }
        text = "id: " + run_ + "-" + std::to_string(first_ + events_.size()) + "\n" + text;
        bytes_ += text.size();
        events_.push_back(std::move(text));
        while (events_.size() > kMostEvents || bytes_ > kMostBytes) {
            bytes_ -= events_.front().size();
            events_.pop_front();
            ++first_;
        }
    }
    wake_();
}

EventLog::Position EventLog::newest() const {
    const std::lock_guard lock(mutex_);
    return {first_ + events_.size()};
}

std::string EventLog::id_of(Position position) const {
    return run_ + "-" + std::to_string(position.next - 1);
}

std::optional<EventLog::Position> EventLog::after(std::string_view id) const {
    const auto dash = id.rfind('-');
    if (dash == std::string_view::npos || id.substr(0, dash) != run_) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto* end = id.data() + id.size();
    const auto [stop, error] = std::from_chars(id.data() + dash + 1, end, number);
    const std::lock_guard lock(mutex_);
    if (error != std::errc{} || stop != end || number + 1 < first_ || number >= first_ + events_.size()) {
        return std::nullopt;
    }
    return Position{number + 1};
}

std::optional<std::string> EventLog::read(Position& position, std::size_t most_bytes) const {
    const std::lock_guard lock(mutex_);
    if (position.next < first_) {
        return std::nullopt;
    }
    std::string text;
    while (position.next < first_ + events_.size() && text.size() < most_bytes) {
        text += events_[position.next - first_];
        ++position.next;
    }
    return text;
}

std::string EventLog::present() const {
    const std::lock_guard lock(mutex_);
    return gateway_;
}

}  // namespace muster::http
