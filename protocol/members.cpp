#include "protocol/members.hpp"

#include "protocol/codec.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace muster {

namespace json = boost::json;

Result<Members> Members::parse(std::string_view payload, std::size_t most_bytes) {
    Result<json::value> value = parse_json(payload, most_bytes, limits::kJsonDepth);
    if (!value) {
        return value.error();
    }
    if (!value->is_object()) {
        return make_error(ErrorCode::invalid, "not a JSON object");
    }
    return Members(std::move(value->get_object()));
}

std::optional<std::string> Members::text(std::string_view name, std::size_t most_bytes) {
    const json::value* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    const json::string* string = member->if_string();
    if (string == nullptr || string->size() > most_bytes) {
        fail(name, fmt::format("a string of at most {} bytes is wanted", most_bytes));
        return std::nullopt;
    }
    return std::string(string->data(), string->size());
}

std::optional<std::int64_t> Members::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const json::value* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    const std::int64_t* number = member->if_int64();
    if (number == nullptr || *number < least || *number > most) {
        fail(name, fmt::format("an integer from {} to {} is wanted", least, most));
        return std::nullopt;
    }
    return *number;
}

std::optional<json::object> Members::object(std::string_view name) {
    json::value* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    if (!member->is_object()) {
        fail(name, "an object is wanted");
        return std::nullopt;
    }
    return std::move(member->get_object());
}

std::optional<json::object> Members::fields(std::string_view name) {
    std::optional<json::object> values = object(name);
    return values && are_fields(name, *values) ? std::move(values) : std::nullopt;
}

std::optional<json::object> Members::scalar_fields(std::string_view name) {
    std::optional<json::object> values = fields(name);
    if (!values) {
        return std::nullopt;
    }
    for (const auto& [key, value] : *values) {
        if (!value.is_string() && !value.is_number() && !value.is_bool()) {
            fail(fmt::format("{}.{}", name, std::string_view(key)), "a string, number or boolean is wanted");
            return std::nullopt;
        }
    }
    return values;
}

std::optional<json::object> Members::all_fields() {
    return are_fields("", members_) ? std::optional(std::move(members_)) : std::nullopt;
}

void Members::fail(std::string_view name, std::string message) {
    if (!error_) {
        error_ = invalid(std::string(name), std::move(message));
    }
}

bool Members::are_fields(std::string_view path, const json::object& values) {
    if (values.size() > limits::kValuesPerDevice) {
        fail(path, fmt::format("at most {} names are allowed", limits::kValuesPerDevice));
        return false;
    }
    for (const auto& member : values) {
        if (!is_field_name(member.key())) {
            fail(path, "a name begins with a letter or '_', and letters, digits and '_' follow");
            return false;
        }
    }
    return true;
}

}  // namespace muster
