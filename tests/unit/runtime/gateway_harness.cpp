#include "tests/unit/runtime/gateway_harness.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/lent_store.hpp"

namespace muster::test {
namespace {

// Commits in two halves are the other store's too.
class LentInHalves final : public LentStore {
public:
    using LentStore::LentStore;
    Result<void> begin_commit(std::span<const core::Change> changes, std::function<void()> ready) override {
        return lent().begin_commit(changes, std::move(ready));
    }
    Result<void> end_commit() override { return lent().end_commit(); }
};

}  // namespace

void GuardedStore::fail_next_commit(Error error, store::StoreState failed) {
    const std::lock_guard lock(mutex_);
    broken_ = error.code != ErrorCode::unavailable;
    store_.fail_next_commit(std::move(error), failed);
}

void GuardedStore::fail_next_commit_but_keep(Error error) {
    const std::lock_guard lock(mutex_);
    broken_ = true;
    keep_and_fail_ = std::move(error);
}

Result<std::unique_ptr<store::Store>> GuardedStore::open() {
    const std::lock_guard lock(mutex_);
    if (broken_) {
        ++not_opened_;
        return make_error(ErrorCode::internal, "the disk is still broken");
    }
    store_ = store_.reopened();
    end_error_.reset();
    return std::unique_ptr<store::Store>(std::make_unique<LentInHalves>(*this));
}

void GuardedStore::mend() {
    const std::lock_guard lock(mutex_);
    broken_ = false;
}

void GuardedStore::damage() {
    const std::lock_guard lock(mutex_);
    damaged_ = true;
}

store::StoreHealth GuardedStore::health() const {
    const std::lock_guard lock(mutex_);
    if (damage_found_) {
        return {store::StoreState::damaged, "a page is damaged"};
    }
    if (end_error_) {
        return {store::StoreState::failing, end_error_->message};
    }
    return full_ && refused_ > 0 ? store::StoreHealth{store::StoreState::full, "no space left"}
                                 : store_.health();
}

void GuardedStore::fill(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
    refused_ = 0;
}

std::vector<core::Execution> GuardedStore::rows(JobId job) {
    return executions({.job = job, .most = limits::kPageMost}).value().items;
}

core::Snapshot GuardedStore::snapshot() {
    return load().value();
}

Result<core::Snapshot> GuardedStore::load() {
    const std::lock_guard lock(mutex_);
    return store_.load();
}

void GuardedStore::hold_commits() {
    const std::lock_guard lock(mutex_);
    hold_ = true;
}

bool GuardedStore::is_held() const {
    const std::lock_guard lock(mutex_);
    return static_cast<bool>(held_);
}

void GuardedStore::let_go(std::optional<Error> error) {
    std::function<void()> ready;
    {
        const std::lock_guard lock(mutex_);
        hold_ = false;
        ready = std::exchange(held_, nullptr);
        broken_ = error.has_value();
        end_error_ = std::move(error);
    }
    if (ready) {
        ready();
    }
}

Result<void> GuardedStore::begin_commit(std::span<const core::Change> changes, std::function<void()> ready) {
    const std::lock_guard lock(mutex_);
    auto committed = commit_locked(changes);
    if (committed && hold_) {
        held_ = std::move(ready);
    } else if (committed) {
        ready();
    }
    return committed;
}

Result<void> GuardedStore::end_commit() {
    const std::lock_guard lock(mutex_);
    return end_error_ ? Result<void>(*end_error_) : Result<void>();
}

Result<void> GuardedStore::commit(std::span<const core::Change> changes) {
    const std::lock_guard lock(mutex_);
    return commit_locked(changes);
}

Result<void> GuardedStore::commit_locked(std::span<const core::Change> changes) {
    if (full_) {
        ++refused_;
        return make_error(ErrorCode::unavailable, "no space left");
    }
    if (auto error = std::exchange(keep_and_fail_, std::nullopt)) {
        MUSTER_INVARIANT(store_.commit(changes).has_value());
        store_.fail_next_commit(std::move(*error));
    }
    return store_.commit(changes);
}

Result<store::ExecutionPage> GuardedStore::executions(const store::ExecutionQuery& query) {
    const std::lock_guard lock(mutex_);
    if (damaged_) {
        damage_found_ = true;
        return make_error(ErrorCode::internal, "a page is damaged");
    }
    return store_.executions(query);
}

Result<std::vector<core::Execution>> GuardedStore::device_executions(const DeviceId& device, JobId before,
                                                                     std::size_t most) {
    const std::lock_guard lock(mutex_);
    return store_.device_executions(device, before, most);
}

Result<store::AuditPage> GuardedStore::audit(const store::AuditQuery& query) {
    const std::lock_guard lock(mutex_);
    return store_.audit(query);
}

GatewayHarness::GatewayHarness(core::EngineOptions engine) {
    runtime::GatewayOptions options;
    options.engine = engine;
    options.roles.by_user = {{"anna", api::Role::admin}, {"vera", api::Role::viewer}};
    options.full_retry = Milliseconds{50};
    options.failed_retry = Milliseconds{50};
    const auto later = [this] { return Milliseconds{passed_}; };
    runtime::Clock clock(
        [later] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()) + later(); },
        [later] {
            return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch()) +
                   later();
        });
    gateway_.emplace(
        std::move(options), store.open().value(), [this] { return store.open(); }, link, store.snapshot(),
        std::move(clock));
    thread_ = std::thread([this] { result_ = gateway_->run(); });
    link.connect();
    const auto put = call("template/put", {{"document", fridge_template()->source}});
    MUSTER_INVARIANT(put.at("ok").as_bool());
    MUSTER_INVARIANT(call("set/put", {{"set", "fridges"}, {"template", "fridge"}}).at("ok").as_bool());
}

