#include "daemon/api/job_spec.hpp"

#include "protocol/limits.hpp"

#include <limits>

namespace muster::api {
namespace json = boost::json;
namespace {

core::Operation read_operation(Fields& fields, const json::value& item, std::size_t index,
                               core::JobType type) {
    core::Operation operation;
    const auto path = "operations[" + std::to_string(index) + "]";
    const auto* members = item.if_object();
    if (members == nullptr) {
        fields.mistake(path, "must be an object");
        return operation;
    }
    Fields part(*members, path + ".");
    operation.name = part.required_text("name", limits::kNameLength);
    if (type == core::JobType::commands) {
        const auto* args = part.object("args");
        operation.value = args == nullptr ? json::object{} : *args;
    } else if (const auto* value = part.any("value")) {
        operation.value = *value;
    } else {
        part.mistake("value", "is missing");
    }
    part.refuse_unread();
    fields.add(part);
    return operation;
}

core::Selection read_selection(Fields& fields) {
    core::Selection selection;
    const auto* given = fields.object("selection");
    if (given == nullptr) {
        return selection;
    }
    Fields part(*given, "selection.");
    selection.all = part.boolean("all").value_or(!part.has("devices"));
    if (selection.all && part.has("devices")) {
        part.mistake("devices", "cannot be given with all; all takes except");
    } else if (!selection.all && part.has("except")) {
        part.mistake("except", "is for all; a list of devices has no exceptions");
    } else if (!selection.all && !part.has("devices")) {
        part.mistake("devices", "is missing");
    }
    selection.devices = part.devices(selection.all ? "except" : "devices");
    part.refuse_unread();
    fields.add(part);
    return selection;
}

core::Policy read_policy(Fields& fields) {
    core::Policy policy;
    const auto* given = fields.object("policy");
    if (given == nullptr) {
        return policy;
    }
    Fields part(*given, "policy.");
    if (const auto seconds = part.integer("timeout_seconds", 1, limits::kTimeoutSeconds)) {
        policy.timeout = Seconds{*seconds};
    }
    if (const auto window = part.integer("window", 1, std::numeric_limits<std::uint16_t>::max())) {
        policy.window = static_cast<std::uint32_t>(*window);
    }
    if (const auto rule = part.text("offline", limits::kNameLength)) {
        policy.offline = core::parse_offline_rule(*rule);
        if (!policy.offline) {
            part.mistake("offline", "is " + *rule + "; wait and fail are allowed");
        }
    }
    part.refuse_unread();
    fields.add(part);
    return policy;
}

}  // namespace

core::JobSpec read_job_spec(Fields& fields) {
    core::JobSpec spec;
    spec.name = fields.required_text("name", limits::kJobNameLength);
    spec.description = fields.text("description", limits::kDescriptionLength).value_or(std::string{});
    spec.set = fields.required_text("set", limits::kNameLength);
    const auto type = fields.required_text("type", limits::kNameLength);
    if (const auto parsed = core::parse_job_type(type)) {
        spec.type = *parsed;
    } else if (!type.empty()) {
        fields.mistake("type", "is " + type + "; settings, properties and commands are allowed");
    }
    if (const auto* operations = fields.array("operations")) {
        for (std::size_t i = 0; i < operations->size() && i <= limits::kOperationsPerJob; ++i) {
            spec.operations.push_back(read_operation(fields, (*operations)[i], i, spec.type));
        }
    } else if (!fields.has("operations")) {
        fields.mistake("operations", "is missing");
    }
    spec.selection = read_selection(fields);
    spec.policy = read_policy(fields);
    return spec;
}

bool has_job_spec(const Fields& fields) {
    return fields.has("name") || fields.has("set") || fields.has("type") || fields.has("operations");
}

json::array operations_json(const core::JobSpec& spec) {
    json::array operations;
    for (const auto& operation : spec.operations) {
        const auto* member = spec.type == core::JobType::commands ? "args" : "value";
        operations.push_back(json::object{{"name", operation.name}, {member, operation.value}});
    }
    return operations;
}

namespace {

json::object selection_json(const core::Selection& selection) {
    json::array ids;
    ids.reserve(selection.devices.size());
    for (const auto& id : selection.devices) {
        ids.emplace_back(id.text());
    }
    if (!selection.all) {
        return {{"devices", std::move(ids)}};
    }
    json::object all{{"all", true}};
    if (!ids.empty()) {
        all.emplace("except", std::move(ids));
    }
    return all;
}

json::object policy_json(const core::Policy& policy) {
    json::object object;
    if (policy.timeout) {
        object.emplace("timeout_seconds", policy.timeout->count());
    }
    if (policy.offline) {
        object.emplace("offline", core::to_string(*policy.offline));
    }
    if (policy.window) {
        object.emplace("window", *policy.window);
    }
    return object;
}

}  // namespace

void write_job_spec(const core::JobSpec& spec, json::object& into) {
    into.emplace("name", spec.name);
    into.emplace("description", spec.description);
    into.emplace("set", spec.set);
    into.emplace("selection", selection_json(spec.selection));
    into.emplace("type", core::to_string(spec.type));
    into.emplace("operations", operations_json(spec));
    into.emplace("policy", policy_json(spec.policy));
}

}  // namespace muster::api
