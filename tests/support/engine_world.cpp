#include "tests/support/engine_world.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace muster::test {
namespace {

constexpr std::string_view kFridge = R"({
    "name": "fridge", "title": "Fridge",
    "settings": {"fanSpeed": {"schema": {"type": "integer", "minimum": 0, "maximum": 5}},
                 "mode": {"schema": {"type": "string"}}},
    "properties": {"location": {"kept": "gateway", "schema": {"type": "string"}},
                   "assetTag": {"kept": "device", "schema": {"type": "string"}},
                   "serial": {"readOnly": true, "schema": {"type": "string"}}},
    "reported": {"firmware": {"schema": {"type": "string"}}},
    "commands": {"defrost": {"timeout_seconds": 60, "args": {"type": "object", "additionalProperties": false,
                             "properties": {"minutes": {"type": "integer", "minimum": 1, "maximum": 30}}}},
                 "beep": {}}})";

}  // namespace

std::shared_ptr<const core::Template> template_of(std::string_view document) {
    const auto json = parse_json(document, limits::kRequestBytes, limits::kRequestJsonDepth);
    return std::make_shared<const core::Template>(core::Template::parse(json.value()).value());
}

std::shared_ptr<const core::Template> fridge_template() {
    return template_of(kFridge);
}

std::shared_ptr<const core::Template> edge_template() {
    return template_of(R"({"name": "edge", "gateway": true, "settings": {"fanSpeed": {"schema": {}}}})");
}

DeviceId device_id(std::size_t number) {
    auto digits = std::to_string(number);
    digits.insert(0, digits.size() < 5 ? 5 - digits.size() : 0, '0');
    return DeviceId::parse("d" + digits).value();
}

core::DeviceSet set_of(std::string name, std::string query) {
    core::DeviceSet set;
    set.name = std::move(name);
    set.template_name = "fridge";
    set.query = std::move(query);
    return set;
}

core::JobSpec settings_job(std::string name, int fan_speed) {
    core::JobSpec spec;
    spec.name = std::move(name);
    spec.set = "fridges";
    spec.operations.push_back({"fanSpeed", fan_speed});
    return spec;
}

core::JobSpec commands_job(std::string name, const std::vector<std::string>& commands) {
    core::JobSpec spec;
    spec.name = std::move(name);
    spec.set = "fridges";
    spec.type = core::JobType::commands;
    for (const auto& command : commands) {
        spec.operations.push_back({command, boost::json::object{}});
    }
    return spec;
}

core::JobSpec on_devices(core::JobSpec spec, const std::vector<std::size_t>& numbers) {
    spec.selection.all = false;
    spec.selection.devices.clear();
    for (const auto number : numbers) {
        spec.selection.devices.push_back(device_id(number));
    }
    return spec;
}

EngineWorld::EngineWorld(core::EngineOptions options, std::uint32_t window)
    : options_(options), window_(window), now_(parse_utc("2026-01-01T10:00:00Z").value()) {
    restart();
    MUSTER_INVARIANT(ask(core::request::PutTemplate{fridge_template()}).has_value());
    MUSTER_INVARIANT(ask(core::request::PutSet{set_of("fridges"), {}}).has_value());
}

EngineWorld::EngineWorld(const EngineWorld& crashed)
    : options_(crashed.options_), window_(crashed.window_), now_(crashed.now_), store_(crashed.store_) {
    restart();
}

std::unique_ptr<EngineWorld> EngineWorld::twin() const {
    return std::unique_ptr<EngineWorld>(new EngineWorld(*this));
}

void EngineWorld::restart() {
    engine_ = std::make_unique<core::Engine>(options_, store_.load().value());
    effects_.clear();
    sends_.clear();
    step(core::LinkDown{});
    link_up(window_);
}

void EngineWorld::link_up(std::uint32_t window) {
    std::vector<DeviceId> online;
    engine_->registry().for_each_after("", [&](core::DeviceIndex, const core::Device& device) {
        if (device.online) {
            online.push_back(device.id);
        }
        return true;
    });
    for (const auto& id : online) {
        step(core::StatusReceived{id, true, true});
    }
    step(core::LinkUp{window});
}

