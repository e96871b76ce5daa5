// A gateway owns its store; a test that looks at it, or lets it outlive the
// gateway, lends it. What is derived from this stands in between, and says only
// what it does itself.
//
// Threads: those of the store.
#pragma once

#include "daemon/store/store.hpp"

namespace muster::test {

class LentStore : public store::Store {
public:
    explicit LentStore(store::Store& store) : store_(store) {}

    Result<core::Snapshot> load() override { return store_.load(); }
    Result<void> commit(std::span<const core::Change> changes) override { return store_.commit(changes); }
    Result<bool> tidy() override { return store_.tidy(); }
    [[nodiscard]] store::StoreHealth health() const override { return store_.health(); }
    Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override {
        return store_.executions(query);
    }
    Result<std::vector<core::Execution>> device_executions(const DeviceId& device, JobId before,
                                                           std::size_t most) override {
        return store_.device_executions(device, before, most);
    }
    Result<store::AuditPage> audit(const store::AuditQuery& query) override { return store_.audit(query); }

protected:
    [[nodiscard]] store::Store& lent() noexcept { return store_; }

private:
    store::Store& store_;
};

}  // namespace muster::test
