// A gateway on a thread of its own, between a link and a store that a test
// holds both ends of. Everything is waited for, nothing is slept through.
//
// Threads: the test's.
#pragma once

#include "daemon/runtime/gateway.hpp"
#include "daemon/store/memory_store.hpp"
#include "tests/support/fake_link.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace muster::test {

// A memory store that may be looked at, and told to fail, from another thread.
class GuardedStore final : public store::Store {
public:
    void fail_next_commit(Error error, store::StoreState failed = store::StoreState::failing);
    // The next commit is stored, and fails.
    void fail_next_commit_but_keep(Error error);
    // From now on a commit in two halves waits in the second until it is let go, with an error or none.
    void hold_commits();
    [[nodiscard]] bool is_held() const;
    void let_go(std::optional<Error> error = {});
    // Opened anew after a failure, as often as it is tried, once it is mended.
    [[nodiscard]] Result<std::unique_ptr<store::Store>> open();
    void mend();
    // How often opening it was tried in vain.
    [[nodiscard]] std::size_t not_opened() const { return not_opened_; }
    // The next read finds that the file is damaged.
    void damage();
    // Every commit fails as full until it is given back.
    void fill(bool full);
    [[nodiscard]] std::vector<core::Execution> rows(JobId job);
    [[nodiscard]] core::Snapshot snapshot();
    // Commits that were refused since it was filled.
    [[nodiscard]] std::size_t refused() const { return refused_; }

    Result<core::Snapshot> load() override;
    Result<void> commit(std::span<const core::Change> changes) override;
    Result<void> begin_commit(std::span<const core::Change> changes, std::function<void()> ready) override;
    Result<void> end_commit() override;
    store::StoreHealth health() const override;
    Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override;
    Result<std::vector<core::Execution>> device_executions(const DeviceId& device, JobId before,
                                                           std::size_t most) override;
    Result<store::AuditPage> audit(const store::AuditQuery& query) override;

private:
    Result<void> commit_locked(std::span<const core::Change> changes);

    mutable std::mutex mutex_;
    store::MemoryStore store_;
    bool hold_ = false;
    std::function<void()> held_;  // `ready` of the commit that waits
    std::optional<Error> end_error_;
    bool full_ = false;
    bool damaged_ = false;
    bool damage_found_ = false;
    std::optional<Error> keep_and_fail_;
    bool broken_ = false;
    std::atomic<std::size_t> not_opened_{0};
    std::atomic<std::size_t> refused_{0};
};

class GatewayHarness {
public:
    // Started and connected; the template fridge, the set fridges, anna is admin.
    explicit GatewayHarness(core::EngineOptions engine = {});
    ~GatewayHarness();
    GatewayHarness(const GatewayHarness&) = delete;
    GatewayHarness& operator=(const GatewayHarness&) = delete;

    // What run() returned; waits for its end.
    [[nodiscard]] Result<void> ended();
    void stop() { gateway_->stop(); }

    void from_device(std::string_view device, DeviceTopic kind, std::string payload, bool retained = false);
    // Device with `info` and `online`.
    void add_device(std::string_view device);
    // As anna, by an "id" of its own; does not wait.
    std::string ask(std::string_view verb, boost::json::object body = {});
    // The reply to it, waited for; empty when patience ends.
    [[nodiscard]] boost::json::object reply(const std::string& id);
    // The same of a verb that only reads, which waits for nothing that came before.
    [[nodiscard]] boost::json::object read(std::string_view verb, boost::json::object body = {});
    [[nodiscard]] boost::json::object call(std::string_view verb, boost::json::object body = {});
    // A request as it is, from that user.
    void request(std::string_view user, std::string_view verb, mqtt::Inbound message);
    [[nodiscard]] std::int64_t counter(std::string_view name);
    // The gateway's clock goes forward; what comes due is done with the next message.
    void advance(Milliseconds time) { passed_ += time.count(); }
    // All that was delivered before has been carried out.
    void settle();

    FakeLink link;
    GuardedStore store;
    Topics topics = Topics::standard();

private:
    std::string send(std::string_view verb, boost::json::object body);
    std::atomic<std::int64_t> passed_{0};
    std::optional<runtime::Gateway> gateway_;
    Result<void> result_;
    std::thread thread_;
    int last_request_ = 0;
};

[[nodiscard]] boost::json::object fan_job(bool run);

}  // namespace muster::test
