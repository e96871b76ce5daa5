#include "tests/simulation/asker.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/simulation/fleet_documents.hpp"

#include <array>

namespace muster::simulation {
namespace json = boost::json;

Asker::Asker(const Topics& topics, Schedule& schedule, Broker& broker, Transcript& transcript,
             const Crowd& crowd, Figures& figures)
    : topics_(topics),
      schedule_(schedule),
      broker_(broker),
      transcript_(transcript),
      crowd_(crowd),
      figures_(figures) {}

void Asker::connect() {
    Broker::Client client;
    client.filters = {topics_.response_prefix(kAdmin) + "#", topics_.response_prefix(kViewer) + "#"};
    client.receive = [this](const Message& message) { receive(message); };
    client.on_cut = [this] { connect_later(); };
    broker_.connect("asker", std::move(client));
}

void Asker::connect_later() {
    schedule_.after(Milliseconds{100}, [this] { broker_.up() ? connect() : connect_later(); });
}

void Asker::set_up() {
    send("template/put", kWholeTemplate);
    for (const auto body : kSets) {
        send("set/put", body);
    }
}

void Asker::send(std::string_view verb, std::string_view body) {
    ++figures_.requests;
    transcript_.say("ask: {} {}", verb, body);
    Message message{topics_.request(kAdmin, verb), std::string(body)};
    message.response_topic = topics_.response_prefix(kAdmin) + "here";
    message.correlation = std::string(verb) + "#" + std::to_string(++last_request_);
    broker_.publish("asker", std::move(message));
}

void Asker::send(std::string_view verb, const json::object& body) {
    send(verb, format_json(body));
}

void Asker::receive(const Message& message) {
    const auto reply = parse_json(message.payload, limits::kReplyBytes, limits::kRequestJsonDepth);
    if (!reply) {
        return;
    }
    const auto verb = message.correlation.substr(0, message.correlation.find('#'));
    ++answers_[verb];
    if (const auto* result = reply->as_object().if_contains("result")) {
        const auto& told = result->as_object();
        if (const auto* job = told.if_contains("job"); job != nullptr && job->is_number()) {
            newest_job_ = std::max(newest_job_, job->to_number<std::uint64_t>());
        }
        if (const auto* digest = told.if_contains("digest"); digest != nullptr && digest->is_string()) {
            digest_ = std::string(digest->as_string());
        }
    }
}

std::string Asker::any_device(sim::Random& random) const {
    return random.below(20) == 0 ? "stranger" : crowd_.at(random.below(crowd_.size())).id();
}

std::uint64_t Asker::any_job_id(sim::Random& random) const {
    // Recent ones more often; sometimes one that does not exist.
    const auto back = std::min(random.below(12), random.below(12));
    return back > newest_job_ ? newest_job_ + 1 : newest_job_ - back;
}

json::array Asker::any_devices(sim::Random& random) const {
    json::array devices;
    for (std::size_t index = 0; index < crowd_.size(); ++index) {
        if (random.below(3) > 0) {
            devices.emplace_back(crowd_.at(index).id());
        }
    }
    return devices;
}

json::array Asker::any_operations(sim::Random& random, std::string_view type) const {
    json::array operations;
    if (type == "settings") {
        operations.push_back(json::object{{"name", "fanSpeed"}, {"value", random.below(6)}});
        if (random.below(3) == 0) {
            operations.push_back(
                json::object{{"name", "light"}, {"value", random.below(2) == 0 ? "on" : "off"}});
        }
    } else if (type == "properties") {
        if (random.below(2) == 0) {
            operations.push_back(
                json::object{{"name", kGatewayProperty}, {"value", std::to_string(random.below(9))}});
        }
        if (operations.empty() || random.below(2) == 0) {
            operations.push_back(
                json::object{{"name", "assetTag"}, {"value", std::to_string(random.below(9))}});
        }
    } else {
        operations.push_back(
            json::object{{"name", "defrost"}, {"args", json::object{{"minutes", 1 + random.below(9)}}}});
        if (random.below(2) == 0) {
            operations.push_back(json::object{{"name", "beep"}});
        }
    }
    return operations;
}

json::object Asker::any_policy(sim::Random& random, std::string_view type) const {
    json::object policy;
    // Short enough to pass among the faults, or long enough never to: but a
    // command that is lost to a device without memory takes all its time.
    if (random.below(2) == 0) {
        const auto longest = type == "commands" ? 1'200U : 7'200U;
        policy["timeout_seconds"] = random.below(2) == 0 ? 3 + random.below(60) : longest;
    }
    if (random.below(2) == 0) {
        policy["offline"] = random.below(2) == 0 ? "wait" : "fail";
    }
    if (random.below(3) == 0) {
        policy["window"] = 1 + random.below(3);
    }
    return policy;
}

json::object Asker::any_job(sim::Random& random) const {
    constexpr std::array<std::string_view, 4> kTypes{"settings", "settings", "properties", "commands"};
    const auto type = kTypes[random.below(kTypes.size())];
    json::object job{
        {"name", "job"},
        {"set", random.below(2) == 0 ? kSetNames[0] : kSetNames[random.below(std::size(kSetNames))]},
        {"type", type},
        {"operations", any_operations(random, type)},
        {"policy", any_policy(random, type)}};
    switch (random.below(3)) {
        case 0:
            job["selection"] = json::object{{"devices", any_devices(random)}};
            break;
        case 1:
            job["selection"] = json::object{{"all", true}, {"except", json::array{any_device(random)}}};
            break;
        default:
            break;
    }
    return job;
}

void Asker::ask(std::uint64_t salt) {
    sim::Random random(salt);
    const auto drawn = random.below(100);
    if (drawn < 40) {
        auto job = any_job(random);
        job["run"] = random.below(4) > 0;
        send("job/save", job);
    } else if (drawn < 70) {
        ask_of_job(random);
    } else if (drawn < 82) {
        ask_question(random);
    } else if (drawn < 95) {
        ask_of_fleet(random);
    } else {
        ask_nonsense(random);
    }
}

void Asker::ask_of_job(sim::Random& random) {
    const auto job = any_job_id(random);
    switch (random.below(10)) {
        case 0:
        case 1:
        case 2:
            return send("job/stop", json::object{{"job", job}});
        case 3:
        case 4:
        case 5:
            return send("job/run", json::object{{"job", job}});
        case 6:
            return send("job/copy", json::object{{"job", job}});
        case 7:
            return send("job/rerun", json::object{{"job", job}, {"run", random.below(2) == 0}});
        case 8:
            return send("job/delete", json::object{{"job", job}});
        default: {
            auto edited = any_job(random);
            edited["job"] = job;
            return send("job/save", edited);
        }
    }
}

void Asker::ask_question(sim::Random& random) {
    const auto job = any_job_id(random);
    switch (random.below(12)) {
        case 0:
            return send("job/plan", any_job(random));
        case 1:
            return send("job/plan", json::object{{"job", job}});
        case 2:
            return send("job/run", json::object{{"job", job}, {"digest", digest_}});
        case 3:
            return send("job/list", json::object{{"limit", 1 + random.below(50)}});
        case 4:
            return send("job/devices", json::object{{"job", job}});
        case 5:
            return send("job/csv", json::object{{"job", job}, {"limit", 1 + random.below(5)}});
        case 6:
            return send("device/list", json::object{{"query", "online && tags.site == \"oslo\""}});
        case 7:
            return send("device/get", json::object{{"device", any_device(random)}});
        case 8:
            return send("set/preview", json::object{{"set", kSetNames[random.below(std::size(kSetNames))]}});
        case 9:
            return random.below(2) == 0 ? send("set/list", "{}")
                                        : send("set/get", json::object{{"set", kSetNames[0]}});
        case 10:
            return random.below(2) == 0 ? send("template/get", json::object{{"template", "refrigerator"}})
                                        : send(random.below(2) == 0 ? "template/list" : "status", "{}");
        default:
            return send("job/get", json::object{{"job", job}});
    }
}

void Asker::ask_of_fleet(sim::Random& random) {
    switch (random.below(8)) {
        case 0:
        case 1:
            return send("device/delete", json::object{{"device", any_device(random)}});
        case 2:
        case 3:
            return send("device/put", json::object{{"device", any_device(random)},
                                                   {"tags", json::object{{"site", "oslo"}}},
                                                   {"properties", json::object{{kGatewayProperty, "here"}}}});
        case 4:
            return send("set/delete", json::object{{"set", kSetNames[random.below(std::size(kSetNames))]}});
        case 5:
            return send("set/put", kSets[random.below(std::size(kSets))]);
        case 6:
            return random.below(3) == 0 ? send("template/delete", json::object{{"template", "refrigerator"}})
                                        : send("template/put", kSmallTemplate);
        default:
            return send("template/put", kWholeTemplate);
    }
}

void Asker::ask_nonsense(sim::Random& random) {
    switch (random.below(6)) {
        case 0:
            return send("job/explode", "{}");
        case 1:
            return send("job/save", R"({"name":)");
        case 2:
            return send(
                "job/save",
                R"({"name":"x","set":"fridges","type":"settings","operations":[{"name":"warp","value":9}]})");
        case 3:
            return send("job/run", R"({"job":-1})");
        case 4:
            return send("device/put", R"({"device":"../../etc","tags":{}})");
        default:
            return send("job/list", R"({"limit":1e99,"cursor":"zz"})");
    }
}

}  // namespace muster::simulation
