#include "protocol/codec.hpp"

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace muster {
namespace {

namespace json = boost::json;

constexpr std::string_view kOnline = "online";
constexpr std::string_view kOffline = "offline";

Error too_large(std::string_view what, std::size_t most) {
    return make_error(ErrorCode::too_large, fmt::format("{} of more than {} bytes", what, most));
}

// Clients in a shell end their text with a line end (SPEC 1.4).
std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
        if (text.ends_with('\r')) {
            text.remove_suffix(1);
        }
    }
    return text;
}

bool is_operation_id_text(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    };
    return !text.empty() && text.size() <= limits::kOperationIdLength &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_code(std::int64_t code) {
    return (code >= 200 && code <= 299) || (code >= 400 && code <= 599);
}

bool is_scalar(const json::value& value) {
    return value.is_string() || value.is_number() || value.is_bool();
}

Result<json::object> parse_object(std::string_view payload, std::size_t most_bytes) {
    Result<json::value> value = parse_json(payload, most_bytes, limits::kJsonDepth);
    if (!value) {
        return value.error();
    }
    if (!value->is_object()) {
        return make_error(ErrorCode::invalid, "not a JSON object");
    }
    return std::move(value->get_object());
}

// Named values: at most limits::kValuesPerDevice, with field names.
std::optional<Error> check_fields(std::string_view path, const json::object& values, bool scalars) {
    if (values.size() > limits::kValuesPerDevice) {
        return invalid(std::string(path),
                       fmt::format("at most {} names are allowed", limits::kValuesPerDevice));
    }
    for (const auto& [name, value] : values) {
        if (!is_field_name(name)) {
            return invalid(std::string(path),
                           "a name begins with a letter or '_', and letters, digits and '_' follow");
        }
        if (scalars && !is_scalar(value)) {
            return invalid(fmt::format("{}.{}", path, std::string_view(name)),
                           "a string, number or boolean is wanted");
        }
    }
    return std::nullopt;
}

// Reads the members of one message; the first that breaks a rule is kept as
// the error and the rest are read in vain.
class Members {
public:
    explicit Members(json::object& object) : object_(object) {}

    bool text(std::string_view name, std::size_t most, std::string& out) {
        json::value* member = object_.if_contains(name);
        if (member == nullptr) {
            return false;
        }
        const json::string* string = member->if_string();
        if (string == nullptr || string->size() > most) {
            return fail(name, fmt::format("a string of at most {} bytes is wanted", most));
        }
        out.assign(string->data(), string->size());
        return true;
    }

    template <class Number>
    bool integer(std::string_view name, std::int64_t least, std::int64_t most, Number& out) {
        json::value* member = object_.if_contains(name);
        if (member == nullptr) {
            return false;
        }
        const std::int64_t* number = member->if_int64();
        if (number == nullptr || *number < least || *number > most) {
            return fail(name, fmt::format("an integer from {} to {} is wanted", least, most));
        }
        out = static_cast<Number>(*number);
        return true;
    }

    // An object whose names are field names; `scalars`: and its values no null, object or array.
    bool fields(std::string_view name, bool scalars, json::object& out) {
        json::value* member = object_.if_contains(name);
        if (member == nullptr) {
            return false;
        }
        json::object* values = member->if_object();
        if (values == nullptr) {
            return fail(name, "an object is wanted");
        }
        if (std::optional<Error> wrong = check_fields(name, *values, scalars)) {
            error_ = error_ ? std::move(error_) : std::move(wrong);
            return false;
        }
        out = std::move(*values);
        return true;
    }

    bool fail(std::string_view name, std::string message) {
        if (!error_) {
            error_ = invalid(std::string(name), std::move(message));
        }
        return false;
    }

    [[nodiscard]] json::value* find(std::string_view name) { return object_.if_contains(name); }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    json::object& object_;
    std::optional<Error> error_;
};

void read_operation_id(Members& members, std::string& id) {
    if (!members.text("id", limits::kOperationIdLength, id) || !is_operation_id_text(id)) {
        members.fail("id", "an operation id is wanted");
    }
}

// "set" and "write" hold their values, "call" the command's name.
void read_operation_body(Members& members, OperationMessage& message) {
    const bool set = members.fields("set", false, message.values);
    const bool write = members.fields("write", false, message.values);
    const bool call = members.text("call", limits::kNameLength, message.command);
    if (set + write + call != 1) {
        members.fail("", "one of set, write and call is wanted");
        return;
    }
    json::value* arguments = members.find("args");
    if (!call) {
        message.kind = set ? OperationKind::set : OperationKind::write;
        if (message.values.empty() || arguments != nullptr) {
            members.fail(set ? "set" : "write", "at least one value, and no args, are wanted");
        }
        return;
    }
    message.kind = OperationKind::call;
    if (!is_field_name(message.command)) {
        members.fail("call", "a command's name is wanted");
    }
    if (arguments != nullptr && !arguments->is_object()) {
        members.fail("args", "an object is wanted");
    } else if (arguments != nullptr) {
        message.values = std::move(arguments->get_object());
    }
}

Result<Ack> decode_json_ack(std::string_view payload) {
    Result<json::object> object = parse_object(payload, limits::kAckBytes);
    if (!object) {
        return object.error();
    }
    Ack ack;
    Members members(*object);
    read_operation_id(members, ack.id);
    if (!members.integer("code", 200, 599, ack.code) || !is_code(ack.code)) {
        members.fail("code", "200 to 299 or 400 to 599 is wanted");
    }
    members.text("msg", limits::kAckMessageBytes, ack.message);
    if (int progress = 0; members.integer("progress", 0, 100, progress)) {
        ack.progress = progress;
    }
    if (std::int64_t after = 0; members.integer("after", 1, limits::kTimeoutSeconds, after)) {
        ack.after = after;
    }
    if (json::value* value = members.find("value")) {
        ack.value = std::move(*value);
    }
    if (members.error()) {
        return *members.error();
    }
    return ack;
}

