#include "protocol/topics.hpp"

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster {
namespace {

constexpr std::size_t kRootLevels = 8;

struct DeviceTopicName {
    DeviceTopic kind;
    std::string_view name;
};
constexpr std::array<DeviceTopicName, 5> kDeviceTopics{{
    {DeviceTopic::cmd, "cmd"},
    {DeviceTopic::ack, "ack"},
    {DeviceTopic::status, "status"},
    {DeviceTopic::info, "info"},
    {DeviceTopic::state, "state"},
}};

std::string_view name_of(DeviceTopic kind) {
    for (const DeviceTopicName& topic : kDeviceTopics) {
        if (topic.kind == kind) {
            return topic.name;
        }
    }
    invariant_failed("every DeviceTopic is in the table", __FILE__, __LINE__);
}

// Those of the verbs, and of slips in them; an answer names the verb.
bool is_visible(char c) {
    return c > 0x20 && c < 0x7F;
}

bool is_root_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '/';
}

// Removes `head` from the front of `text`; false and unchanged if it is not there.
bool skip(std::string_view& text, std::string_view head) {
    if (!text.starts_with(head)) {
        return false;
    }
    text.remove_prefix(head.size());
    return true;
}

}  // namespace

Result<Topics> Topics::with_root(std::string_view root) {
    const auto levels = static_cast<std::size_t>(std::count(root.begin(), root.end(), '/')) + 1;
    const bool empty_level = root.empty() || root.front() == '/' || root.back() == '/' ||
                             root.find("//") != std::string_view::npos;
    if (root.size() > limits::kTopicRootLength || levels > kRootLevels || empty_level ||
        !std::all_of(root.begin(), root.end(), is_root_character)) {
        return make_error(
            ErrorCode::invalid,
            fmt::format("a topic root is one to {} levels of letters, digits, '_', '.' and '-', "
                        "joined by '/', at most {} characters in all",
                        kRootLevels, limits::kTopicRootLength));
    }
    return Topics(std::string(root));
}

Topics Topics::standard() {
    return Topics("muster/v1");
}

std::string Topics::device(std::string_view device, DeviceTopic kind) const {
    const auto name = name_of(kind);
    std::string topic;
    topic.reserve(root_.size() + device.size() + name.size() + 6);
    return topic.append(root_).append("/dev/").append(device).append(1, '/').append(name);
}

std::string Topics::announce() const {
    return root_ + "/all/announce";
}

std::string Topics::job(JobId job) const {
    return fmt::format("{}/job/{}", root_, static_cast<std::uint64_t>(job));
}

std::string Topics::job_event(JobId job) const {
    return fmt::format("{}/event/job/{}", root_, static_cast<std::uint64_t>(job));
}

std::string Topics::gateway_status() const {
    return root_ + "/gateway/status";
}

std::string Topics::request(std::string_view user, std::string_view verb) const {
    return fmt::format("{}/api/{}/req/{}", root_, user, verb);
}

std::string Topics::response(std::string_view user, std::string_view id) const {
    return response_prefix(user).append(id);
}

std::string Topics::response_prefix(std::string_view user) const {
    return fmt::format("{}/api/{}/res/", root_, user);
}

std::optional<ParsedDeviceTopic> Topics::parse_device(std::string_view topic) const {
    if (!skip(topic, root_) || !skip(topic, "/dev/")) {
        return std::nullopt;
    }
    const std::string_view device = topic.substr(0, topic.find('/'));
    topic.remove_prefix(device.size());
    if (!is_plain_name(device, limits::kDeviceIdLength) || !skip(topic, "/")) {
        return std::nullopt;
    }
    for (const DeviceTopicName& candidate : kDeviceTopics) {
        if (candidate.name == topic) {
            return ParsedDeviceTopic{device, candidate.kind};
        }
    }
    return std::nullopt;
}

std::optional<ParsedRequestTopic> Topics::parse_request(std::string_view topic) const {
    if (!skip(topic, root_) || !skip(topic, "/api/")) {
        return std::nullopt;
    }
    const std::string_view user = topic.substr(0, topic.find('/'));
    topic.remove_prefix(user.size());
    if (!is_plain_name(user, limits::kUserNameLength) || !skip(topic, "/req/") || topic.empty() ||
        topic.size() > limits::kVerbLength || !std::ranges::all_of(topic, is_visible)) {
        return std::nullopt;
    }
    return ParsedRequestTopic{user, topic};
}

std::optional<JobId> Topics::parse_job(std::string_view topic) const {
    if (!skip(topic, root_) || !skip(topic, "/job/")) {
        return std::nullopt;
    }
    const auto job = parse_job_id(topic);
    return job ? std::optional(*job) : std::nullopt;
}

bool Topics::may_answer(std::string_view user, std::string_view response_topic) const {
    const std::string prefix = response_prefix(user);
    const auto forbidden = [](char c) {
        return c == '+' || c == '#' || static_cast<unsigned char>(c) < 0x20;
    };
    return response_topic.starts_with(prefix) && response_topic.size() > prefix.size() &&
           response_topic.size() <= limits::kResponseTopicLength && is_text(response_topic) &&
           std::ranges::none_of(response_topic, forbidden);
}

std::vector<Subscription> Topics::gateway_subscriptions() const {
    return {
        {device("+", DeviceTopic::ack), 1},    {request("+", "#"), 1},
        {device("+", DeviceTopic::status), 0}, {device("+", DeviceTopic::info), 0},
        {device("+", DeviceTopic::state), 0},  {root_ + "/job/+", 0},
    };
}

}  // namespace muster
