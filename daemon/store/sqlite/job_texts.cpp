#include "daemon/store/sqlite/job_texts.hpp"

#include "protocol/codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <utility>

namespace muster::store::sqlite {
namespace {

namespace json = boost::json;

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    const json::string* text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

template <class Number>
std::optional<Number> number_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    const std::int64_t* number = found == nullptr ? nullptr : found->if_int64();
    if (number == nullptr || !std::in_range<Number>(*number)) {
        return std::nullopt;
    }
    return static_cast<Number>(*number);
}

bool read_operation(const json::value& stored, core::Operation& operation) {
    const json::object* object = stored.if_object();
    const json::value* value = object == nullptr ? nullptr : object->if_contains("value");
    if (value == nullptr) {
        return false;
    }
    operation.name = text_of(*object, "name");
    operation.value = *value;
    return !operation.name.empty();
}

bool read_outcome(const json::value& stored, core::OutcomeCount& outcome) {
    const json::object* object = stored.if_object();
    if (object == nullptr) {
        return false;
    }
    const auto state = core::parse_execution_state(text_of(*object, "state"));
    const auto reason = core::parse_reason(text_of(*object, "reason"));
    const auto count = number_of<std::uint32_t>(*object, "count");
    if (!state || !reason || !count) {
        return false;
    }
    outcome = {*state, *reason, std::string(text_of(*object, "message")), *count};
    return true;
}

// Reads an array of things with `read_one`.
template <class Thing, class ReadOne>
bool read_list(const json::value& stored, std::vector<Thing>& things, ReadOne&& read_one) {
    const json::array* array = stored.if_array();
    if (array == nullptr) {
        return false;
    }
    things.resize(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
        if (!read_one((*array)[i], things[i])) {
            return false;
        }
    }
    return true;
}

bool read_device(const json::value& stored, DeviceId& device) {
    const json::string* text = stored.if_string();
    auto parsed =
        DeviceId::parse(text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size()));
    if (!parsed) {
        return false;
    }
    device = std::move(*parsed);
    return true;
}

}  // namespace

std::string operations_text(const std::vector<core::Operation>& operations) {
    json::array array;
    for (const core::Operation& operation : operations) {
        array.push_back(json::object{{"name", operation.name}, {"value", operation.value}});
    }
    return format_json(array);
}

bool read_operations(const json::value& stored, std::vector<core::Operation>& operations) {
    return read_list(stored, operations, read_operation);
}

std::string selection_text(const core::Selection& selection) {
    // By hand, since there may be as many as there are devices; the grammar of
    // device ids has nothing that JSON escapes.
    std::string text = selection.all ? R"({"all":true,"devices":[)" : R"({"all":false,"devices":[)";
    const char* separator = "\"";
    for (const DeviceId& device : selection.devices) {
        text.append(separator).append(device.text()).push_back('"');
        separator = ",\"";
    }
    return text.append("]}");
}

bool read_selection(const json::value& stored, core::Selection& selection) {
    const json::object* object = stored.if_object();
    const json::value* all = object == nullptr ? nullptr : object->if_contains("all");
    const json::value* devices = object == nullptr ? nullptr : object->if_contains("devices");
    if (all == nullptr || !all->is_bool() || devices == nullptr) {
        return false;
    }
    selection.all = *all->if_bool();
    return read_list(*devices, selection.devices, read_device);
}

std::string policy_text(const core::Policy& policy) {
    json::object object;
    if (policy.timeout) {
        object["timeout_seconds"] = policy.timeout->count();
    }
    if (policy.offline) {
        object["offline"] = to_string(*policy.offline);
    }
    if (policy.window) {
        object["window"] = *policy.window;
    }
    return format_json(object);
}

bool read_policy(const json::value& stored, core::Policy& policy) {
    const json::object* object = stored.if_object();
    if (object == nullptr) {
        return false;
    }
    if (const auto seconds = number_of<Seconds::rep>(*object, "timeout_seconds")) {
        policy.timeout = Seconds(*seconds);
    }
    policy.offline = core::parse_offline_rule(text_of(*object, "offline"));
    policy.window = number_of<std::uint32_t>(*object, "window");
    return true;
}

std::string outcomes_text(const std::vector<core::OutcomeCount>& outcomes) {
    json::array array;
    for (const core::OutcomeCount& outcome : outcomes) {
        array.push_back(json::object{{"state", to_string(outcome.state)},
                                     {"reason", to_string(outcome.reason)},
                                     {"message", outcome.message},
                                     {"count", outcome.count}});
    }
    return format_json(array);
}

bool read_outcomes(const json::value& stored, std::vector<core::OutcomeCount>& outcomes) {
    return read_list(stored, outcomes, read_outcome);
}

}  // namespace muster::store::sqlite
