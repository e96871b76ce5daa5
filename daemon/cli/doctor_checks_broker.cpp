// What is made of the facts about the broker.
#include "daemon/cli/doctor_checks.hpp"
#include "daemon/cli/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::cli::checkup {
namespace {

// What each device says at once when it comes: status, info, state.
constexpr std::uint64_t kMessagesPerDevice = 3;
// Mosquitto's, where nothing else is said.
constexpr std::uint64_t kQueueDefault = 1'000;
// Connections of clients and the broker's own files, beside those of devices.
constexpr std::uint64_t kDescriptorsBeside = 100;
// musterd's window where it does not say another.
constexpr std::uint64_t kWindowDefault = 300;
constexpr std::uint16_t kNoReceiveMaximum = 65'535;

constexpr const char* kSetUp =
    "Set the broker up with passwords and an access list: systemd/mosquitto/README.md has it step by step.";

std::string fix_of(const mqtt::ProbeFailure& failure, const BrokerFacts& broker) {
    switch (failure.stage) {
        case mqtt::PathStage::name:
            return "Check the host in --broker (MUSTER_BROKER), and that its name is known here:\n"
                   "getent hosts HOST";
        case mqtt::PathStage::connection:
            return fmt::format(
                "Is the broker running, and is this its port? {}:\n"
                "systemctl status mosquitto; journalctl -u mosquitto -n 30; ss -ltn",
                broker.loopback ? "See" : "On its machine, see");
        case mqtt::PathStage::tls:
            return "Give the authority that signed the broker's certificate with --ca-file (MUSTER_CA_FILE), "
                   "use the host name that the certificate is for, and see how the broker's TLS is set up:\n"
                   "journalctl -u mosquitto -n 30";
        case mqtt::PathStage::login:
            return "Check --user (MUSTER_USER) and --password-file (MUSTER_PASSWORD_FILE), or what the "
                   "broker "
                   "says:\n"
                   "journalctl -u mosquitto -n 30";
    }
    return "";
}

std::optional<std::uint64_t> devices(const Facts& facts) {
    const auto* found = facts.gateway.facts();
    return found == nullptr ? std::nullopt : std::optional(count_of(object_of(*found, "devices"), "total"));
}

// Rounded up, so that the fleet may grow.
std::uint64_t queue_for(std::uint64_t messages) {
    return std::max(kQueueDefault, (messages * 2 + kQueueDefault - 1) / kQueueDefault * kQueueDefault);
}

std::string queue_fix(std::uint64_t messages) {
    return fmt::format(
        "In mosquitto.conf set max_queued_messages {} and max_queued_bytes 0 or enough for them, "
        "then:\nsystemctl restart mosquitto",
        queue_for(messages));
}

// What the network sees is worse than what only this machine does.
Verdict exposed(const BrokerFacts& broker) {
    return broker.loopback ? Verdict::warning : Verdict::problem;
}

}  // namespace

Finding judge_reach(const Facts& facts) {
    const auto& broker = facts.broker;
    if (broker.failure) {
        const bool named = broker.failure->reason.find(broker.url) != std::string::npos;
        return {Verdict::problem, named ? broker.failure->reason : broker.url + ": " + broker.failure->reason,
                fix_of(*broker.failure, broker)};
    }
    return well(fmt::format("{} lets in {}", broker.url, facts.user));
}

Finding judge_version(const Facts& facts) {
    if (facts.broker.version.empty()) {
        return skipped(
            fmt::format("{} may not read $SYS/broker/version, or the broker does not say", facts.user));
    }
    return well(facts.broker.version);
}

Finding judge_protocol(const Facts& facts) {
    if (facts.broker.greeting.mqtt_version == 5) {
        return well("5");
    }
    return {
        Verdict::warning,
        "3.1.1: the broker does not say what it denies, nor how much it takes at once, and operations for "
        "devices that are away do not expire in it",
        "Use a broker that speaks MQTT 5, such as Mosquitto 2."};
}

