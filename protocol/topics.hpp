// The only place with topic strings (SPEC.md, sections 3 and 6). Everything
// below the configurable root: "<root>/dev/<id>/cmd" and so on.
//
// Threads: Topics is immutable after construction.
#pragma once

#include "protocol/ids.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

enum class DeviceTopic { cmd, ack, status, info, state };

// A topic taken apart. Views point into the topic given to parse().
struct ParsedDeviceTopic {
    std::string_view device;  // grammar-checked
    DeviceTopic kind;
};
struct ParsedRequestTopic {
    std::string_view user;  // grammar-checked
    std::string_view verb;  // "job/run"; visible ASCII, not checked against the verbs
};

struct Subscription {
    std::string filter;
    int qos;
};

class Topics {
public:
    // Root: one to eight levels of [A-Za-z0-9_.-]+ joined by '/', such as
    // "muster/v1". Error: invalid.
    [[nodiscard]] static Result<Topics> with_root(std::string_view root);
    [[nodiscard]] static Topics standard();  // "muster/v1"

    [[nodiscard]] const std::string& root() const noexcept { return root_; }

    [[nodiscard]] std::string device(std::string_view device, DeviceTopic kind) const;
    [[nodiscard]] std::string announce() const;
    [[nodiscard]] std::string job(JobId job) const;
    [[nodiscard]] std::string job_event(JobId job) const;
    [[nodiscard]] std::string gateway_status() const;
    [[nodiscard]] std::string request(std::string_view user, std::string_view verb) const;
    // Where a client without MQTT 5 finds its reply; `id` is the request's id.
    [[nodiscard]] std::string response(std::string_view user, std::string_view id) const;
    // "<root>/api/<user>/res/": every reply topic of this user begins so (SPEC 6.4).
    [[nodiscard]] std::string response_prefix(std::string_view user) const;

    // nullopt for any topic that is not of this kind, whatever it holds.
    [[nodiscard]] std::optional<ParsedDeviceTopic> parse_device(std::string_view topic) const;
    [[nodiscard]] std::optional<ParsedRequestTopic> parse_request(std::string_view topic) const;
    [[nodiscard]] std::optional<JobId> parse_job(std::string_view topic) const;
    // Whether a Response Topic given by `user` may be answered (SPEC 6.4).
    [[nodiscard]] bool may_answer(std::string_view user, std::string_view response_topic) const;

    // What the gateway subscribes to: ack at QoS 1, requests at QoS 1, and
    // status, info, state and its own job topics at QoS 0, since Mosquitto drops
    // retained messages over about 1,000 at QoS 1 without a word.
    [[nodiscard]] std::vector<Subscription> gateway_subscriptions() const;

private:
    explicit Topics(std::string root) : root_(std::move(root)) {}
    std::string root_;
};

}  // namespace muster
