#include "daemon/cli/mqtt_client.hpp"

#include "daemon/cli/fields.hpp"
#include "daemon/cli/reply.hpp"
#include "daemon/cli/topic_inbox.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace muster::cli {
namespace json = boost::json;
namespace {

using Clock = std::chrono::steady_clock;

// How long the gateway's retained status may take after the subscription. It
// may not come at all: the broker may not let this user read it.
constexpr Milliseconds kStatusGrace{250};
constexpr Milliseconds kPublishRetry{10};

std::string random_id() {
    std::random_device device;
    std::string id;
    for (int part = 0; part < 4; ++part) {
        id += fmt::format("{:08x}", device());
    }
    return id;
}

// Whether a gateway/status message (SPEC 6.6) says that musterd is there;
// nullopt for anything else.
std::optional<bool> online_in(const mqtt::Inbound& message) {
    const auto parsed = parse_json(message.payload, limits::kInfoBytes, limits::kJsonDepth);
    const std::string status = parsed ? text_of(as_object(*parsed), "status") : std::string();
    if (status != "online" && status != "offline") {
        return std::nullopt;
    }
    return status == "online";
}

// A connection to the broker, and where its messages arrive.
class Connection {
public:
    Connection(const Settings& settings, const MakeLink& make_link)
        : settings_(settings), make_link_(make_link) {}
    ~Connection() {
        if (link_) {
            link_->stop({});
        }
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Nothing happens when it is open already. `topics` are wanted from the start.
    Outcome<void> open(std::vector<Subscription> subscriptions, const std::vector<std::string>& topics,
                       Clock::time_point deadline) {
        if (!link_) {
            for (const std::string& topic : topics) {
                inbox.want(topic);
            }
            link_ = make_link_(link_options(std::move(subscriptions)));
            if (const auto started = link_->start(inbox); !started) {
                link_.reset();
                return usage_failure(started.error().message, started.error().details);
            }
        }
        return inbox.wait_connected(deadline) ? Outcome<void>() : unreachable();
    }

    Outcome<void> publish(const mqtt::Publication& publication, Clock::time_point deadline) {
        while (!link_->publish(publication)) {
            // The link was lost or its window is full: both pass, or do not.
            inbox.wait_any({}, std::min(deadline, Clock::now() + kPublishRetry));
            if (Clock::now() >= deadline) {
                return unreachable();
            }
        }
        return {};
    }

    Failure unreachable() {
        const std::string reason = inbox.reason();
        return connection_failure(
            fmt::format("no connection as user {}: {}", settings_.user,
                        reason.empty() ? settings_.broker + " gave no answer in time" : reason),
            "check --broker, --user and --password-file");
    }

    TopicInbox inbox;

private:
    mqtt::LinkOptions link_options(std::vector<Subscription> subscriptions) const {
        mqtt::LinkOptions options;
        options.brokers = {settings_.broker};
        options.user = settings_.user;
        options.password = settings_.password;
        options.tls = {settings_.ca_file, settings_.certificate_file, settings_.key_file};
        options.connect_timeout = std::max(std::chrono::ceil<Seconds>(settings_.timeout), Seconds(1));
        options.subscriptions = std::move(subscriptions);
        options.one_connection = true;
        return options;
    }

    const Settings& settings_;
    const MakeLink& make_link_;
    std::unique_ptr<mqtt::Link> link_;
};

class MqttFeed final : public JobFeed {
public:
    MqttFeed(const Settings& settings, const MakeLink& make_link, JobId job)
        : connection_(settings, make_link),
          job_topic_(settings.topics.job(job)),
          status_topic_(settings.topics.gateway_status()) {}

    Outcome<void> open(Clock::time_point deadline) {
        return connection_.open({{job_topic_, 1}, {status_topic_, 1}}, {job_topic_, status_topic_}, deadline);
    }

    JobNews next(Milliseconds wait) override {
        connection_.inbox.wait_any({job_topic_, status_topic_}, Clock::now() + wait);
        JobNews news;
        if (const auto status = connection_.inbox.take(status_topic_)) {
            news.gateway_online = online_in(*status);
        }
        if (const auto message = connection_.inbox.take(job_topic_)) {
            const auto job = parse_json(message->payload, limits::kRequestBytes, limits::kRequestJsonDepth);
            news.deleted = message->payload.empty();
            if (job && job->is_object()) {
                news.job = job->get_object();
            }
        }
        return news;
    }

private:
    Connection connection_;
    std::string job_topic_;
    std::string status_topic_;
};

class MqttClient final : public Client {
public:
    MqttClient(const Settings& settings, MakeLink make_link)
        : settings_(settings),
          make_link_(std::move(make_link)),
          status_topic_(settings.topics.gateway_status()),
          connection_(settings_, make_link_) {}

