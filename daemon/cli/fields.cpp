#include "daemon/cli/fields.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t count_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) {
        return 0;
    }
    json::error_code failed;
    const auto number = value->to_number<std::uint64_t>(failed);
    return failed ? 0 : number;
}

bool flag_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object& object_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    static const json::value nothing;
    return as_object(value == nullptr ? nothing : *value);
}

const json::array& array_of(const json::object& object, std::string_view name) {
    static const json::array empty;
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_array() ? value->get_array() : empty;
}

const json::object& as_object(const json::value& value) {
    static const json::object empty;
    return value.is_object() ? value.get_object() : empty;
}

std::string shown(const json::value& value) {
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (value.is_double()) {
        return fmt::format("{}", value.get_double());
    }
    return json::serialize(value);
}

std::string shown_members(const json::object& object) {
    std::string text;
    for (const auto& member : object) {
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", std::string_view(member.key()),
                            shown(member.value()));
    }
    return text;
}

namespace {

void write_pretty(std::string& out, const json::value& value, std::size_t depth) {
    const auto break_line = [&out](std::size_t levels) { out.append("\n").append(levels * 2, ' '); };
    const auto separate = [&out, &break_line, depth, first = true]() mutable {
        out += first ? "" : ",";
        first = false;
        break_line(depth + 1);
    };
    if (value.is_object() && !value.get_object().empty()) {
        out += '{';
        for (auto next = separate; const auto& member : value.get_object()) {
            next();
            out += json::serialize(member.key()) + ": ";
            write_pretty(out, member.value(), depth + 1);
        }
        break_line(depth);
        out += '}';
    } else if (value.is_array() && !value.get_array().empty()) {
        out += '[';
        for (auto next = separate; const json::value& item : value.get_array()) {
            next();
            write_pretty(out, item, depth + 1);
        }
        break_line(depth);
        out += ']';
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string pretty(const json::value& value) {
    std::string out;
    write_pretty(out, value, 0);
    return out;
}

}  // namespace muster::cli
