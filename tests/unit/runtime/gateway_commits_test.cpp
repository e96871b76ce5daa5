// How many commits what devices say takes, turn by turn, on a clock of the test's own.
#include "daemon/runtime/gateway.hpp"
#include "daemon/store/memory_store.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/fake_link.hpp"
#include "tests/support/lent_store.hpp"
#include "tests/unit/runtime/gateway_harness.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace muster::runtime {
namespace {

namespace json = boost::json;

constexpr TimePoint kBegin{std::chrono::days(20'000)};
constexpr const char* kDevice = "fridge-1";

class CountingStore final : public test::LentStore {
public:
    CountingStore(store::Store& store, int& commits) : LentStore(store), commits_(commits) {}
    Result<void> commit(std::span<const core::Change> changes) override {
        ++commits_;
        return lent().commit(changes);
    }

private:
    int& commits_;
};

// One device of the only set, which is online.
class Rig {
public:
    Rig() {
        gateway_.emplace(
            options(), open(), [this] { return Result<std::unique_ptr<store::Store>>(open()); }, link_,
            store_.load().value(), Clock([this] { return kBegin + passed_; }, [this] { return passed_; }));
        REQUIRE(gateway_->start().has_value());
        link_.connect();
        ask("template/put", {{"document", test::fridge_template()->source}});
        ask("set/put", {{"set", "fridges"}, {"template", "fridge"}});
        say(DeviceTopic::info, R"({"proto":1,"template":"fridge","remembers":8})");
        say(DeviceTopic::status, "online");
        turn();
        commits_ = 0;
    }

    void say(DeviceTopic kind, std::string payload) {
        mqtt::Inbound message;
        message.topic = topics_.device(kDevice, kind);
        message.payload = std::move(payload);
        REQUIRE(link_.deliver(std::move(message)));
    }
    void ask(std::string_view verb, json::object body) {
        std::optional<Result<json::object>> answer;
        REQUIRE(gateway_->ask({"anna", api::Role::admin, std::string(verb), std::move(body)}, 100,
                              [&answer](auto result) { answer = std::move(result); }));
        turn();
        REQUIRE(answer.has_value());
        REQUIRE(answer->has_value());
    }
    // Runs a job on it; the id of the operation that was sent.
    std::string run_job() {
        ask("job/save", test::fan_job(true));
        const auto sent = link_.wait_for(topics_.device(kDevice, DeviceTopic::cmd));
        REQUIRE(sent.size() == 1);
        commits_ = 0;
        return sent[0].correlation;
    }
    // What has arrived is done with; whether it goes on.
    bool turn() { return gateway_->turn(Milliseconds{0}); }
    void advance(Milliseconds time) { passed_ += time; }
    void stop() { gateway_->stop(); }
    [[nodiscard]] std::optional<Milliseconds> patience() { return gateway_->patience(); }

    // Since the rig was made, or the job was sent.
    [[nodiscard]] int commits() const { return commits_; }
    [[nodiscard]] std::string stored_state() { return store_.load().value().devices.at(0).reported.text(); }
    [[nodiscard]] core::Job stored_job() { return store_.load().value().jobs.at(0); }

private:
    static GatewayOptions options() {
        GatewayOptions options;
        options.roles.by_user = {{"anna", api::Role::admin}};
        return options;
    }
    std::unique_ptr<store::Store> open() { return std::make_unique<CountingStore>(store_, commits_); }

    Topics topics_ = Topics::standard();
    store::MemoryStore store_;
    int commits_ = 0;
    test::FakeLink link_;
    Milliseconds passed_{0};
    std::optional<Gateway> gateway_;
};

}  // namespace

TEST_CASE("a state waits for the ack that follows, and one commit does for both") {
    Rig rig;
    const auto operation = rig.run_job();
    rig.say(DeviceTopic::state, R"({"fanSpeed":3})");
    rig.turn();
    CHECK(rig.commits() == 0);
    CHECK(rig.patience().value() <= Milliseconds{10});
    rig.say(DeviceTopic::ack, operation + " 200");
    rig.turn();
    CHECK(rig.commits() == 1);
    CHECK(rig.stored_state() == R"({"fanSpeed":3})");
    CHECK(rig.stored_job().state == core::JobState::completed);
}

TEST_CASE("a state that nothing follows is in the store 10 ms later") {
    Rig rig;
    rig.say(DeviceTopic::state, R"({"fanSpeed":1})");
    rig.turn();
    rig.advance(Milliseconds{9});
    rig.say(DeviceTopic::state, R"({"fanSpeed":2})");
    rig.turn();
    CHECK(rig.commits() == 0);
    rig.advance(Milliseconds{1});
    CHECK(rig.patience() == Milliseconds{0});
    rig.turn();
    CHECK(rig.commits() == 1);
    CHECK(rig.stored_state() == R"({"fanSpeed":2})");
    rig.say(DeviceTopic::state, R"({"fanSpeed":3})");
    rig.turn();
    CHECK(rig.commits() == 1);
    CHECK(rig.patience() == Milliseconds{10});
}

TEST_CASE("what somebody is told of waits for nothing") {
    Rig rig;
    rig.say(DeviceTopic::status, "offline");
    rig.turn();
    CHECK(rig.commits() == 1);
    rig.say(DeviceTopic::state, R"({"fanSpeed":1})");
    rig.turn();
    CHECK(rig.commits() == 1);
    rig.ask("device/get", {{"device", kDevice}});
    CHECK(rig.commits() == 2);
}

TEST_CASE("what waits is in the store when the gateway stops") {
    Rig rig;
    rig.say(DeviceTopic::state, R"({"fanSpeed":1})");
    rig.turn();
    rig.stop();
    CHECK_FALSE(rig.turn());
    CHECK(rig.commits() == 1);
    CHECK(rig.stored_state() == R"({"fanSpeed":1})");
}

}  // namespace muster::runtime
