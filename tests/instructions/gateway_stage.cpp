// A job on a whole gateway: real loop, real store on a disk, and a link behind
// which all devices answer at once.
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "protocol/codec.hpp"
#include "tests/instructions/stages.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"
#include "tests/support/sample_fleet.hpp"
#include "tests/support/temp_dir.hpp"

#include <valgrind/callgrind.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace muster::instructions {

namespace {

// While there is one, nothing is counted: what is done is not the gateway's work.
class NotCounted {
public:
    NotCounted() { CALLGRIND_TOGGLE_COLLECT; }
    ~NotCounted() { CALLGRIND_TOGGLE_COLLECT; }
    NotCounted(const NotCounted&) = delete;
    NotCounted& operator=(const NotCounted&) = delete;
};

class AnsweringLink final : public mqtt::Link {
public:
    [[nodiscard]] Result<void> start(mqtt::Handler& handler) override {
        handler_ = &handler;
        return {};
    }
    [[nodiscard]] bool publish(const mqtt::Publication& publication) override {
        const NotCounted outside;
        if (!publication.correlation.empty() && !publication.retain) {
            sent_.push_back({publication.response_topic, publication.correlation});
        }
        return true;
    }
    [[nodiscard]] std::uint32_t room() override { return 1'000'000; }
    void stop(const std::vector<mqtt::Publication>& /*last*/) override {}

    [[nodiscard]] mqtt::Handler& handler() const { return *handler_; }

    // What the devices say to what was published since.
    [[nodiscard]] std::vector<mqtt::Inbound> answers() {
        const NotCounted outside;
        std::vector<mqtt::Inbound> answers;
        answers.reserve(sent_.size() * 2);
        for (auto& [topic, operation] : std::exchange(sent_, {})) {
            answers.push_back({topic, test::ack_payload(operation), false, {}, {}});
            answers.push_back({topic.replace(topic.rfind('/') + 1, std::string::npos, "state"),
                               test::state_payload(3),
                               false,
                               {},
                               {}});
        }
        return answers;
    }

private:
    struct Sent {
        std::string ack_topic;
        std::string operation;
    };
    mqtt::Handler* handler_ = nullptr;
    std::vector<Sent> sent_;
};

constexpr std::uint16_t kWindow = 300;

runtime::GatewayOptions gateway_options() {
    runtime::GatewayOptions options;
    options.roles.by_user = {{"anna", api::Role::admin}};
    return options;
}

class Rig {
public:
    Rig() {
        runtime::set_up_log(runtime::LogLevel::error, false);
        const auto open = [this] { return store::open((directory_ / "muster.db").string()); };
        auto opened = open().value();
        auto snapshot = opened->load().value();
        gateway_.emplace(
            gateway_options(), std::move(opened), open, link_, std::move(snapshot),
            runtime::Clock([this] { return test::SampleFleet::kNow + passed_; }, [this] { return passed_; }));
        MUSTER_INVARIANT(gateway_->start().has_value());
        ask("template/put", {{"document", test::fridge_template()->source}});
        ask("set/put", {{"set", "fridges"}, {"template", "fridge"}});
        for (std::size_t number = 1; number <= kGatewayOperations; ++number) {
            const auto device = test::device_id(number).text();
            deliver(
                {topics_.device(device, DeviceTopic::info), encode(test::fleet_info(number)), true, {}, {}});
            deliver({topics_.device(device, DeviceTopic::state), test::state_payload(2), true, {}, {}});
            deliver({topics_.device(device, DeviceTopic::status), "online", true, {}, {}});
        }
        settle();
        link_.handler().on_connected({5, kWindow, "mqtt://broker.example:1883"});
        settle();
    }

    // From the request to run the job until all is told of its end, and is in the store's tables.
    void play() {
        ask("job/save", {{"name", "Fan speed 3"},
                         {"set", "fridges"},
                         {"type", "settings"},
                         {"operations", {{{"name", "fanSpeed"}, {"value", 3}}}},
                         {"run", true}});
        while (!completed()) {
            for (auto& message : link_.answers()) {
                deliver(std::move(message));
            }
            turn();
        }
        gateway_.reset();
    }

private:
    void ask(std::string_view verb, boost::json::object body) {
        std::optional<Result<boost::json::object>> answer;
        MUSTER_INVARIANT(gateway_->ask({"anna", api::Role::admin, std::string(verb), std::move(body)}, 100,
                                       [&answer](auto result) { answer = std::move(result); }));
        while (!answer) {
            turn();
        }
        MUSTER_INVARIANT(answer->has_value());
    }
    void deliver(mqtt::Inbound message) { MUSTER_INVARIANT(link_.handler().on_message(std::move(message))); }
    // Something is waiting already, or comes from another thread.
    void turn(Milliseconds patience = Milliseconds{1'000}) {
        passed_ += Milliseconds{10};
        MUSTER_INVARIANT(gateway_->turn(patience));
    }
    void settle() {
        for (std::size_t done = 0; done <= 3 * kGatewayOperations; done += gateway_options().batch_events) {
            turn(Milliseconds{0});
        }
    }
    [[nodiscard]] bool completed() const {
        const auto* job = gateway_->engine().find_job(JobId{1});
        return job->state == core::JobState::completed;
    }

    test::TempDir directory_;
    Topics topics_ = Topics::standard();
    Milliseconds passed_{0};
    AnsweringLink link_;
    std::optional<runtime::Gateway> gateway_;
};

}  // namespace

Work prepare_gateway() {
    return [rig = std::make_shared<Rig>()] { rig->play(); };
}

}  // namespace muster::instructions