    Outcome<json::value> request(const std::string& verb, const json::object& body,
                                 Milliseconds timeout) override;

    Outcome<std::unique_ptr<JobFeed>> follow(JobId job) override {
        auto feed = std::make_unique<MqttFeed>(settings_, make_link_, job);
        if (const auto opened = feed->open(Clock::now() + settings_.timeout); !opened) {
            return opened.error();
        }
        return std::unique_ptr<JobFeed>(std::move(feed));
    }

private:
    Outcome<void> open(Clock::time_point deadline);
    void note_status();
    Outcome<mqtt::Inbound> wait_reply(const std::string& topic, Clock::time_point deadline,
                                      Milliseconds timeout);
    Failure gateway_offline(std::string_view consequence) const;

    const Settings& settings_;
    MakeLink make_link_;
    std::string status_topic_;
    Connection connection_;
    bool opened_ = false;
    std::optional<bool> gateway_online_;  // absent: not known
};

Outcome<void> MqttClient::open(Clock::time_point deadline) {
    const Subscription replies{settings_.topics.response_prefix(settings_.user) + "#", 1};
    if (auto opened = connection_.open({replies, {status_topic_, 1}}, {status_topic_}, deadline); !opened) {
        return opened;
    }
    if (!std::exchange(opened_, true)) {
        connection_.inbox.wait_any({status_topic_}, std::min(deadline, Clock::now() + kStatusGrace));
    }
    note_status();
    return gateway_online_ == false ? Outcome<void>(gateway_offline("Nothing was sent.")) : Outcome<void>();
}

void MqttClient::note_status() {
    if (const auto message = connection_.inbox.take(status_topic_)) {
        gateway_online_ = online_in(*message);
    }
}

Failure MqttClient::gateway_offline(std::string_view consequence) const {
    return connection_failure(
        fmt::format("the broker at {} is there, but musterd is offline. {}", settings_.broker, consequence),
        "start it, for example with `systemctl start musterd`");
}

Outcome<mqtt::Inbound> MqttClient::wait_reply(const std::string& topic, Clock::time_point deadline,
                                              Milliseconds timeout) {
    while (Clock::now() < deadline) {
        connection_.inbox.wait_any({topic, status_topic_}, deadline);
        if (auto reply = connection_.inbox.take(topic)) {
            return std::move(*reply);
        }
        note_status();
        if (gateway_online_ == false) {
            return gateway_offline("Whether it carried out the request before is not known.");
        }
    }
    if (!connection_.inbox.connected()) {
        return connection_.unreachable();
    }
    return connection_failure(
        fmt::format("no answer from musterd at {} within {}", settings_.broker, format_duration(timeout)),
        fmt::format("is it running, and does user {} have a role?", settings_.user));
}

Outcome<json::value> MqttClient::request(const std::string& verb, const json::object& body,
                                         Milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    const std::string id = random_id();
    json::object request = body;
    request["id"] = id;
    mqtt::Publication publication;
    publication.topic = settings_.topics.request(settings_.user, verb);
    publication.payload = json::serialize(request);
    // The same topic whether the broker speaks MQTT 5 or 3.1.1 (SPEC 6.4).
    publication.response_topic = settings_.topics.response(settings_.user, id);
    publication.correlation = id;
    publication.expiry_seconds =
        static_cast<std::uint32_t>(std::max(std::chrono::ceil<Seconds>(timeout), Seconds(1)).count());
    if (publication.payload.size() > limits::kRequestBytes) {
        return usage_failure(fmt::format("the request has {} bytes; musterd takes at most {}",
                                         publication.payload.size(), limits::kRequestBytes));
    }
    if (const auto opened = open(deadline); !opened) {
        return opened.error();
    }
    connection_.inbox.want(publication.response_topic);
    const auto published = connection_.publish(publication, deadline);
    auto reply = published ? wait_reply(publication.response_topic, deadline, timeout)
                           : Outcome<mqtt::Inbound>(published.error());
    connection_.inbox.forget(publication.response_topic);
    if (!reply) {
        return reply.error();
    }
    return parse_reply(reply->payload, id);
}

}  // namespace

std::unique_ptr<Client> make_mqtt_client(const Settings& settings, MakeLink make_link) {
    return std::make_unique<MqttClient>(settings, std::move(make_link));
}

}  // namespace muster::cli
