// Topics of devices and clients, topic roots, device ids: no name gets out of
// its subtree.
#include "protocol/limits.hpp"
#include "protocol/topics.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>

namespace muster::fuzz {
namespace {

std::size_t levels(std::string_view topic) {
    return static_cast<std::size_t>(std::ranges::count(topic, '/')) + 1;
}

// What a broker would refuse, or take for more than it is.
bool is_plain(std::string_view topic) {
    return is_text(topic) && topic.find_first_of("+#") == std::string_view::npos;
}

void check_device_topics(const Topics& topics, std::string_view device) {
    for (const auto kind :
         {DeviceTopic::cmd, DeviceTopic::ack, DeviceTopic::status, DeviceTopic::info, DeviceTopic::state}) {
        const auto topic = topics.device(device, kind);
        require(is_plain(topic) && levels(topic) == levels(topics.root()) + 3,
                "a device has its own subtree alone");
        const auto parsed = topics.parse_device(topic);
        require(parsed && parsed->device == device && parsed->kind == kind, "what is written is read back");
    }
}

void check_topic(const Topics& topics, std::string_view topic) {
    const auto device = topics.parse_device(topic);
    if (device) {
        require(DeviceId::parse(device->device).has_value(), "only a device id is one");
        require(topics.device(device->device, device->kind) == topic, "a device's topic has one spelling");
    }
    const auto request = topics.parse_request(topic);
    if (request) {
        require(is_plain_name(request->user, limits::kUserNameLength), "only a plain name is a user");
        require(topics.request(request->user, request->verb) == topic, "a request's topic has one spelling");
        require(!topics.may_answer(request->user, topic), "a request is not answered by a request");
    }
    require(!(device && request), "a topic is of a device or of a client");
    if (topics.may_answer("anna", topic)) {
        require(is_plain(topic) && topic.starts_with(topics.response_prefix("anna")),
                "an answer stays with who asked");
        require(!device && !topics.may_answer("ann", topic) && !topics.may_answer("annab", topic),
                "an answer goes to nobody else");
    }
}

}  // namespace

void fuzz_topic(Input input) {
    const auto text = text_of(input);
    const auto standard = Topics::standard();
    check_topic(standard, text);
    check_topic(standard, "muster/v1/dev/" + std::string(text));
    check_topic(standard, "muster/v1/api/" + std::string(text));
    check_topic(standard, "muster/v1/api/anna/res/" + std::string(text));
    const auto device = DeviceId::parse(text);
    if (device) {
        require(device->text() == text, "a device id is taken as it is");
        check_device_topics(standard, text);
    } else {
        require_good(device.error());
        require(!standard.parse_device("muster/v1/dev/" + std::string(text) + "/ack"),
                "a bad id has no topic");
    }
    const auto other = Topics::with_root(text);
    if (other) {
        require(is_plain(other->announce()), "a root is plain");
        check_device_topics(*other, "fridge-1");
        check_topic(*other, text);
    } else {
        require_good(other.error());
    }
}

}  // namespace muster::fuzz
