#include "tests/fuzz/whole_gateway.hpp"

#include "daemon/runtime/log.hpp"
#include "tests/support/engine_world.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace muster::fuzz {
namespace {

constexpr std::uint16_t kWindow = 300;

// Takes everything; delivers everything when it is started.
class ScriptedLink final : public mqtt::Link {
public:
    explicit ScriptedLink(const std::vector<mqtt::Inbound>& messages) : messages_(messages) {}

    void on_delivered(std::function<void()> what) { delivered_ = std::move(what); }
    [[nodiscard]] std::vector<mqtt::Publication> take() { return std::move(published_); }

    Result<void> start(mqtt::Handler& handler) override {
        handler.on_connected({5, kWindow, "mqtt://broker"});
        for (const auto& message : messages_) {
            static_cast<void>(handler.on_message(message));
        }
        delivered_();
        return {};
    }
    bool publish(const mqtt::Publication& publication) override {
        published_.push_back(publication);
        return true;
    }
    std::uint32_t room() override { return kWindow; }
    void stop(const std::vector<mqtt::Publication>& last) override {
        published_.insert(published_.end(), last.begin(), last.end());
    }

private:
    const std::vector<mqtt::Inbound>& messages_;
    std::function<void()> delivered_;
    std::vector<mqtt::Publication> published_;
};

store::MemoryStore make_store() {
    runtime::set_log_level(runtime::LogLevel::error);
    test::EngineWorld world;
    world.add_devices(1, 2);
    world.add_devices(3, 3, false);
    world.run(test::settings_job("Evening"));
    return world.store();
}

}  // namespace

runtime::RoleTable roles() {
    return {{{"anna", api::Role::admin}, {"olga", api::Role::operator_}, {"vera", api::Role::viewer}},
            api::Role::none};
}

Aftermath run_gateway(const std::vector<mqtt::Inbound>& messages) {
    static const auto first = make_store();
    auto owned = std::make_unique<store::MemoryStore>(first);
    auto& store = *owned;
    auto snapshot = store.load().value();
    const auto reopen = []() -> Result<std::unique_ptr<store::Store>> {
        return make_error(ErrorCode::internal, "a store in memory does not fail");
    };
    ScriptedLink link(messages);
    runtime::GatewayOptions options;
    options.roles = roles();
    runtime::Gateway gateway(std::move(options), std::move(owned), reopen, link, std::move(snapshot));
    link.on_delivered([&gateway] { gateway.stop(); });
    auto ended = gateway.run();
    return {std::move(ended), link.take(), store};
}

}  // namespace muster::fuzz