void EngineWorld::add_devices(std::size_t first, std::size_t last, bool online, std::uint16_t remembers) {
    for (auto number = first; number <= last; ++number) {
        step(core::InfoReceived{device_id(number), DeviceInfo{1, "fridge", {}, {}, remembers}});
        presence(number, online);
    }
}

void EngineWorld::presence(std::size_t number, bool online) {
    step(core::StatusReceived{device_id(number), online, false});
}

void EngineWorld::step(const core::Event& event) {
    engine_->step(now_, event, effects_);
    due_ = effects_.next_deadline;
    finish();
}

void EngineWorld::finish() {
    MUSTER_INVARIANT(store_.commit(effects_.changes).has_value());
    if (kept_ != nullptr && !effects_.changes.empty()) {
        kept_->push_back(effects_.changes);
    }
    for (auto& send : effects_.sends) {
        if (auto* operation = std::get_if<core::SendOperation>(&send)) {
            sends_.push_back(std::move(*operation));
        } else if (const auto* announce = std::get_if<core::Announce>(&send)) {
            announces_.push_back(announce->spread);
        }
    }
    notices_.insert(notices_.end(), effects_.notices.begin(), effects_.notices.end());
    std::ranges::move(effects_.replies, std::back_inserter(replies_));
    effects_.clear();
}

Result<core::Answer> EngineWorld::ask(core::Request request) {
    constexpr core::RequestToken kToken = 0;
    step(core::Asked{kToken, "anna", std::move(request)});
    while (true) {
        const auto reply = std::ranges::find(replies_, kToken, &core::Reply::token);
        if (reply != replies_.end()) {
            auto answer = std::move(reply->answer);
            replies_.erase(reply);
            return answer;
        }
        MUSTER_INVARIANT(due_ && *due_ <= now_);  // or it is never given
        step(core::Tick{});
    }
}

JobId EngineWorld::run(core::JobSpec spec) {
    core::request::SaveJob asked;
    asked.spec = std::move(spec);
    asked.run = true;
    return std::get<core::JobAnswer>(ask(std::move(asked)).value()).job;
}

void EngineWorld::answer(const core::SendOperation& sent, int code, std::string message) {
    Ack ack;
    ack.id = to_string(sent.operation);
    ack.code = code;
    ack.message = std::move(message);
    step(core::AckReceived{DeviceId::parse(sent.device).value(), std::move(ack)});
}

void EngineWorld::answer_not_now(const core::SendOperation& sent, std::int64_t seconds) {
    Ack ack;
    ack.id = to_string(sent.operation);
    ack.code = 503;
    ack.after = seconds;
    step(core::AckReceived{DeviceId::parse(sent.device).value(), std::move(ack)});
}

void EngineWorld::advance(Milliseconds by) {
    const auto end = now_ + by;
    while (due_ && *due_ <= end) {
        now_ = std::max(now_, *due_);
        step(core::Tick{});
    }
    now_ = end;
}

std::vector<core::Execution> EngineWorld::rows(JobId id) {
    std::vector<core::Execution> rows;
    std::optional<store::ExecutionPosition> from = store::ExecutionPosition{};
    while (from) {
        auto page = store_.executions({.job = id, .from = from, .most = limits::kPageMost}).value();
        std::move(page.items.begin(), page.items.end(), std::back_inserter(rows));
        from = page.next;
    }
    return rows;
}

core::Tally EngineWorld::recount(JobId id) {
    core::Tally tally;
    for (const auto& row : rows(id)) {
        switch (row.state) {
            case core::ExecutionState::pending:
                ++tally.pending;
                break;
            case core::ExecutionState::completed:
                ++tally.succeeded;
                break;
            case core::ExecutionState::failed:
                ++tally.failed;
                break;
        }
    }
    return tally;
}

}  // namespace muster::test
