// What users do with devices, device sets and templates.
#include "daemon/core/engine.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace muster::core {
namespace {

constexpr std::string_view kInvalidDevice = "the device is not valid";

Error no_such(std::string_view kind, std::string_view name) {
    return make_error(ErrorCode::not_found, "there is no " + std::string(kind) + " " + std::string(name));
}

void check_tags(const boost::json::object& tags, std::vector<ErrorDetail>& details) {
    for (const auto& [key, value] : tags) {
        const auto field = "tags." + std::string(key);
        if (!is_field_name(key)) {
            details.push_back({field, "is not a name; letters, digits and _ are allowed, at most 64"});
        } else if (value.is_object() || value.is_array()) {
            details.push_back({field, "must be text, a number, true or false"});
        }
    }
}

void check_properties(const boost::json::object& properties, const StoredTemplate* in_force,
                      std::vector<ErrorDetail>& details) {
    for (const auto& [key, value] : properties) {
        const auto field = "properties." + std::string(key);
        if (in_force == nullptr) {
            details.push_back({field, "cannot be set: the device has no template yet"});
            continue;
        }
        const auto found = in_force->body->properties.find(std::string_view(key));
        if (found == in_force->body->properties.end()) {
            details.push_back(
                {field, "is not known here; the template " + in_force->body->name + " has no such property"});
        } else if (found->second.kept != PropertyKept::gateway) {
            details.push_back({field, "is kept by the device; change it with a job"});
        } else if (const auto checked = found->second.schema.check(value, field);
                   !value.is_null() && !checked) {
            const auto& more = checked.error().details;
            details.insert(details.end(), more.begin(), more.end());
        }
    }
}

}  // namespace

Result<void> Engine::check_put(const request::PutDevice& asked, std::string_view template_name) const {
    std::vector<ErrorDetail> details;
    const auto* in_force = catalog_.find_template(template_name);
    if (asked.template_name && in_force == nullptr) {
        details.push_back({"template", "is " + *asked.template_name + "; there is no such template"});
    }
    if (asked.name && asked.name->size() > limits::kJobNameLength) {
        details.push_back({"name", "is longer than " + std::to_string(limits::kJobNameLength) + " bytes"});
    }
    check_tags(asked.tags, details);
    check_properties(asked.properties, in_force, details);
    if (details.empty()) {
        return {};
    }
    return make_error(ErrorCode::invalid, std::string(kInvalidDevice), std::move(details));
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::PutDevice& asked) {
    const auto found = registry_.find(asked.device.text());
    Device device;
    device.id = asked.device;
    if (found) {
        device = registry_.at(*found).device;
    } else if (registry_.size() >= options_.most_devices) {
        return make_error(ErrorCode::unavailable, "there are " + std::to_string(registry_.size()) +
                                                      " devices already, as many as allowed");
    }
    if (const auto checked = check_put(asked, asked.template_name.value_or(to_string(device.template_name)));
        !checked) {
        return checked.error();
    }
    const auto before = device;
    device.template_name = asked.template_name.value_or(to_string(device.template_name));
    device.name = asked.name.value_or(to_string(device.name));
    device.tags.merge(asked.tags);
    device.properties.merge(asked.properties);
    if (device.tags.size() > limits::kValuesBytes || device.properties.size() > limits::kValuesBytes) {
        return make_error(ErrorCode::too_large, "tags or properties are larger than " +
                                                    std::to_string(limits::kValuesBytes) + " bytes");
    }
    if (found && device == before) {
        return PutAnswer{asked.device.text(), Changed::unchanged};
    }
    const auto index = found ? *found : registry_.add(Device{before});
    registry_.put(index, std::move(device));
    put_device(step, index);
    const auto kind = found ? NoticeKind::device_changed : NoticeKind::device_registered;
    step.effects.notices.push_back({kind, JobId::none, asked.device.text(), Reason::none, {}});
    audit(step, user, "device/put", asked.device.text());
    return PutAnswer{asked.device.text(), found ? Changed::updated : Changed::created};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::DeleteDevice& asked) {
    const auto found = registry_.find(asked.device.text());
    if (!found) {
        return no_such("device", asked.device.text());
    }
    executions_.device_deleted(step, *found);
    registry_.erase(*found);
    step.effects.changes.emplace_back(DeleteDevice{asked.device});
    step.effects.sends.emplace_back(ClearRetained{asked.device.text()});
    step.effects.notices.push_back(
        {NoticeKind::device_deleted, JobId::none, asked.device.text(), Reason::none, {}});
    audit(step, user, "device/delete", asked.device.text());
    return DoneAnswer{};
}

