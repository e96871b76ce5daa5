// Messages from the broker through the whole gateway, and what it says to whom.
// Each part is one message: its first line is the topic below the root, then
// words: "retained", "response=<topic below the root>", "correlation=<text>";
// the rest is the payload.
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/whole_gateway.hpp"

#include <algorithm>

namespace muster::fuzz {
namespace {

constexpr std::size_t kMessages = 30;
constexpr std::string_view kRoot = "muster/v1/";

std::string_view take_word(std::string_view& line) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    return word;
}

mqtt::Inbound message_of(std::string_view part) {
    auto line = part.substr(0, part.find('\n'));
    mqtt::Inbound message;
    message.payload = part.substr(std::min(line.size() + 1, part.size()));
    message.topic = std::string(kRoot).append(take_word(line));
    while (!line.empty()) {
        const auto word = take_word(line);
        if (word == "retained") {
            message.retained = true;
        } else if (word.starts_with("response=")) {
            message.response_topic = std::string(kRoot).append(word.substr(9));
        } else if (word.starts_with("correlation=")) {
            message.correlation = word.substr(12);
        }
    }
    return message;
}

// The last question, of the admin: what is there now?
mqtt::Inbound question(std::string_view verb) {
    mqtt::Inbound message;
    message.topic = Topics::standard().request("anna", verb);
    message.payload = R"({"id":"last","limit":1000})";
    return message;
}

void check_reply(const mqtt::Publication& publication, std::string_view user) {
    require(publication.payload.size() <= limits::kReplyBytes, "a reply keeps its limit");
    const auto reply = parse_json(publication.payload, limits::kReplyBytes, limits::kRequestJsonDepth);
    require(reply.has_value(), "a reply is JSON that a client reads");
    const auto& object = reply->as_object();
    if (object.at("ok").as_bool()) {
        require(roles().of(user) != api::Role::none, "nobody gets nothing");
        require(object.at("result").is_object(), "a result is an object");
        return;
    }
    const auto& error = object.at("error").as_object();
    Error read{ErrorCode::internal, std::string(error.at("message").as_string()), {}};
    if (const auto* details = error.if_contains("details")) {
        for (const auto& detail : details->as_array()) {
            read.details.push_back(
                {std::string(detail.at("field").as_string()), std::string(detail.at("message").as_string())});
        }
    }
    require(error.at("code") != "internal", "nothing that is asked is our fault");
    require_good(read);
}

void check_operation(const mqtt::Publication& publication, const ParsedDeviceTopic& topic,
                     const OperationKey& key) {
    if (publication.payload.empty()) {
        require(publication.retain && topic.kind != DeviceTopic::cmd,
                "of a deleted device, what is retained is cleared");
        return;
    }
    require(topic.kind == DeviceTopic::cmd && !publication.retain, "a device is sent operations alone");
    require(publication.payload.size() <= limits::kOperationBytes, "an operation keeps its limit");
    const auto operation = decode_operation(publication.payload);
    require(operation.has_value(), "a device can read its operation");
    const auto id = parse_operation_id(operation->id);
    require(id.has_value() && key.verify(topic.device, *id), "an operation's id is the device's own");
}

void check_publication(const mqtt::Publication& publication, const OperationKey& key) {
    const auto topics = Topics::standard();
    const std::string_view topic = publication.topic;
    require(is_text(topic) && topic.find_first_of("+#") == std::string_view::npos && topic.size() < 65'536,
            "the gateway publishes on topics");
    if (const auto device = topics.parse_device(topic)) {
        check_operation(publication, *device, key);
        return;
    }
    for (const std::string_view head : {"muster/v1/job/", "muster/v1/event/job/"}) {
        if (topic.starts_with(head)) {
            require(parse_job_id(topic.substr(head.size())).has_value(), "a job's topic has its number");
            return;
        }
    }
    if (topic == topics.announce() || topic == topics.gateway_status()) {
        return;
    }
    require(topic.starts_with("muster/v1/api/"), "the gateway publishes on its own topics");
    const auto user = topic.substr(14, topic.find('/', 14) - 14);
    require(is_plain_name(user, limits::kUserNameLength) && topics.may_answer(user, topic),
            "a reply is where replies are");
    check_reply(publication, user);
}

void check_jobs(store::MemoryStore& store) {
    const auto snapshot = store.load().value();
    for (const auto& job : snapshot.jobs) {
        const auto& tally = job.tally;
        require(tally.succeeded + tally.failed + tally.pending == tally.selected(), "the tally adds up");
        std::uint64_t counted = 0;
        const auto page = store.executions({.job = job.id, .most = limits::kPageMost}).value();
        for (const auto& execution : page.items) {
            counted += execution.state == core::ExecutionState::completed ? 1U : 0U;
        }
        require(counted == tally.succeeded, "the tally equals a recount");
    }
}

}  // namespace

void fuzz_gateway(Input input) {
    std::vector<mqtt::Inbound> messages;
    for (const auto part : parts_of(text_of(input), kMessages)) {
        messages.push_back(message_of(part));
    }
    for (const auto* verb : {"status", "job/list", "device/list", "set/list", "template/list"}) {
        messages.push_back(question(verb));
    }
    auto after = run_gateway(messages);
    require(after.ended.has_value(), "the gateway goes on");
    const OperationKey key(after.store.load().value().operation_key);
    std::size_t answers = 0;
    for (const auto& publication : after.published) {
        check_publication(publication, key);
        answers += publication.topic == Topics::standard().response("anna", "last") ? 1U : 0U;
    }
    require(answers >= 5, "the gateway answers whatever came before");
    check_jobs(after.store);
}

}  // namespace muster::fuzz
