// Bytes to messages and back. Strict, bounded, never throwing: whatever the
// bytes, decode_* returns a message that keeps every limit of limits.hpp or an
// Error that says what is wrong in a sentence fit for a log line.
//
// Threads: pure functions.
#pragma once

#include "protocol/messages.hpp"
#include "protocol/result.hpp"

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace muster {

// The one way bytes become JSON: size, depth (at most `depth`), UTF-8, finite
// numbers (read exactly, which Boost's own parser does not), no NUL inside
// strings, no duplicate keys. The value is held in memory from `storage`.
// Error: invalid or too_large.
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view bytes, std::size_t most_bytes,
                                                    std::size_t depth, boost::json::storage_ptr storage = {});

// The one way JSON becomes bytes that a device or a person reads: compact,
// members in their order, numbers as people write them ("3.5", where
// Boost.JSON writes "3.5E0"). parse_json of it gives an equal value.
[[nodiscard]] std::string format_json(const boost::json::value& value);
[[nodiscard]] std::string format_json(const boost::json::object& object);
// The same to the end of `out`.
void append_json(std::string& out, const boost::json::value& value);

// `message.id` has the characters of an operation id (SPEC 2.3); it is not escaped.
[[nodiscard]] std::string encode(const OperationMessage& message);
[[nodiscard]] Result<OperationMessage> decode_operation(std::string_view payload);

// encode() for one message to many devices, which differ in id and expiry:
// encode_frame(message).payload(message.id, message.expires) == encode(message).
struct OperationFrame {
    std::string body;  // what does not differ

    [[nodiscard]] std::string payload(std::string_view id, std::optional<std::int64_t> expires) const;
};
[[nodiscard]] OperationFrame encode_frame(const OperationMessage& message);

// JSON form; SPEC 5.1.
[[nodiscard]] std::string encode(const Ack& ack);
// JSON or plain text ("<id> 400 out of range"); SPEC 5.1, 5.2.
[[nodiscard]] Result<Ack> decode_ack(std::string_view payload);

[[nodiscard]] std::string encode(const DeviceInfo& info);
[[nodiscard]] Result<DeviceInfo> decode_info(std::string_view payload);

// "online" / "offline". Error: invalid.
[[nodiscard]] std::string_view encode_status(bool online) noexcept;
[[nodiscard]] Result<bool> decode_status(std::string_view payload);

// Reported values: an object of field names to values; null removes a field.
[[nodiscard]] Result<boost::json::object> decode_state(std::string_view payload);

}  // namespace muster