namespace {

Result<void> check_set(const DeviceSet& set, const Catalog& catalog) {
    std::vector<ErrorDetail> details;
    if (!is_plain_name(set.name, limits::kNameLength)) {
        details.push_back({"set", "is not a name; letters, digits, _ and - are allowed, at most 64"});
    }
    if (set.title.size() > limits::kJobNameLength) {
        details.push_back({"title", "is longer than " + std::to_string(limits::kJobNameLength) + " bytes"});
    }
    if (set.description.size() > limits::kDescriptionLength) {
        details.push_back(
            {"description", "is longer than " + std::to_string(limits::kDescriptionLength) + " bytes"});
    }
    const auto* in_force = catalog.find_template(set.template_name);
    if (in_force == nullptr) {
        details.push_back({"template", "is " + set.template_name + "; there is no such template"});
    }
    const auto query = Query::parse(set.query);
    const auto checked = !query                ? Result<void>(query.error())
                         : in_force == nullptr ? Result<void>()
                                               : query->check(*in_force->body);
    if (!checked) {
        const auto error = checked.error();
        details.insert(details.end(), error.details.begin(), error.details.end());
    }
    if (details.empty()) {
        return {};
    }
    return make_error(ErrorCode::invalid, "the device set is not valid", std::move(details));
}

bool same_content(const DeviceSet& a, const DeviceSet& b) {
    return a.title == b.title && a.description == b.description && a.template_name == b.template_name &&
           a.query == b.query;
}

}  // namespace

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::PutSet& asked) {
    if (const auto checked = check_set(asked.set, catalog_); !checked) {
        return checked.error();
    }
    const auto* existing = catalog_.find_set(asked.set.name);
    if (existing == nullptr && catalog_.sets().size() >= limits::kSets) {
        return make_error(ErrorCode::unavailable, "there are as many device sets as allowed");
    }
    const auto revision = existing == nullptr ? 0 : existing->set.revision;
    if (asked.revision && *asked.revision != revision) {
        return changed_since("the device set " + asked.set.name, "revision", revision);
    }
    if (existing != nullptr && same_content(existing->set, asked.set)) {
        return PutAnswer{asked.set.name, Changed::unchanged};
    }
    auto set = asked.set;
    set.revision = existing == nullptr ? 1 : existing->set.revision + 1;
    set.changed_at = step.now;
    const auto changed = existing == nullptr ? Changed::created : Changed::updated;
    step.effects.changes.emplace_back(PutSet{set});
    step.effects.notices.push_back({NoticeKind::set_changed, JobId::none, set.name, Reason::none, {}});
    catalog_.put_set(std::move(set));
    audit(step, user, "set/put", asked.set.name);
    return PutAnswer{asked.set.name, changed};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::DeleteSet& asked) {
    const auto* existing = catalog_.find_set(asked.name);
    if (existing == nullptr) {
        return no_such("device set", asked.name);
    }
    if (asked.revision && *asked.revision != existing->set.revision) {
        return changed_since("the device set " + asked.name, "revision", existing->set.revision);
    }
    catalog_.erase_set(asked.name);
    step.effects.changes.emplace_back(DeleteSet{asked.name});
    step.effects.notices.push_back(
        {NoticeKind::set_changed, JobId::none, asked.name, Reason::none, "deleted"});
    audit(step, user, "set/delete", asked.name);
    return DoneAnswer{};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::PutTemplate& asked) {
    const auto& name = asked.body->name;
    const auto* existing = catalog_.find_template(name);
    if (existing == nullptr && catalog_.templates().size() >= limits::kTemplates) {
        return make_error(ErrorCode::unavailable, "there are as many templates as allowed");
    }
    const auto version = existing == nullptr ? 0 : existing->version;
    if (asked.version && *asked.version != version) {
        return changed_since("the template " + name, "version", version);
    }
    if (existing != nullptr && existing->body->source == asked.body->source) {
        return PutAnswer{name, Changed::unchanged};
    }
    if (catalog_.template_bytes() >= options_.most_template_bytes) {
        return make_error(ErrorCode::unavailable, "the templates with their earlier versions take " +
                                                      std::to_string(catalog_.template_bytes()) +
                                                      " bytes already, as many as allowed");
    }
    const auto changed = existing == nullptr ? Changed::created : Changed::updated;
    const StoredTemplate stored{asked.body, catalog_.next_version(name), false, step.now};
    step.effects.changes.emplace_back(PutTemplate{stored});
    step.effects.notices.push_back({NoticeKind::template_changed, JobId::none, name, Reason::none, {}});
    catalog_.put_template(stored);
    executions_.template_changed(name);
    audit(step, user, "template/put", name);
    return PutAnswer{name, changed};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::DeleteTemplate& asked) {
    const auto* existing = catalog_.find_template(asked.name);
    if (existing == nullptr) {
        return no_such("template", asked.name);
    }
    if (asked.version && *asked.version != existing->version) {
        return changed_since("the template " + asked.name, "version", existing->version);
    }
    const StoredTemplate stored{existing->body, catalog_.next_version(asked.name), true, step.now};
    step.effects.changes.emplace_back(PutTemplate{stored});
    step.effects.notices.push_back(
        {NoticeKind::template_changed, JobId::none, asked.name, Reason::none, "deleted"});
    catalog_.put_template(stored);
    executions_.template_changed(asked.name);
    audit(step, user, "template/delete", asked.name);
    return DoneAnswer{};
}

}  // namespace muster::core
