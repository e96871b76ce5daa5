// From bytes of the broker to events of the engine and calls of the API.
#include "daemon/runtime/gateway.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace muster::runtime {
namespace json = boost::json;

void Gateway::take(mqtt::Inbound& message) {
    if (const auto device = options_.topics.parse_device(message.topic)) {
        if (storage_failed_) {
            count(Counter::messages_dropped);           // asked for again by what the disk remembers
        } else if (!storage_retry_ && held_.empty()) {  // none overtakes one that waits
            take_device(*device, message);
        } else if (held_.size() < options_.queue_events &&
                   held_bytes_ + bytes_of(message) <= Inbox::kMostBytes) {
            held_bytes_ += bytes_of(message);
            held_.push_back(std::move(message));
        } else {
            count(Counter::messages_dropped);
        }
    } else if (const auto request = options_.topics.parse_request(message.topic)) {
        take_request(*request, message);
    } else if (const auto job = options_.topics.parse_job(message.topic)) {
        if (message.retained && !message.payload.empty()) {
            job_topics_.found(*job, *engine_);
        }
    } else {
        count(Counter::messages_malformed);
        log_limited("topic", LogLevel::warning, "topic_refused", {{"topic", message.topic}});
    }
}

void Gateway::take(const Oversized& oversized) {
    count(Counter::messages_oversized);
    const auto bytes = std::to_string(oversized.bytes);
    if (const auto request = options_.topics.parse_request(oversized.head.topic)) {
        ReplyTo to;
        const auto readable = read_reply_to(*request, oversized.head, to);
        reply(to, readable ? make_error(ErrorCode::too_large,
                                        "the request has " + bytes + " bytes; at most " +
                                            std::to_string(limits::kRequestBytes) + " are allowed")
                           : readable.error());
        return;
    }
    const auto device = options_.topics.parse_device(oversized.head.topic);
    log_limited(device ? device->device : "topic", LogLevel::warning, "message_oversized",
                {{"topic", oversized.head.topic}, {"bytes", bytes}});
}

Result<core::Event> Gateway::decode(const ParsedDeviceTopic& topic, const mqtt::Inbound& message) const {
    auto device = DeviceId::parse(topic.device);
    if (!device) {
        return device.error();
    }
    switch (topic.kind) {
        case DeviceTopic::ack: {
            auto ack = decode_ack(message.payload);
            return ack ? Result<core::Event>(core::AckReceived{*device, std::move(ack).value()})
                       : Result<core::Event>(ack.error());
        }
        case DeviceTopic::status: {
            const auto online = decode_status(message.payload);
            return online ? Result<core::Event>(core::StatusReceived{*device, *online, message.retained})
                          : Result<core::Event>(online.error());
        }
        case DeviceTopic::info: {
            auto info = decode_info(message.payload);
            return info ? Result<core::Event>(core::InfoReceived{*device, std::move(info).value()})
                        : Result<core::Event>(info.error());
        }
        case DeviceTopic::state: {
            auto values = decode_state(message.payload);
            return values ? Result<core::Event>(core::StateReceived{*device, std::move(values).value()})
                          : Result<core::Event>(values.error());
        }
        case DeviceTopic::cmd:
            return invalid("topic", "is one that only the gateway publishes on");
    }
    return invalid("topic", "is not known");
}

void Gateway::take_device(const ParsedDeviceTopic& topic, const mqtt::Inbound& message) {
    // An empty payload is how a retained message is removed; nothing is said by it.
    if (message.payload.empty() && topic.kind != DeviceTopic::ack) {
        return;
    }
    // SPEC: a retained ack answers nothing that is open now.
    const auto event = topic.kind == DeviceTopic::ack && message.retained
                           ? Result<core::Event>(invalid("ack", "is retained"))
                           : decode(topic, message);
    if (!event) {
        count(Counter::messages_malformed);
        log_limited(topic.device, LogLevel::warning, "message_malformed",
                    {{"topic", message.topic}, {"text", event.error().message}});
        return;
    }
    if (topic.kind == DeviceTopic::ack) {
        count(Counter::acks);
    }
    step(*event);
}

