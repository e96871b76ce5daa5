#include "daemon/core/effects.hpp"

namespace muster::core {

void Effects::clear() {
    changes.clear();
    sends.clear();
    notices.clear();
    replies.clear();
    next_deadline.reset();
}

std::string_view to_string(Changed changed) noexcept {
    switch (changed) {
        case Changed::created:
            return "created";
        case Changed::updated:
            return "updated";
        case Changed::unchanged:
            return "unchanged";
    }
    return "";
}

// clang-format off
std::string_view to_string(NoticeKind kind) noexcept {
    switch (kind) {
        case NoticeKind::job_saved:           return "job_saved";
        case NoticeKind::job_started:         return "job_started";
        case NoticeKind::job_stopped:         return "job_stopped";
        case NoticeKind::job_ended:           return "job_ended";
        case NoticeKind::job_deleted:         return "job_deleted";
        case NoticeKind::execution_completed: return "execution_completed";
        case NoticeKind::execution_failed:    return "execution_failed";
        case NoticeKind::execution_progress:  return "execution_progress";
        case NoticeKind::operation_sent:      return "operation_sent";
        case NoticeKind::operation_resent:    return "operation_resent";
        case NoticeKind::operation_refused:   return "operation_refused";
        case NoticeKind::ack_duplicate:       return "ack_duplicate";
        case NoticeKind::ack_late:            return "ack_late";
        case NoticeKind::ack_foreign:         return "ack_foreign";
        case NoticeKind::device_registered:   return "device_registered";
        case NoticeKind::device_changed:      return "device_changed";
        case NoticeKind::device_deleted:      return "device_deleted";
        case NoticeKind::device_online:       return "device_online";
        case NoticeKind::device_offline:      return "device_offline";
        case NoticeKind::devices_full:        return "devices_full";
        case NoticeKind::set_changed:         return "set_changed";
        case NoticeKind::template_changed:    return "template_changed";
    }
    return "";
}
// clang-format on

}  // namespace muster::core
