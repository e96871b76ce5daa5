#include "daemon/core/job_check.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <set>

namespace muster::core {
namespace {

using Details = std::vector<ErrorDetail>;

Result<void> result_of(Details details, std::string_view what) {
    if (details.empty()) {
        return {};
    }
    return make_error(ErrorCode::invalid, std::string(what), std::move(details));
}

std::string field_of(std::size_t operation, std::string_view member) {
    return "operations[" + std::to_string(operation) + "]." + std::string(member);
}

void check_names(const JobSpec& spec, Details& details) {
    if (spec.name.empty()) {
        details.push_back({"name", "is empty; a job needs a name"});
    }
    if (spec.name.size() > limits::kJobNameLength) {
        details.push_back({"name", "is longer than " + std::to_string(limits::kJobNameLength) + " bytes"});
    }
    if (spec.description.size() > limits::kDescriptionLength) {
        details.push_back(
            {"description", "is longer than " + std::to_string(limits::kDescriptionLength) + " bytes"});
    }
    if (!is_plain_name(spec.set, limits::kNameLength)) {
        details.push_back({"set", "is not the name of a device set"});
    }
}

void check_list(const JobSpec& spec, Details& details) {
    if (spec.operations.empty()) {
        details.push_back({"operations", "is empty; a job needs at least one operation"});
    }
    if (spec.operations.size() > limits::kOperationsPerJob) {
        details.push_back({"operations", "has " + std::to_string(spec.operations.size()) +
                                             " entries; at most " +
                                             std::to_string(limits::kOperationsPerJob) + " are allowed"});
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < spec.operations.size(); ++i) {
        if (!seen.insert(spec.operations[i].name).second && spec.type != JobType::commands) {
            details.push_back({field_of(i, "name"), "names " + spec.operations[i].name + " a second time"});
        }
    }
}

void check_policy(const Policy& policy, Details& details) {
    if (policy.timeout &&
        (policy.timeout->count() < 1 || policy.timeout->count() > limits::kTimeoutSeconds)) {
        details.push_back({"policy.timeout_seconds", "is " + std::to_string(policy.timeout->count()) +
                                                         "; 1 to " + std::to_string(limits::kTimeoutSeconds) +
                                                         " is allowed"});
    }
    if (policy.window && (*policy.window < 1 || *policy.window > 65535)) {
        details.push_back(
            {"policy.window", "is " + std::to_string(*policy.window) + "; 1 to 65535 is allowed"});
    }
}

void check_schema(const Schema& schema, const Operation& operation, const std::string& field,
                  Details& details) {
    if (const auto checked = schema.check(operation.value, field); !checked) {
        const auto& found = checked.error().details;
        details.insert(details.end(), found.begin(), found.end());
    }
}

void check_setting(const Template& in, const Operation& operation, std::size_t i, Details& details) {
    const auto found = in.settings.find(operation.name);
    if (found == in.settings.end()) {
        details.push_back({field_of(i, "name"),
                           "is " + operation.name + "; the template " + in.name + " has no such setting"});
        return;
    }
    check_schema(found->second.schema, operation, field_of(i, "value"), details);
}

void check_property(const Template& in, const Operation& operation, std::size_t i, Details& details) {
    const auto found = in.properties.find(operation.name);
    if (found == in.properties.end()) {
        details.push_back({field_of(i, "name"),
                           "is " + operation.name + "; the template " + in.name + " has no such property"});
        return;
    }
    if (found->second.kept == PropertyKept::read_only) {
        details.push_back({field_of(i, "name"), "is " + operation.name + "; this property is read-only"});
        return;
    }
    check_schema(found->second.schema, operation, field_of(i, "value"), details);
}

void check_command(const Template& in, const Operation& operation, std::size_t i, Details& details) {
    const auto found = in.commands.find(operation.name);
    if (found == in.commands.end()) {
        details.push_back({field_of(i, "name"),
                           "is " + operation.name + "; the template " + in.name + " has no such command"});
        return;
    }
    if (!operation.value.is_object()) {
        details.push_back({field_of(i, "args"), "must be an object"});
        return;
    }
    check_schema(found->second.args, operation, field_of(i, "args"), details);
}

OperationMessage message_of(const Operation& command) {
    OperationMessage message;
    message.kind = OperationKind::call;
    message.command = command.name;
    message.values = command.value.as_object();
    return message;
}

// All settings or properties go in one message, each command in one of its own.
void check_size(const JobSpec& spec, Details& details) {
    constexpr std::size_t kIdAndExpiry = limits::kOperationIdLength + 32;
    std::size_t together = 0;
    for (std::size_t i = 0; i < spec.operations.size(); ++i) {
        const auto& operation = spec.operations[i];
        const auto size = operation.name.size() + format_json(operation.value).size() + kIdAndExpiry;
        together = spec.type == JobType::commands ? size : together + size;
        if (together > limits::kOperationBytes) {
            details.push_back(
                {field_of(i, spec.type == JobType::commands ? "args" : "value"),
                 "makes the message longer than " + std::to_string(limits::kOperationBytes) + " bytes"});
            return;
        }
    }
}

Milliseconds timeout_of(const JobRun& run, const Operation& command, const EngineOptions& options) {
    if (run.job->spec.policy.timeout) {
        return *run.job->spec.policy.timeout;
    }
    const auto found = run.device_template->commands.find(command.name);
    const auto given = found == run.device_template->commands.end() ? std::nullopt : found->second.timeout;
    return given.value_or(options.command_timeout);
}

void prepare_commands(JobRun& run, const EngineOptions& options) {
    for (const auto& command : run.job->spec.operations) {
        run.frames.push_back(encode_frame(message_of(command)));
        run.timeouts.push_back(timeout_of(run, command, options));
    }
}

bool kept_by_gateway(const JobRun& run, const Operation& operation) {
    const auto& properties = run.device_template->properties;
    const auto found = properties.find(operation.name);
    return found != properties.end() && found->second.kept == PropertyKept::gateway;
}

void prepare_values(JobRun& run, const EngineOptions& options) {
    const auto properties = run.job->spec.type == JobType::properties;
    for (const auto& operation : run.job->spec.operations) {
        auto& values = properties && kept_by_gateway(run, operation) ? run.gateway_values : run.device_values;
        values.insert_or_assign(operation.name, operation.value);
    }
    if (!run.device_values.empty()) {
        OperationMessage message;
        message.kind = properties ? OperationKind::write : OperationKind::set;
        message.values = run.device_values;
        run.frames.push_back(encode_frame(message));
        run.timeouts.push_back(run.job->spec.policy.timeout.value_or(options.timeout));
    }
}

}  // namespace

Result<void> check_spec(const JobSpec& spec) {
    Details details;
    check_names(spec, details);
    check_list(spec, details);
    check_policy(spec.policy, details);
    return result_of(std::move(details), "the job is not valid");
}

Result<void> check_operations(const JobSpec& spec, const Template& device_template) {
    Details details;
    for (std::size_t i = 0; i < spec.operations.size(); ++i) {
        switch (spec.type) {
            case JobType::settings:
                check_setting(device_template, spec.operations[i], i, details);
                break;
            case JobType::properties:
                check_property(device_template, spec.operations[i], i, details);
                break;
            case JobType::commands:
                check_command(device_template, spec.operations[i], i, details);
                break;
        }
    }
    check_size(spec, details);
    return result_of(std::move(details), "the template " + device_template.name + " does not allow this job");
}

bool has_capabilities(const Template& device_template, const JobSpec& spec) {
    for (const auto& operation : spec.operations) {
        switch (spec.type) {
            case JobType::settings:
                if (!device_template.settings.contains(operation.name)) {
                    return false;
                }
                break;
            case JobType::properties: {
                const auto found = device_template.properties.find(operation.name);
                if (found == device_template.properties.end() ||
                    found->second.kept == PropertyKept::read_only) {
                    return false;
                }
                break;
            }
            case JobType::commands:
                if (!device_template.commands.contains(operation.name)) {
                    return false;
                }
                break;
        }
    }
    return true;
}

void prepare_messages(JobRun& run, const EngineOptions& options) {
    const auto by_type = run.commands() ? OfflineRule::fail : OfflineRule::wait;
    run.offline = run.job->spec.policy.offline.value_or(by_type);
    if (run.commands()) {
        prepare_commands(run, options);
    } else {
        prepare_values(run, options);
    }
    run.deadlines.resize(run.timeouts.size());
}

}  // namespace muster::core
