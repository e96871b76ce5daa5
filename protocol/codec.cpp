#include "protocol/codec.hpp"

#include "protocol/limits.hpp"
#include "protocol/members.hpp"
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

bool is_code(std::int64_t code) {
    return (code >= 200 && code <= 299) || (code >= 400 && code <= 599);
}

bool is_operation_id_text(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    };
    return !text.empty() && text.size() <= limits::kOperationIdLength &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::string read_operation_id(Members& members) {
    std::string id = members.text("id", limits::kOperationIdLength).value_or("");
    if (!is_operation_id_text(id)) {
        members.fail("id", "an operation id is wanted");
    }
    return id;
}

void read_call(Members& members, std::string command, OperationMessage& message) {
    if (!is_field_name(command)) {
        members.fail("call", "a command's name is wanted");
    }
    message.kind = OperationKind::call;
    message.command = std::move(command);
    message.values = members.object("args").value_or(json::object{});
}

void read_values(Members& members, OperationKind kind, json::object values, OperationMessage& message) {
    if (values.empty() || members.find("args") != nullptr) {
        members.fail(kind == OperationKind::set ? "set" : "write",
                     "at least one value, and no args, are wanted");
    }
    message.kind = kind;
    message.values = std::move(values);
}

void read_operation_body(Members& members, OperationMessage& message) {
    std::optional<json::object> set = members.fields("set");
    std::optional<json::object> write = members.fields("write");
    std::optional<std::string> call = members.text("call", limits::kNameLength);
    if (set.has_value() + write.has_value() + call.has_value() != 1) {
        members.fail("", "one of set, write and call is wanted");
    } else if (call) {
        read_call(members, std::move(*call), message);
    } else if (set) {
        read_values(members, OperationKind::set, std::move(*set), message);
    } else {
        read_values(members, OperationKind::write, std::move(*write), message);
    }
}

// Reads `payload` as an object and lets `read` fill a message from its members.
template <class Message>
Result<Message> decode(std::string_view payload, std::size_t most_bytes, void (*read)(Members&, Message&)) {
    Result<Members> members = Members::parse(payload, most_bytes);
    if (!members) {
        return members.error();
    }
    Message message;
    read(members.value(), message);
    if (members.value().error()) {
        return *members.value().error();
    }
    return message;
}

void read_operation(Members& members, OperationMessage& message) {
    message.id = read_operation_id(members);
    read_operation_body(members, message);
    message.expires = members.integer("exp", 0, std::numeric_limits<std::int64_t>::max());
}

void read_ack(Members& members, Ack& ack) {
    ack.id = read_operation_id(members);
    ack.code = static_cast<int>(members.integer("code", 200, 599).value_or(0));
    if (!is_code(ack.code)) {
        members.fail("code", "200 to 299 or 400 to 599 is wanted");
    }
    ack.message = members.text("msg", limits::kAckMessageBytes).value_or("");
    if (const auto progress = members.integer("progress", 0, 100)) {
        ack.progress = static_cast<int>(*progress);
    }
    ack.after = members.integer("after", 1, limits::kTimeoutSeconds);
    if (json::value* value = members.find("value")) {
        ack.value = std::move(*value);
    }
}

void read_info(Members& members, DeviceInfo& info) {
    if (!members.integer("proto", info.proto, info.proto)) {
        members.fail("proto", "1 is wanted");
    }
    info.template_name = members.text("template", limits::kNameLength).value_or("");
    if (!is_plain_name(info.template_name, limits::kNameLength)) {
        members.fail("template", "a template's name is wanted");
    }
    info.name = members.text("name", limits::kDeviceNameLength).value_or("");
    info.tags = members.scalar_fields("tags").value_or(json::object{});
    constexpr std::int64_t kMost = std::numeric_limits<decltype(info.remembers)>::max();
    info.remembers =
        static_cast<decltype(info.remembers)>(members.integer("remembers", 0, kMost).value_or(0));
}

void read_state(Members& members, json::object& state) {
    state = members.all_fields().value_or(json::object{});
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
    return encode_frame(message).payload(message.id, message.expires);
}

std::string OperationFrame::payload(std::string_view id, std::optional<std::int64_t> expires) const {
    constexpr std::size_t kExpiryBytes = 32;  // ,"exp":<19 digits>}
    std::string text;
    text.reserve(body.size() + id.size() + kExpiryBytes);
    text.append(R"({"id":")").append(id).append(R"(",)").append(body);
    if (expires) {
        text.append(R"(,"exp":)").append(std::to_string(*expires));
    }
    text += '}';
    return text;
}

OperationFrame encode_frame(const OperationMessage& message) {
    OperationFrame frame;
    switch (message.kind) {
        case OperationKind::set:
            frame.body += R"("set":)" + format_json(message.values);
            break;
        case OperationKind::write:
            frame.body += R"("write":)" + format_json(message.values);
            break;
        case OperationKind::call:
            frame.body += R"("call":)" + format_json(json::value(message.command));
            if (!message.values.empty()) {
                frame.body += R"(,"args":)" + format_json(message.values);
            }
            break;
    }
    return frame;
}

Result<OperationMessage> decode_operation(std::string_view payload) {
    return decode(payload, limits::kOperationBytes, read_operation);
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
    return is_json ? decode(payload, limits::kAckBytes, read_ack)
                   : decode_text_ack(without_line_end(payload));
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
    return decode(payload, limits::kInfoBytes, read_info);
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
    return decode(payload, limits::kStateBytes, read_state);
}

}  // namespace muster
