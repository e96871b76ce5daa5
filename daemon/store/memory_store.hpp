// The store without a disk: the semantics of store.hpp, for tests and for the
// deterministic simulation. It is a value, so a test can keep what the disk held
// at any commit and go on from there: the crash of a simulated gateway.
//
// Threads: one at a time.
#pragma once

#include "daemon/store/store.hpp"

#include <array>
#include <map>

namespace muster::store {

class MemoryStore final : public Store {
public:
    explicit MemoryStore(const OperationKey::Bytes& operation_key = {}) : operation_key_(operation_key) {}

    // The next commit() changes nothing and returns `error`. After an error
    // other than unavailable every call returns it, until the store is opened
    // anew: reopened() is what that finds. `failed` is what health() then says.
    void fail_next_commit(Error error, StoreState failed = StoreState::failing) {
        next_state_ = error.code == ErrorCode::unavailable ? StoreState::full : failed;
        next_commit_ = std::move(error);
    }
    [[nodiscard]] MemoryStore reopened() const;

    Result<core::Snapshot> load() override;
    Result<void> commit(std::span<const core::Change> changes) override;
    StoreHealth health() const override { return health_; }
    Result<ExecutionPage> executions(const ExecutionQuery& query) override;
    Result<std::vector<core::Execution>> device_executions(const DeviceId& device, JobId before,
                                                           std::size_t most) override;
    Result<AuditPage> audit(const AuditQuery& query) override;

private:
    void apply(const core::PutJob& change);
    void apply(const core::DeleteJob& change);
    void apply(const core::CreateExecutions& change);
    void apply(const core::PutExecution& change);
    void apply(const core::PutLateAnswer& change);
    void apply(const core::PutDevice& change);
    void apply(const core::PutPresence& change);
    void apply(const core::DeleteDevice& change);
    void apply(const core::PutSet& change);
    void apply(const core::DeleteSet& change);
    void apply(const core::PutTemplate& change);
    void apply(const core::AuditEntry& change);
    void apply(const core::TrimAudit& change);

    core::Execution* find_execution(JobId job, std::uint32_t ordinal);

    OperationKey::Bytes operation_key_;
    std::uint64_t last_job_ = 0;
    std::vector<core::StoredTemplate> templates_;
    std::map<std::string, core::DeviceSet> sets_;
    std::map<DeviceId, core::Device> devices_;
    std::map<JobId, std::shared_ptr<const core::Job>> jobs_;
    std::map<JobId, std::vector<core::Execution>> executions_;  // by ordinal
    std::vector<core::AuditEntry> audit_;
    std::uint64_t audit_trimmed_ = 0;  // entries that stood before these

    std::optional<Error> next_commit_;
    StoreState next_state_ = StoreState::failing;
    StoreHealth health_;
    std::optional<Error> failed_;
};

}  // namespace muster::store
