#include "daemon/cli/reply.hpp"

#include "daemon/cli/fields.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <array>

namespace muster::cli {
namespace json = boost::json;
namespace {

// A template's document of depth kRequestJsonDepth, within the reply's own.
constexpr std::size_t kReplyDepth = limits::kRequestJsonDepth + 4;

ErrorCode code_of(std::string_view text) {
    constexpr std::array kCodes{ErrorCode::invalid,   ErrorCode::not_found,   ErrorCode::conflict,
                                ErrorCode::forbidden, ErrorCode::unavailable, ErrorCode::too_large,
                                ErrorCode::internal};
    for (const ErrorCode code : kCodes) {
        if (to_string(code) == text) {
            return code;
        }
    }
    return ErrorCode::internal;
}

Failure refusal(const json::object& error) {
    std::vector<ErrorDetail> details;
    for (const json::value& item : array_of(error, "details")) {
        details.push_back({text_of(as_object(item), "field"), text_of(as_object(item), "message")});
    }
    std::string message = text_of(error, "message");
    if (message.empty()) {
        message = "musterd refused and did not say why";
    }
    return {make_error(code_of(text_of(error, "code")), std::move(message), std::move(details)),
            ExitCode::refused};
}

}  // namespace

Outcome<json::value> parse_reply(std::string_view payload, std::string_view id) {
    const auto parsed = parse_json(payload, limits::kReplyBytes, kReplyDepth);
    if (!parsed) {
        return answer_failure("the answer is not one of musterd: " + parsed.error().message);
    }
    const json::object& reply = as_object(*parsed);
    const json::value* ok = reply.if_contains("ok");
    if (ok == nullptr || !ok->is_bool() || text_of(reply, "id") != id) {
        return answer_failure("the answer is not one of musterd to this request");
    }
    if (!ok->get_bool()) {
        return refusal(object_of(reply, "error"));
    }
    const json::value* result = reply.if_contains("result");
    return result == nullptr ? json::value(json::object()) : *result;
}

}  // namespace muster::cli
