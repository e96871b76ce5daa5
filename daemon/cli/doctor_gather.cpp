#include "daemon/cli/doctor_gather.hpp"

#include "daemon/cli/doctor_machine.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/reply.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace muster::cli::checkup {
namespace json = boost::json;
namespace {

using SteadyClock = std::chrono::steady_clock;

// How long what is retained, or a second answer, may take where it need not come at all.
constexpr Milliseconds kGrace{500};
// How long a musterd that says it is offline is waited for.
constexpr Milliseconds kOfflineGrace{1'000};
// Between two looks at a check of the store that is under way.
constexpr Milliseconds kPollStore{200};
constexpr const char* kVersionTopic = "$SYS/broker/version";

std::string random_name() {
    std::random_device random;
    return fmt::format("muster-doctor-{:08x}", random());
}

SteadyClock::time_point in(Milliseconds time) {
    return SteadyClock::now() + time;
}

class Gatherer {
public:
    Gatherer(const Settings& settings, const mqtt::OpenProbe& open, const std::function<TimePoint()>& now,
             mqtt::BrokerUrl url)
        : settings_(settings), open_(open), now_(now), url_(std::move(url)), nobody_(random_name()) {}

    Facts gather() {
        facts_.user = settings_.user;
        facts_.root = settings_.topics.root();
        facts_.client_version = MUSTER_VERSION;
        facts_.broker.url = mqtt::to_string(url_);
        facts_.broker.loopback = is_here(url_);
        auto session = open_(options(settings_.user, settings_.password));
        if (!session) {
            facts_.broker.failure = session.error();
            return std::move(facts_);
        }
        session_ = std::move(*session);
        facts_.broker.greeting = session_->greeting();
        read_retained();
        ask_musterd();
        await_store_check();
        try_retained();
        try_writing();
        try_reading();
        try_anonymous();
        return std::move(facts_);
    }

private:
    mqtt::ProbeOptions options(std::string user, std::string password) const {
        mqtt::ProbeOptions probe;
        probe.url = url_;
        probe.user = std::move(user);
        probe.password = std::move(password);
        probe.tls = {settings_.ca_file, settings_.certificate_file, settings_.key_file};
        probe.limit = settings_.timeout;
        return probe;
    }

    // The next message on this topic; those on others are dropped, but for what
    // the gateway says of itself.
    std::optional<mqtt::Inbound> await(const std::string& topic, SteadyClock::time_point deadline) {
        while (auto message = session_->receive(deadline)) {
            if (message->topic == settings_.topics.gateway_status()) {
                note_status(*message);
            }
            if (message->topic == topic) {
                return message;
            }
        }
        return std::nullopt;
    }

    void note_status(const mqtt::Inbound& message) {
        const auto parsed = parse_json(message.payload, limits::kInfoBytes, limits::kJsonDepth);
        const std::string status = parsed ? text_of(as_object(*parsed), "status") : std::string();
        if (status == "online" || status == "offline") {
            facts_.gateway.online = status == "online";
        }
        status_was_retained_ = status_was_retained_ || message.retained;
    }

    void read_retained() {
        if (session_->subscribe(kVersionTopic) == mqtt::ProbeAnswer::yes) {
            if (const auto version = await(kVersionTopic, in(kGrace))) {
                facts_.broker.version = version->payload;
            }
        }
        if (session_->subscribe(settings_.topics.gateway_status()) == mqtt::ProbeAnswer::yes) {
            static_cast<void>(await(settings_.topics.gateway_status(), in(kGrace)));
        }
        static_cast<void>(session_->subscribe(settings_.topics.response_prefix(settings_.user) + "#"));
    }

    struct Question {
        std::string id;
        std::string topic;  // of the answers
    };
    std::optional<Question> ask(std::string_view verb, json::object body) {
        Question question{random_name(), settings_.topics.response(settings_.user, "")};
        question.topic = settings_.topics.response(settings_.user, question.id);
        body["id"] = question.id;
        mqtt::Publication request;
        request.topic = settings_.topics.request(settings_.user, verb);
        request.payload = json::serialize(body);
        request.response_topic = question.topic;
        request.correlation = question.id;
        request.expiry_seconds = static_cast<std::uint32_t>(
            std::max(std::chrono::ceil<Seconds>(settings_.timeout), Seconds(1)).count());
        return session_->publish(request) == mqtt::ProbeAnswer::yes ? std::optional(std::move(question))
                                                                    : std::nullopt;
    }
    // nullopt: none came.
    std::optional<Outcome<json::value>> answer(const Question& question, SteadyClock::time_point deadline) {
        const auto message = await(question.topic, deadline);
        return message ? std::optional(parse_reply(message->payload, question.id)) : std::nullopt;
    }

    void add(Outcome<json::value> reply) {
        facts_.gateway.answers.push_back(reply ? Answered{as_object(*reply)}
                                               : Answered{{}, reply.error().error});
    }

    void ask_musterd() {
        const auto begun = now_();
        const auto question = ask("doctor", {{"check_store", true}});
        if (!question) {
            return;
        }
        const bool offline = facts_.gateway.online == false;
        auto reply =
            answer(*question, in(offline ? std::min(kOfflineGrace, settings_.timeout) : settings_.timeout));
        if (!reply) {
            return;
        }
        const auto ended = now_();
        facts_.gateway.round_trip = ended - begun;
        if (*reply) {
            const auto theirs = parse_utc(text_of(object_of(as_object(**reply), "clock"), "now"));
            facts_.gateway.clock_ahead = theirs ? *theirs - (begun + (ended - begun) / 2) : Milliseconds(0);
        }
        add(std::move(*reply));
        // One question has one answer, unless there are two who take it for theirs.
        const auto deadline = in(kGrace);
        while (auto more = answer(*question, deadline)) {
            add(std::move(*more));
        }
    }

    void await_store_check() {
        const auto deadline = in(settings_.timeout);
        while (SteadyClock::now() < deadline) {
            const auto* facts = facts_.gateway.facts();
            if (facts == nullptr || text_of(object_of(*facts, "store_check"), "state") != "running") {
                return;
            }
            static_cast<void>(await("", in(kPollStore)));
            const auto question = ask("doctor", {});
            const auto reply = question ? answer(*question, deadline) : std::nullopt;
            if (!reply || !*reply) {
                return;
            }
            for (auto& each : facts_.gateway.answers) {
                if (!each.refusal && text_of(each.result, "run") == text_of(as_object(**reply), "run")) {
                    each.result = as_object(**reply);
                }
            }
        }
    }

    // Whether a message retained on `topic` comes to who asks for `filter`.
    bool comes_retained(const std::string& filter, const std::string& topic) {
        if (session_->subscribe(filter) != mqtt::ProbeAnswer::yes) {
            return false;
        }
        const auto deadline = in(kGrace);
        while (const auto message = await(topic, deadline)) {
            if (message->retained) {
                return true;
            }
        }
        return false;
    }

    void try_retained() {
        const std::string status = settings_.topics.gateway_status();
        auto& found = facts_.broker.retained_on_wildcards;
        if (comes_retained(status.substr(0, status.rfind('/') + 1) + "+", status)) {
            found = Retained::delivered;
            return;
        }
        const std::string topic = settings_.topics.root() + "/doctor/" + nobody_;
        if (session_->publish({topic, "muster doctor looks whether this comes back", 1, true, {}, {}, 60U}) !=
            mqtt::ProbeAnswer::yes) {
            return;
        }
        if (comes_retained(settings_.topics.root() + "/doctor/+", topic)) {
            found = Retained::delivered;
        } else if (comes_retained(topic, topic)) {
            found = Retained::kept_back;
        }
        static_cast<void>(session_->publish({topic, "", 1, true, {}, {}, {}}));
    }

    // With MQTT 5 the broker says what it does not allow; before, only a message that comes back tells.
    static Access may_write(mqtt::ProbeSession& session, const std::string& topic) {
        switch (
            session.publish({topic, "muster doctor looks whether this is allowed", 1, false, {}, {}, 60U})) {
            case mqtt::ProbeAnswer::yes:
                return session.greeting().mqtt_version == 5 ? Access::open : Access::not_known;
            case mqtt::ProbeAnswer::denied:
                return Access::closed;
            case mqtt::ProbeAnswer::unknown:
                break;
        }
        return Access::not_known;
    }
    Access may_write(const std::string& topic) {
        if (session_->greeting().mqtt_version == 5) {
            return may_write(*session_, topic);
        }
        static_cast<void>(session_->subscribe(topic));
        static_cast<void>(may_write(*session_, topic));
        return await(topic, in(kGrace)) ? Access::open : Access::not_known;
    }

    void try_writing() {
        facts_.broker.commands = may_write(settings_.topics.device(nobody_, DeviceTopic::cmd));
        facts_.broker.replies = may_write(settings_.topics.response(nobody_, nobody_));
    }

    // The status of a device that is online is retained, unless the broker retains nothing.
    void try_reading() {
        const auto question = facts_.gateway.facts() == nullptr
                                  ? std::nullopt
                                  : ask("device/list", {{"limit", 2}, {"online", true}});
        const auto reply = question ? answer(*question, in(settings_.timeout)) : std::nullopt;
        if (!reply || !*reply) {
            return;
        }
        for (const auto& item : array_of(as_object(**reply), "items")) {
            const std::string device = text_of(as_object(item), "device");
            if (device.empty() || device == settings_.user) {
                continue;
            }
            const std::string topic = settings_.topics.device(device, DeviceTopic::status);
            const bool comes = comes_retained(topic, topic);
            facts_.broker.reports = comes                  ? Access::open
                                    : status_was_retained_ ? Access::closed
                                                           : Access::not_known;
            return;
        }
    }

    void try_anonymous() {
        const auto session = open_(options({}, {}));
        facts_.broker.anonymous = session ? Access::open : Access::closed;
        if (session) {
            facts_.broker.anonymous_commands =
                may_write(**session, settings_.topics.device(nobody_, DeviceTopic::cmd));
        }
    }

    const Settings& settings_;
    const mqtt::OpenProbe& open_;
    const std::function<TimePoint()>& now_;
    const mqtt::BrokerUrl url_;
    const std::string nobody_;
    std::unique_ptr<mqtt::ProbeSession> session_;
    bool status_was_retained_ = false;
    Facts facts_;
};

}  // namespace

Outcome<Facts> gather(const Settings& settings, const mqtt::OpenProbe& open,
                      const std::function<TimePoint()>& now) {
    auto url = mqtt::parse_broker_url(settings.broker);
    if (!url) {
        return usage_failure(url.error().message);
    }
    return Gatherer(settings, open, now, std::move(*url)).gather();
}

}  // namespace muster::cli::checkup
