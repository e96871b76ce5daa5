#include "daemon/cli/doctor_checks.hpp"

#include "daemon/cli/fields.hpp"

#include <array>

namespace muster::cli::checkup {
namespace {

enum class Needs { nothing, broker, musterd };

struct Row {
    std::string_view id;
    std::string_view title;
    Needs needs;
    Finding (*judge)(const Facts& facts);
};

// In the order in which one thing needs another.
// clang-format off
constexpr std::array kRows{
    Row{"broker.reach",        "broker",             Needs::nothing, judge_reach},
    Row{"broker.version",      "broker's version",   Needs::broker,  judge_version},
    Row{"broker.mqtt",         "MQTT version",       Needs::broker,  judge_protocol},
    Row{"broker.window",       "Receive Maximum",    Needs::broker,  judge_window},
    Row{"broker.queue",        "broker's queues",    Needs::broker,  judge_queue},
    Row{"broker.retained",     "retained messages",  Needs::broker,  judge_retained},
    Row{"broker.anonymous",    "anonymous clients",  Needs::broker,  judge_anonymous},
    Row{"broker.access",       "access list",        Needs::broker,  judge_access},
    Row{"broker.descriptors",  "broker's files",     Needs::broker,  judge_broker_descriptors},
    Row{"musterd.answers",     "musterd",            Needs::broker,  judge_answers},
    Row{"musterd.alone",       "only one musterd",   Needs::broker,  judge_alone},
    Row{"musterd.link",        "musterd's link",     Needs::musterd, judge_link},
    Row{"musterd.version",     "musterd's version",  Needs::musterd, judge_versions},
    Row{"musterd.descriptors", "musterd's files",    Needs::musterd, judge_descriptors},
    Row{"musterd.clock",       "clock",              Needs::musterd, judge_clock},
    Row{"store.state",         "store",              Needs::musterd, judge_store},
    Row{"store.integrity",     "store's integrity",  Needs::musterd, judge_integrity},
    Row{"store.space",         "disk space",         Needs::musterd, judge_space},
    Row{"store.inodes",        "free inodes",        Needs::musterd, judge_inodes},
};
// clang-format on

constexpr std::string_view kConfiguration = "configuration";

// Empty: it can be asked.
std::string missing(Needs needs, const Facts& facts) {
    switch (needs) {
        case Needs::nothing:
            return "";
        case Needs::broker:
            return facts.broker.failure ? "the broker was not reached" : "";
        case Needs::musterd:
            break;
    }
    if (facts.broker.failure) {
        return "the broker was not reached";
    }
    if (facts.gateway.facts() == nullptr) {
        return facts.gateway.answers.empty() ? "musterd did not answer" : "musterd did not say";
    }
    return "";
}

void add_configuration(const Facts& facts, std::vector<Check>& checks) {
    const auto why = missing(Needs::musterd, facts);
    const auto* found = facts.gateway.facts();
    if (!why.empty() || found == nullptr) {
        checks.push_back({std::string(kConfiguration), "configuration", Verdict::skipped, why});
        return;
    }
    const auto& warnings = array_of(*found, "configuration");
    if (warnings.empty()) {
        checks.push_back({std::string(kConfiguration), "configuration", Verdict::ok, "nothing to say of it"});
    }
    for (const auto& item : warnings) {
        const auto& warning = as_object(item);
        const auto key = text_of(warning, "key");
        checks.push_back({std::string(kConfiguration) + "." + key, "configuration", Verdict::warning,
                          key + ": " + text_of(warning, "message"), text_of(warning, "fix")});
    }
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::warning:
            return "warning";
        case Verdict::problem:
            return "problem";
        case Verdict::skipped:
            return "skipped";
    }
    return "";
}

std::vector<Check> judge(const Facts& facts) {
    std::vector<Check> checks;
    for (const auto& row : kRows) {
        const auto why = missing(row.needs, facts);
        auto [verdict, found, fix] = why.empty() ? row.judge(facts) : skipped(why);
        checks.push_back(
            {std::string(row.id), std::string(row.title), verdict, std::move(found), std::move(fix)});
    }
    add_configuration(facts, checks);
    return checks;
}

std::vector<std::string_view> check_ids() {
    std::vector<std::string_view> ids;
    for (const auto& row : kRows) {
        ids.push_back(row.id);
    }
    ids.push_back(kConfiguration);
    return ids;
}

}  // namespace muster::cli::checkup
