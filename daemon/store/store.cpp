#include "daemon/store/store.hpp"

#include <algorithm>

namespace muster::store {

std::string_view to_string(StoreState state) noexcept {
    switch (state) {
        case StoreState::ok:
            return "ok";
        case StoreState::full:
            return "full";
        case StoreState::busy:
            return "busy";
        case StoreState::read_only:
            return "read-only";
        case StoreState::failing:
            return "failing";
        case StoreState::damaged:
            return "damaged";
    }
    return "";
}

bool has_failed(StoreState state) noexcept {
    switch (state) {
        case StoreState::ok:
        case StoreState::full:
        case StoreState::busy:
            return false;
        case StoreState::read_only:
        case StoreState::failing:
        case StoreState::damaged:
            return true;
    }
    return true;
}

ExecutionPosition position_of(const core::Execution& execution, ExecutionSort sort) {
    ExecutionPosition position{execution.ordinal};
    const std::int64_t never = execution.state == core::ExecutionState::pending ? -1 : 0;
    switch (sort) {
        case ExecutionSort::ordinal:
            break;
        case ExecutionSort::device:
            position.text = execution.device.text();
            break;
        case ExecutionSort::state:
            position.number = static_cast<std::int64_t>(execution.state);
            break;
        case ExecutionSort::attempts:
            position.number = execution.attempts == 0 ? never : execution.attempts;
            break;
        case ExecutionSort::last_sent_at:
            position.number = execution.last_sent_at == TimePoint{}
                                  ? never
                                  : execution.last_sent_at.time_since_epoch().count();
            break;
        case ExecutionSort::finished_at:
            position.number = execution.finished_at.time_since_epoch().count();
            break;
    }
    return position;
}

AuditRange audit_range(const AuditQuery& query, std::uint64_t first, std::uint64_t last) {
    const auto newest = query.before == 0 ? last : std::min(query.before - 1, last);
    return {newest, std::max(first, newest > query.examined ? newest - query.examined + 1 : 1), first};
}

std::uint64_t next_of(const AuditPage& page, const AuditQuery& query, const AuditRange& range) {
    const auto full = page.items.size() == query.most;
    const auto last = full && !page.items.empty() ? page.items.back().number
                      : full                      ? range.newest + 1
                                                  : range.oldest;
    return last > range.first ? last : 0;
}

}  // namespace muster::store
