#include "daemon/cli/job_specification.hpp"

#include "daemon/cli/job_view.hpp"
#include "daemon/cli/text.hpp"
#include "daemon/cli/values.hpp"
#include "protocol/limits.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::cli {
namespace json = boost::json;
namespace {

constexpr std::array<std::string_view, 12> kSpecificationOptions{
    "set",     "settings", "properties", "command", "name",    "description",
    "devices", "except",   "offline",    "window",  "timeout", "all-devices"};
constexpr std::array<std::string_view, 7> kMembers{"name", "description", "set",   "selection",
                                                   "type", "operations",  "policy"};
// Columns of a name made from operations: short enough for a list.
constexpr std::size_t kMadeNameColumns = 60;
constexpr std::uint64_t kMostWindow = 65'535;

// "fanSpeed=3 light=eco"
Outcome<json::array> value_operations(const std::vector<std::string>& texts) {
    json::array operations;
    for (const std::string& text : texts) {
        const auto assignment = parse_assignment(text);
        if (!assignment) {
            return assignment.error();
        }
        const auto& [name, value] = assignment.value();
        operations.push_back({{"name", name}, {"value", parse_value(value)}});
    }
    return operations;
}

// "defrost minutes=10 reboot": a word without '=' begins the next command.
Outcome<json::array> command_operations(const std::vector<std::string>& texts) {
    json::array operations;
    for (const std::string& text : texts) {
        if (text.find('=') == std::string::npos) {
            operations.push_back({{"name", text}, {"args", json::object()}});
            continue;
        }
        const auto assignment = parse_assignment(text);
        if (!assignment) {
            return assignment.error();
        }
        if (operations.empty()) {
            return usage_failure(fmt::format(
                "--command {}: the command's name comes first, such as --command defrost minutes=10", text));
        }
        const auto& [name, value] = assignment.value();
        json::object& args = operations.back().get_object()["args"].get_object();
        if (!args.emplace(name, parse_value(value)).second) {
            return usage_failure(fmt::format("--command: argument {} is given twice", name));
        }
    }
    return operations;
}

Outcome<void> add_operations(json::object& specification, const Arguments& arguments) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTypes{
        {{"settings", "settings"}, {"properties", "properties"}, {"command", "commands"}}};
    const auto given = [&arguments](const auto& type) { return arguments.has(type.first); };
    const auto type = std::find_if(kTypes.begin(), kTypes.end(), given);
    if (type == kTypes.end()) {
        return {};
    }
    if (std::count_if(kTypes.begin(), kTypes.end(), given) > 1) {
        return usage_failure("a job has one type: give one of --settings, --properties and --command");
    }
    const auto& texts = arguments.all(type->first);
    auto operations = type->first == "command" ? command_operations(texts) : value_operations(texts);
    if (!operations) {
        return operations.error();
    }
    specification["type"] = type->second;
    specification["operations"] = std::move(*operations);
    return {};
}

json::array texts_of(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

Outcome<void> add_selection(json::object& specification, const Arguments& arguments) {
    if (arguments.has("devices")) {
        if (arguments.has("except") || arguments.has("all-devices")) {
            return usage_failure(
                "--devices lists the devices; --except and --all-devices take the whole set");
        }
        const auto ids = read_devices(arguments.all("devices"), "--devices");
        if (!ids) {
            return ids.error();
        }
        specification["selection"] = {{"devices", texts_of(*ids)}};
    } else if (arguments.has("except")) {
        const auto ids = read_devices(arguments.all("except"), "--except");
        if (!ids) {
            return ids.error();
        }
        specification["selection"] = {{"all", true}, {"except", texts_of(*ids)}};
    } else if (arguments.has("all-devices")) {
        specification["selection"] = {{"all", true}};
    }
    return {};
}

Outcome<void> add_policy(json::object& specification, const Arguments& arguments) {
    json::object policy;
    if (const json::value* before = specification.if_contains("policy"); before && before->is_object()) {
        policy = before->get_object();
    }
    if (arguments.has("timeout")) {
        const auto timeout = parse_duration(arguments.one("timeout"), "--timeout");
        if (!timeout) {
            return timeout.error();
        }
        policy["timeout_seconds"] = timeout->count();
    }
    if (arguments.has("offline")) {
        const std::string rule = arguments.one("offline");
        if (rule != "wait" && rule != "fail") {
            return usage_failure(fmt::format("--offline {}: expected wait or fail", rule));
        }
        policy["offline"] = rule;
    }
    if (arguments.has("window")) {
        const auto window = parse_count(arguments.one("window"), "--window", 1, kMostWindow);
        if (!window) {
            return window.error();
        }
        policy["window"] = *window;
    }
    if (!policy.empty()) {
        specification["policy"] = std::move(policy);
    }
    return {};
}

// Lays what was given over what is there.
Outcome<json::object> overlaid(json::object specification, const Arguments& arguments) {
    for (const std::string_view name : {"name", "description", "set"}) {
        if (arguments.has(name)) {
            specification[name] = arguments.one(name);
        }
    }
    for (const auto add : {add_operations, add_selection, add_policy}) {
        if (const auto added = add(specification, arguments); !added) {
            return added.error();
        }
    }
    return specification;
}

}  // namespace

bool describes_job(const Arguments& arguments) {
    return std::any_of(kSpecificationOptions.begin(), kSpecificationOptions.end(),
                       [&arguments](std::string_view name) { return arguments.has(name); });
}

Outcome<json::object> new_specification(const Arguments& arguments) {
    auto specification = overlaid({}, arguments);
    if (!specification) {
        return specification;
    }
    if (!specification->contains("set") || !specification->contains("operations")) {
        return usage_failure("a new job needs --set and one of --settings, --properties and --command",
                             {{"such as", "muster job run --set refrigerators --settings fanSpeed=3"}});
    }
    if (!specification->contains("name")) {
        specification->emplace("name", fit(sanitize(shown_operations(*specification)), kMadeNameColumns));
    }
    return specification;
}

Outcome<json::object> edited_specification(const json::object& job, const Arguments& arguments) {
    json::object specification;
    for (const std::string_view name : kMembers) {
        if (const json::value* value = job.if_contains(name)) {
            specification.emplace(name, *value);
        }
    }
    return overlaid(std::move(specification), arguments);
}

}  // namespace muster::cli
