#include "daemon/runtime/log_limiter.hpp"

#include <utility>

namespace muster::runtime {

void LogLimiter::close_window(TimePoint now) {
    if (!end_ || now < *end_) {
        return;
    }
    end_.reset();
    if (suppressed_in_window_ > 0) {
        over_ = over_.value_or(Suppressed{});
        over_->lines += suppressed_in_window_;
    }
    for (const auto& [source, count] : sources_) {
        if (over_ && count.suppressed > over_->of_noisiest) {
            over_->noisiest = source;
            over_->of_noisiest = count.suppressed;
        }
    }
    lines_ = 0;
    suppressed_in_window_ = 0;
    sources_.clear();
}

bool LogLimiter::admit(TimePoint now, std::string_view source) {
    close_window(now);
    if (!end_) {
        end_ = now + limits_.window;
    }
    auto found = sources_.find(source);
    const auto room = lines_ < limits_.in_all;
    if (found == sources_.end() && room) {
        found = sources_.emplace(source, Count{}).first;
    }
    if (room && found->second.lines < limits_.of_source) {
        ++found->second.lines;
        ++lines_;
        return true;
    }
    ++suppressed_;
    ++suppressed_in_window_;
    if (found != sources_.end()) {
        ++found->second.suppressed;
    }
    return false;
}

std::optional<LogLimiter::Suppressed> LogLimiter::take_suppressed(TimePoint now) {
    close_window(now);
    return std::exchange(over_, std::nullopt);
}

std::optional<TimePoint> LogLimiter::due() const {
    return suppressed_in_window_ > 0 ? end_ : std::nullopt;
}

}  // namespace muster::runtime
