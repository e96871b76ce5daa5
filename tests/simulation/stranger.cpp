#include "tests/simulation/stranger.hpp"

#include "protocol/limits.hpp"

#include <iterator>

namespace muster::simulation {
namespace {

std::string deep_json(std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

std::string any_garbage(sim::Random& random) {
    switch (random.below(10)) {
        case 0:
            return {};
        case 1:
            return std::string(limits::kInfoBytes + 1, 'x');
        case 2:
            return deep_json(2'000);
        case 3:
            return R"({"id":"1.0.0-AAAAAAAA","code":1e999})";
        case 4:
            return std::string("\xff\xfe\x00\x1b]0;owned\x07", 12);
        case 5:
            return "1.0.0-AAAAAAAA 200";
        case 6:
            return R"({"id":"18446744073709551615.4294967295.65535-AAAAAAAA","code":200})";
        case 7:
            return R"({"proto":9,"template":"no/such","tags":{"a":[1]}})";
        case 8:
            return "onlineoffline";
        default:
            return R"({"fanSpeed":)";
    }
}

}  // namespace

void Stranger::connect() {
    Broker::Client client;
    client.on_cut = [this] { connect_later(); };
    broker_.connect("stranger", std::move(client));
}

void Stranger::connect_later() {
    schedule_.after(Milliseconds{300}, [this] { broker_.up() ? connect() : connect_later(); });
}

void Stranger::send(std::string topic, std::string payload, bool retain) {
    transcript_.say("a stranger on {}: {}", topic, payload.substr(0, 80));
    broker_.publish("stranger", {std::move(topic), std::move(payload), retain});
}

void Stranger::send_garbage(std::uint64_t salt) {
    sim::Random random(salt);
    const auto device = crowd_.at(random.below(crowd_.size())).id();
    switch (random.below(5)) {
        case 0:
            return send(topics_.root() + "/dev/../cmd/ack", any_garbage(random));
        case 1:
            return send(topics_.root() + "/api/" + device + "/req/job/run", any_garbage(random));
        case 2:
            return send(topics_.device("unknown-" + std::to_string(random.below(3)), DeviceTopic::state),
                        R"({"a":1})");
        default: {
            constexpr DeviceTopic kTopics[] = {DeviceTopic::ack, DeviceTopic::ack, DeviceTopic::info,
                                               DeviceTopic::state, DeviceTopic::status};
            const auto kind = kTopics[random.below(std::size(kTopics))];
            return send(topics_.device(device, kind), any_garbage(random),
                        kind == DeviceTopic::ack && salt % 2 == 0);
        }
    }
}

// Never what the device itself could rightly say: another device's topic, or an
// id that the gateway never made.
void Stranger::send_foreign_ack(std::uint64_t salt) {
    if (auditor_.sent().empty() || crowd_.size() < 2) {
        return;
    }
    sim::Random random(salt);
    const auto recent = std::min<std::size_t>(auditor_.sent().size(), 6);
    const auto& sent = auditor_.sent()[auditor_.sent().size() - 1 - random.below(recent)];
    auto id = parse_operation_id(sent.operation).value();
    auto device = sent.device;
    switch (random.below(5)) {
        case 0:
            id.tag[random.below(id.tag.size())] ^= 1;
            break;
        case 1:
            id.job = JobId{static_cast<std::uint64_t>(id.job) + 1};
            break;
        case 2:
            ++id.execution;
            break;
        case 3:
            ++id.operation;
            break;
        default: {
            const auto first = crowd_.at(0).id();
            device = device == first ? crowd_.at(1).id() : first;
            break;
        }
    }
    send(topics_.device(device, DeviceTopic::ack), to_string(id) + " 200");
}

void Stranger::replay_ack(std::uint64_t salt) {
    const auto& answers = witness_.answers();
    if (answers.empty()) {
        return;
    }
    const auto& [device, payload] = answers[salt % answers.size()];
    send(topics_.device(device, DeviceTopic::ack), payload, salt % 5 == 0);
}

}  // namespace muster::simulation
