// What travels between gateway and device, as values (SPEC.md, sections 4, 5).
#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace muster {

enum class OperationKind { set, write, call };

// Gateway to device. For set and write, `values` are the names and values to
// apply together; for call, `command` is the name and `values` its arguments.
struct OperationMessage {
    std::string id;  // text of an OperationId; a device treats it as opaque
    OperationKind kind = OperationKind::set;
    std::string command;
    boost::json::object values;
    std::optional<std::int64_t> expires;  // epoch seconds; not to be executed after
};

// Device to gateway.
struct Ack {
    std::string id;
    int code = 0;                       // 200 to 299, 400 to 599
    std::string message;                // at most limits::kAckMessageBytes
    std::optional<int> progress;        // per cent, 0 to 100
    std::optional<std::int64_t> after;  // seconds, with 503
    std::optional<boost::json::value> value;
};

// What a code means (SPEC 5.3). Codes that no decoded Ack has are device_error.
enum class AckMeaning { in_progress, completed, rejected, device_error, not_now };
[[nodiscard]] AckMeaning meaning(const Ack& ack) noexcept;

// A device's birth message, retained.
struct DeviceInfo {
    int proto = 1;
    std::string template_name;
    std::string name;             // may be empty: the id is shown instead
    boost::json::object tags;     // scalars only
    std::uint16_t remembers = 0;  // how many executed ids the device remembers
};

}  // namespace muster