void Gateway::take_request(const ParsedRequestTopic& topic, const mqtt::Inbound& message) {
    if (message.retained) {
        return;  // SPEC 6.4
    }
    ReplyTo to;
    if (const auto call = read_call(topic, message, to)) {
        take_call(*call, std::move(to));
    } else {
        count(Counter::requests);
        reply(to, call.error());
    }
}

void Gateway::take(Asking& asking) {
    ReplyTo to;
    to.user = asking.call.user;
    to.answer = std::move(asking.answer);
    take_call(asking.call, std::move(to));
}

void Gateway::take_call(const api::Call& call, ReplyTo to) {
    count(Counter::requests);
    if (!api::only_reads(call.verb)) {
        inbox_.change_begins();
        flush();  // what was asked before is done before
        answer(call, std::move(to));
        return;
    }
    last_read_ = last_now_;
    const bool begun = !flushing_ && begin_commit();  // likewise, and reads see it
    answer(call, std::move(to));
    if (begun) {
        end_flush();
    }
}

void Gateway::answer(const api::Call& call, ReplyTo to) {
    if ((storage_retry_ || storage_failed_) && !api::is_about_gateway(call.verb)) {
        reply(to, storage_refusal());
        return;
    }
    carry_out(call, std::move(to));
}

Result<void> Gateway::read_reply_to(const ParsedRequestTopic& topic, const mqtt::Inbound& message,
                                    ReplyTo& to) const {
    to.user = std::string(topic.user);
    if (message.response_topic.empty()) {
        return {};
    }
    if (!options_.topics.may_answer(topic.user, message.response_topic)) {
        return make_error(ErrorCode::forbidden,
                          "the response topic must lie below " + options_.topics.response_prefix(topic.user));
    }
    to.topic = message.response_topic;
    to.correlation = message.correlation;
    return {};
}

Result<api::Call> Gateway::read_call(const ParsedRequestTopic& topic, const mqtt::Inbound& message,
                                     ReplyTo& to) const {
    const auto readable = read_reply_to(topic, message, to);
    auto body = message.payload.empty()
                    ? Result<json::value>(json::object{})
                    : parse_json(message.payload, limits::kRequestBytes, limits::kRequestJsonDepth);
    if (!body) {
        return body.error();
    }
    auto* members = body->if_object();
    if (members == nullptr) {
        return invalid({}, "the request must be a JSON object");
    }
    if (const auto* id = members->if_contains("id")) {
        if (!id->is_string() || !is_plain_name(id->get_string(), limits::kRequestIdBytes)) {
            return invalid("id", "must be 1 to 64 of letters, digits, _ and -");
        }
        to.id = std::string(id->get_string());
        members->erase("id");
    }
    if (to.topic.empty() && !to.id.empty()) {
        to.topic = options_.topics.response(topic.user, to.id);
    }
    if (!readable) {
        return readable.error();
    }
    return api::Call{to.user, options_.roles.of(topic.user), std::string(topic.verb), std::move(*members)};
}

void Gateway::carry_out(const api::Call& call, ReplyTo to) {
    auto prepared = api::prepare(call, view());
    if (!prepared) {
        reply(to, prepared.error());
        return;
    }
    if (!prepared->request) {
        reply(to, prepared->answer(view(), nullptr));
        return;
    }
    const auto token = ++last_token_;
    core::Asked asked{token, call.user, std::move(*prepared->request)};
    waiting_.emplace(token, Waiting{std::move(to), std::move(prepared).value()});
    step(asked);
    flush();
}

void Gateway::reply(const ReplyTo& to, const Result<json::object>& result) {
    if (!result) {
        count(Counter::requests_refused);
        log_limited(
            to.user, LogLevel::info, "request_refused",
            {{"user", to.user}, {"error", to_string(result.error().code)}, {"text", result.error().message}});
    }
    if (to.answer) {
        to.answer(result);
        return;
    }
    if (to.topic.empty()) {
        return;
    }
    auto text = format_json(api::reply_json(to.id, result));
    if (text.size() > limits::kReplyBytes) {
        text = format_json(
            api::reply_json(to.id, make_error(ErrorCode::too_large, "the answer is larger than " +
                                                                        std::to_string(limits::kReplyBytes) +
                                                                        " bytes; ask for a smaller page")));
    }
    outbox_.publish({to.topic, std::move(text), 1, false, {}, to.correlation, {}});
}

}  // namespace muster::runtime