// "<id> <code>" or "<id> <code> <message>".
Result<Ack> decode_text_ack(std::string_view text) {
    const std::size_t id_end = text.find(' ');
    const std::string_view id = text.substr(0, id_end);
    if (!is_operation_id_text(id)) {
        return make_error(ErrorCode::invalid, "neither JSON nor an operation id and a code");
    }
    text.remove_prefix(std::min(id.size() + 1, text.size()));
    int code = 0;
    const std::string_view digits = text.substr(0, text.find(' '));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    if (digits.size() != 3 || error != std::errc{} || end != digits.data() + 3 || !is_code(code)) {
        return invalid("code", "200 to 299 or 400 to 599 is wanted");
    }
    text.remove_prefix(std::min(digits.size() + 1, text.size()));
    if (text.size() > limits::kAckMessageBytes) {
        return too_large("a message", limits::kAckMessageBytes);
    }
    if (!is_text(text)) {
        return invalid("msg", "UTF-8 without NUL is wanted");
    }
    Ack ack;
    ack.id = id;
    ack.code = code;
    ack.message = text;
    return ack;
}

}  // namespace

std::string encode(const OperationMessage& message) {
    OperationFrame frame = encode_frame(message);
    return std::move(frame.prefix) + message.id + frame.suffix;
}

OperationFrame encode_frame(const OperationMessage& message) {
    OperationFrame frame{R"({"id":")", R"(")"};
    switch (message.kind) {
        case OperationKind::set:
            frame.suffix += R"(,"set":)" + format_json(message.values);
            break;
        case OperationKind::write:
            frame.suffix += R"(,"write":)" + format_json(message.values);
            break;
        case OperationKind::call:
            frame.suffix += R"(,"call":)" + format_json(json::value(message.command));
            if (!message.values.empty()) {
                frame.suffix += R"(,"args":)" + format_json(message.values);
            }
            break;
    }
    if (message.expires) {
        frame.suffix += fmt::format(R"(,"exp":{})", *message.expires);
    }
    frame.suffix += '}';
    return frame;
}

Result<OperationMessage> decode_operation(std::string_view payload) {
    Result<json::object> object = parse_object(payload, limits::kOperationBytes);
    if (!object) {
        return object.error();
    }
    OperationMessage message;
    Members members(*object);
    read_operation_id(members, message.id);
    read_operation_body(members, message);
    if (std::int64_t expires = 0;
        members.integer("exp", 0, std::numeric_limits<std::int64_t>::max(), expires)) {
        message.expires = expires;
    }
    if (members.error()) {
        return *members.error();
    }
    return message;
}

std::string encode(const Ack& ack) {
    json::object object{{"id", ack.id}, {"code", ack.code}};
    if (!ack.message.empty()) {
        object["msg"] = ack.message;
    }
    if (ack.progress) {
        object["progress"] = *ack.progress;
    }
    if (ack.after) {
        object["after"] = *ack.after;
    }
    if (ack.value) {
        object["value"] = *ack.value;
    }
    return format_json(object);
}

Result<Ack> decode_ack(std::string_view payload) {
    if (payload.size() > limits::kAckBytes) {
        return too_large("an ack", limits::kAckBytes);
    }
    const std::size_t begin = payload.find_first_not_of(" \t\r\n");
    const bool is_json = begin != std::string_view::npos && payload[begin] == '{';
    return is_json ? decode_json_ack(payload) : decode_text_ack(without_line_end(payload));
}

std::string encode(const DeviceInfo& info) {
    json::object object{{"proto", info.proto}, {"template", info.template_name}};
    if (!info.name.empty()) {
        object["name"] = info.name;
    }
    if (!info.tags.empty()) {
        object["tags"] = info.tags;
    }
    object["remembers"] = info.remembers;
    return format_json(object);
}

Result<DeviceInfo> decode_info(std::string_view payload) {
    Result<json::object> object = parse_object(payload, limits::kInfoBytes);
    if (!object) {
        return object.error();
    }
    DeviceInfo info;
    Members members(*object);
    if (!members.integer("proto", 1, 1, info.proto)) {
        members.fail("proto", "1 is wanted");
    }
    if (!members.text("template", limits::kNameLength, info.template_name) ||
        !is_plain_name(info.template_name, limits::kNameLength)) {
        members.fail("template", "a template's name is wanted");
    }
    members.text("name", limits::kDeviceNameLength, info.name);
    members.fields("tags", true, info.tags);
    members.integer("remembers", 0, std::numeric_limits<std::uint16_t>::max(), info.remembers);
    if (members.error()) {
        return *members.error();
    }
    return info;
}

std::string_view encode_status(bool online) noexcept {
    return online ? kOnline : kOffline;
}

Result<bool> decode_status(std::string_view payload) {
    const std::string_view text = without_line_end(payload);
    if (text == kOnline || text == kOffline) {
        return text == kOnline;
    }
    return make_error(ErrorCode::invalid, "a status is online or offline");
}

Result<json::object> decode_state(std::string_view payload) {
    Result<json::object> object = parse_object(payload, limits::kStateBytes);
    if (!object) {
        return object;
    }
    if (std::optional<Error> wrong = check_fields("", *object, false)) {
        return std::move(*wrong);
    }
    return object;
}

}  // namespace muster
