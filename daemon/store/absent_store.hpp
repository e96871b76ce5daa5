// Stands where a store failed until it can be opened again: every call says why
// it is not there.
//
// Threads: those of any Store.
#pragma once

#include "daemon/store/store.hpp"

namespace muster::store {

class AbsentStore final : public Store {
public:
    AbsentStore(Error why, StoreHealth health) : why_(std::move(why)), health_(std::move(health)) {}

    Result<core::Snapshot> load() override { return why_; }
    Result<void> commit(std::span<const core::Change>) override { return why_; }
    StoreHealth health() const override { return health_; }
    Result<ExecutionPage> executions(const ExecutionQuery&) override { return why_; }
    Result<std::vector<core::Execution>> device_executions(const DeviceId&, JobId, std::size_t) override {
        return why_;
    }
    Result<AuditPage> audit(const AuditQuery&) override { return why_; }

private:
    Error why_;
    StoreHealth health_;
};

}  // namespace muster::store
