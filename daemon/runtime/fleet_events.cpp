#include "daemon/runtime/fleet_events.hpp"

#include <algorithm>

namespace muster::runtime {
namespace json = boost::json;

void FleetEvents::note(const core::Notice& notice) {
    if (feed_ == nullptr) {
        return;
    }
    switch (notice.kind) {
        case core::NoticeKind::device_online:
        case core::NoticeKind::device_offline:
            note_presence(notice.device, notice.kind == core::NoticeKind::device_online);
            return;
        case core::NoticeKind::device_registered:
        case core::NoticeKind::device_deleted:
            counts_moved_ = true;
            note_registry("device", notice.device);
            return;
        case core::NoticeKind::device_changed:
            note_registry("device", notice.device);
            return;
        case core::NoticeKind::set_changed:
            note_registry("set", notice.device);
            return;
        case core::NoticeKind::template_changed:
            note_registry("template", notice.device);
            return;
        case core::NoticeKind::job_saved:
        case core::NoticeKind::job_started:
        case core::NoticeKind::job_stopped:
        case core::NoticeKind::job_ended:
        case core::NoticeKind::job_deleted:
        case core::NoticeKind::execution_completed:
        case core::NoticeKind::execution_failed:
        case core::NoticeKind::execution_progress:
        case core::NoticeKind::operation_sent:
        case core::NoticeKind::operation_resent:
        case core::NoticeKind::operation_refused:
        case core::NoticeKind::ack_duplicate:
        case core::NoticeKind::ack_late:
        case core::NoticeKind::ack_foreign:
        case core::NoticeKind::devices_full:
            return;
    }
}

void FleetEvents::note_presence(const std::string& device, bool online) {
    const auto known = presence_.find(device);
    if (known != presence_.end()) {
        known->second = online;
    } else if (presence_.size() < kMostDevices) {
        presence_.emplace(device, online);
    } else {
        more_devices_ = true;
    }
}

void FleetEvents::note_registry(std::string_view kind, const std::string& name) {
    if (many_.contains(kind)) {
        return;
    }
    names_.emplace(kind, name);
    const auto is_of_kind = [kind](const auto& named) { return named.first == kind; };
    if (static_cast<std::size_t>(std::ranges::count_if(names_, is_of_kind)) > kMostNames) {
        std::erase_if(names_, is_of_kind);
        many_.insert(kind);
    }
}

void FleetEvents::flush(const core::Engine& engine, TimePoint now) {
    if (!due() || now < *due()) {
        return;
    }
    last_flush_ = now;
    if (counts_moved_ || !presence_.empty()) {
        json::array changed;
        for (const auto& [device, online] : presence_) {
            changed.push_back(json::object{{"device", device}, {"online", online}});
        }
        feed_->tell("devices", {{"total", engine.registry().size()},
                                {"online", engine.registry().online()},
                                {"changed", std::move(changed)},
                                {"more", more_devices_}});
    }
    for (const auto& [kind, name] : names_) {
        feed_->tell("registry", {{"kind", kind}, {"name", name}});
    }
    for (const auto kind : many_) {
        feed_->tell("registry", {{"kind", kind}, {"name", ""}});
    }
    presence_.clear();
    names_.clear();
    many_.clear();
    more_devices_ = counts_moved_ = false;
}

std::optional<TimePoint> FleetEvents::due() const {
    const bool nothing = presence_.empty() && !counts_moved_ && names_.empty() && many_.empty();
    return nothing ? std::nullopt : std::optional(last_flush_ + kInterval);
}

}  // namespace muster::runtime
