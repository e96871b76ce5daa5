#include "daemon/api/fields.hpp"

#include "protocol/limits.hpp"

namespace muster::api {
namespace json = boost::json;

Fields::Fields(const json::object& object, std::string path) : object_(object), path_(std::move(path)) {}

const json::value* Fields::take(std::string_view name) {
    read_.emplace(name);
    return object_.if_contains(name);
}

const json::value* Fields::required(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) {
        mistake(name, "is missing");
    }
    return value;
}

void Fields::mistake(std::string_view name, std::string message) {
    if (mistakes_.size() <= limits::kErrorDetails) {  // one more, so that it is said that there are more
        mistakes_.push_back({path_ + std::string(name), std::move(message)});
    }
}

void Fields::add(const Fields& part) {
    mistakes_.insert(mistakes_.end(), part.mistakes_.begin(), part.mistakes_.end());
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t most_bytes) {
    const auto* value = take(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        mistake(name, "must be text");
        return std::nullopt;
    }
    const auto& found = value->get_string();
    if (found.size() > most_bytes) {
        mistake(name, "is longer than " + std::to_string(most_bytes) + " bytes");
        return std::nullopt;
    }
    return std::string(found);
}

std::string Fields::required_text(std::string_view name, std::size_t most_bytes) {
    return required(name) == nullptr ? std::string{} : text(name, most_bytes).value_or(std::string{});
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = take(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    boost::system::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : 0;
    if (!value->is_number() || error.failed()) {
        mistake(name, "must be a whole number");
        return std::nullopt;
    }
    if (number < least || number > most) {
        mistake(name, "is " + std::to_string(number) + "; " + std::to_string(least) + " to " +
                          std::to_string(most) + " is allowed");
        return std::nullopt;
    }
    return number;
}

std::optional<std::uint64_t> Fields::revision(std::string_view name, std::uint64_t least) {
    const auto number =
        integer(name, static_cast<std::int64_t>(least), std::numeric_limits<std::int64_t>::max());
    return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_bool()) {
        mistake(name, "must be true or false");
        return std::nullopt;
    }
    return value->get_bool();
}

const json::object* Fields::object(std::string_view name) {
    const auto* value = take(name);
    if (value != nullptr && !value->is_object()) {
        mistake(name, "must be an object");
    }
    return value == nullptr ? nullptr : value->if_object();
}

const json::array* Fields::array(std::string_view name) {
    const auto* value = take(name);
    if (value != nullptr && !value->is_array()) {
        mistake(name, "must be a list");
    }
    return value == nullptr ? nullptr : value->if_array();
}

const json::value* Fields::any(std::string_view name) {
    return take(name);
}

std::optional<DeviceId> Fields::device(std::string_view name) {
    const auto given = text(name, limits::kDeviceIdLength);
    if (!given) {
        return std::nullopt;
    }
    auto id = DeviceId::parse(*given);
    if (!id) {
        mistake(name, "is not a device id: " + id.error().message);
        return std::nullopt;
    }
    return std::move(id).value();
}

DeviceId Fields::required_device(std::string_view name) {
    return required(name) == nullptr ? DeviceId{} : device(name).value_or(DeviceId{});
}

std::vector<DeviceId> Fields::devices(std::string_view name) {
    std::vector<DeviceId> ids;
    const auto* list = array(name);
    if (list == nullptr) {
        return ids;
    }
    ids.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* given = (*list)[i].if_string();
        auto id = given == nullptr ? Result<DeviceId>(invalid({}, "must be text")) : DeviceId::parse(*given);
        if (!id) {
            mistake(std::string(name) + "[" + std::to_string(i) + "]",
                    "is not a device id: " + id.error().message);
            return ids;
        }
        ids.push_back(std::move(id).value());
    }
    return ids;
}

std::optional<JobId> Fields::job() {
    const auto* value = take("job");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto* given = value->if_string()) {
        if (const auto id = parse_job_id(*given)) {
            return *id;
        }
        mistake("job", "is not a job's number");
        return std::nullopt;
    }
    const auto number = integer("job", 1, std::numeric_limits<std::int64_t>::max());
    return number ? std::optional(static_cast<JobId>(*number)) : std::nullopt;
}

JobId Fields::required_job() {
    return required("job") == nullptr ? JobId::none : job().value_or(JobId::none);
}

void Fields::refuse_unread() {
    for (const auto& member : object_) {
        if (!read_.contains(std::string_view(member.key()))) {
            mistake(member.key(), "is not known here");
        }
    }
}

Result<void> Fields::finish() {
    refuse_unread();
    if (mistakes_.empty()) {
        return {};
    }
    return make_error(ErrorCode::invalid, "the request is not valid", std::move(mistakes_));
}

}  // namespace muster::api