GatewayHarness::~GatewayHarness() {
    if (thread_.joinable()) {
        gateway_->stop();
        thread_.join();
    }
}

Result<void> GatewayHarness::ended() {
    thread_.join();
    return result_;
}

void GatewayHarness::from_device(std::string_view device, DeviceTopic kind, std::string payload,
                                 bool retained) {
    mqtt::Inbound message;
    message.topic = topics.device(device, kind);
    message.payload = std::move(payload);
    message.retained = retained;
    link.deliver(std::move(message));
}

void GatewayHarness::add_device(std::string_view device) {
    from_device(device, DeviceTopic::info, R"({"proto":1,"template":"fridge","remembers":8})", true);
    from_device(device, DeviceTopic::status, "online", true);
}

// Reads go before what devices say; this one, of an operator, keeps its place.
void GatewayHarness::settle() {
    static_cast<void>(call("doctor"));
}

std::string GatewayHarness::ask(std::string_view verb, boost::json::object body) {
    if (verb != "status" && verb != "doctor") {
        settle();
    }
    return send(verb, std::move(body));
}

std::string GatewayHarness::send(std::string_view verb, boost::json::object body) {
    auto id = "r" + std::to_string(++last_request_);
    body["id"] = id;
    mqtt::Inbound message;
    message.payload = format_json(body);
    request("anna", verb, std::move(message));
    return id;
}

boost::json::object GatewayHarness::read(std::string_view verb, boost::json::object body) {
    return reply(send(verb, std::move(body)));
}

boost::json::object GatewayHarness::reply(const std::string& id) {
    const auto found = link.wait_for(topics.response("anna", id));
    return found.empty() ? boost::json::object{}
                         : parse_json(found[0].payload, limits::kReplyBytes, limits::kRequestJsonDepth)
                               .value()
                               .as_object();
}

boost::json::object GatewayHarness::call(std::string_view verb, boost::json::object body) {
    return reply(ask(verb, std::move(body)));
}

void GatewayHarness::request(std::string_view user, std::string_view verb, mqtt::Inbound message) {
    message.topic = topics.request(user, verb);
    link.deliver(std::move(message));
}

std::int64_t GatewayHarness::counter(std::string_view name) {
    settle();
    return call("status").at("result").at("counters").at(name).to_number<std::int64_t>();
}

boost::json::object fan_job(bool run) {
    return {{"name", "fan"},
            {"set", "fridges"},
            {"type", "settings"},
            {"operations", {{{"name", "fanSpeed"}, {"value", 3}}}},
            {"run", run}};
}

}  // namespace muster::test