Finding judge_window(const Facts& facts) {
    const auto* found = facts.gateway.facts();
    const auto wanted = found == nullptr ? kWindowDefault : count_of(*found, "configured_window");
    const auto maximum = facts.broker.greeting.receive_maximum;
    auto in_force = found == nullptr ? std::uint64_t{0} : count_of(*found, "window");
    if (in_force == 0) {  // only what this client was told is known
        in_force = maximum == kNoReceiveMaximum
                       ? wanted
                       : std::min(wanted, std::max(std::uint64_t{maximum}, std::uint64_t{2}) - 1);
    }
    if (in_force < wanted) {
        return {
            Verdict::warning,
            fmt::format("only {} messages of musterd's window of {} may be under way at once: the broker's "
                        "Receive Maximum is {}, which makes jobs slower",
                        in_force, wanted, in_force + 1),
            fmt::format("In mosquitto.conf set max_inflight_messages {} (or lower broker.window in "
                        "musterd.yaml), then:\nsystemctl restart mosquitto",
                        std::max<std::uint64_t>(1'000, wanted + 1))};
    }
    return well(maximum == kNoReceiveMaximum
                    ? fmt::format("not limited; musterd's window is {}", wanted)
                    : fmt::format("{}, enough for musterd's window of {}", maximum, wanted));
}

Finding judge_queue(const Facts& facts) {
    const auto known = devices(facts);
    if (!known) {
        return skipped("how many devices there are is not known");
    }
    const auto needed = *known * kMessagesPerDevice;
    const auto& configuration = facts.machine.configuration;
    if (configuration) {
        const auto set = configuration->queued_messages;
        if (set != 0 && set < needed) {
            return {
                Verdict::warning,
                fmt::format("{} devices say {} things when they all come at once, and max_queued_messages is "
                            "{}: the rest is dropped without a word",
                            *known, needed, set),
                queue_fix(needed)};
        }
        return well(fmt::format("max_queued_messages is {}, enough for {} devices",
                                set == 0 ? std::string("without limit") : std::to_string(set), *known));
    }
    if (needed <= kQueueDefault) {
        return well(
            fmt::format("a default Mosquitto's queue ({}) is enough for {} devices", kQueueDefault, *known));
    }
    return {Verdict::warning,
            fmt::format("{} devices say {} things when they all come at once; how many the broker keeps for "
                        "musterd cannot be seen from here, and a default Mosquitto drops what is beyond {}",
                        *known, needed, kQueueDefault),
            queue_fix(needed)};
}

Finding judge_retained(const Facts& facts) {
    switch (facts.broker.retained_on_wildcards) {
        case Retained::delivered:
            return well("come to subscriptions with wildcards");
        case Retained::kept_back:
            return {
                Verdict::warning,
                "do not come to subscriptions with wildcards: after a restart musterd knows who is online "
                "only when its announcement was answered",
                "Nothing has to be done if every device publishes status and info again upon all/announce "
                "(SPEC 5.5); else use a broker that delivers them, such as Mosquitto."};
        case Retained::not_known:
            break;
    }
    return skipped(
        fmt::format("{} may not read {}/gateway/status, nor publish what could be looked for instead",
                    facts.user, facts.root));
}

Finding judge_anonymous(const Facts& facts) {
    const auto& broker = facts.broker;
    switch (broker.anonymous) {
        case Access::closed:
            return well("are not let in");
        case Access::open:
            return {
                broker.anonymous_commands == Access::closed ? Verdict::warning : exposed(broker),
                fmt::format("the broker lets in whoever comes without a name{}",
                            broker.anonymous_commands == Access::open
                                ? ", and takes operations for devices from them"
                                : ""),
                std::string("In mosquitto.conf set allow_anonymous false and a password_file. ") + kSetUp};
        case Access::not_known:
            break;
    }
    return skipped("it was not tried");
}

Finding judge_access(const Facts& facts) {
    const auto& broker = facts.broker;
    std::string may;
    const auto add = [&may](Access access, std::string_view what) {
        if (access == Access::open) {
            may += fmt::format("{}{}", may.empty() ? "" : ", ", what);
        }
    };
    add(broker.commands, "send operations to any device");
    add(broker.replies, "answer other users in musterd's name");
    add(broker.reports, "read what devices report");
    if (!may.empty()) {
        return {
            exposed(broker), fmt::format("is not in force: the user {} may {}", facts.user, may),
            std::string("Give the broker an acl_file such as systemd/mosquitto/muster.acl, and doctor a user "
                        "other than musterd's own. ") +
                kSetUp};
    }
    if (broker.commands == Access::closed && broker.replies == Access::closed) {
        return well(fmt::format("is in force: {} may not send operations to devices nor answer for musterd{}",
                                facts.user,
                                broker.reports == Access::closed ? " nor read what devices report" : ""));
    }
    return {Verdict::warning,
            "whether it is in force could not be seen: this broker does not say what it denies",
            "See that the broker holds each user to the topics of protocol/SPEC.md, section 10."};
}

Finding judge_broker_descriptors(const Facts& facts) {
    const auto& machine = facts.machine;
    const auto known = devices(facts);
    if (machine.broker_process == 0) {
        return skipped(facts.broker.loopback ? "the broker's process is not to be seen (run doctor as root)"
                                             : "the broker is on another machine (run doctor there)");
    }
    if (!machine.broker_descriptors) {
        return well("not limited");
    }
    const auto needed = known.value_or(0) + kDescriptorsBeside;
    const auto limit = *machine.broker_descriptors;
    if (limit < needed) {
        return {
            limit < known.value_or(0) ? Verdict::problem : Verdict::warning,
            fmt::format("the broker (process {}) may open {} files, a connection takes one, and there are {} "
                        "devices",
                        machine.broker_process, limit, known.value_or(0)),
            fmt::format(
                "Put LimitNOFILE={} under [Service], then restart it (systemd/mosquitto/limits.conf):\n"
                "systemctl edit mosquitto; systemctl restart mosquitto",
                std::max<std::uint64_t>(65'536, needed * 2))};
    }
    return well(fmt::format("the broker may open {}, {} are enough for {} devices", limit, needed,
                            known.value_or(0)));
}

}  // namespace muster::cli::checkup
