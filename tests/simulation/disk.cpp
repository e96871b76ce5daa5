#include "tests/simulation/disk.hpp"

#include <utility>

namespace muster::simulation {

class Disk::Opened final : public store::Store {
public:
    explicit Opened(Disk& disk) : disk_(disk) {}

    Result<core::Snapshot> load() override { return disk_.memory_.load(); }
    Result<void> commit(std::span<const core::Change> changes) override;
    [[nodiscard]] store::StoreHealth health() const override {
        store::StoreHealth health;
        if (failed_) {
            health.state = store::StoreState::failing;
            health.detail = "the disk failed";
        } else if (full_) {
            health.state = store::StoreState::full;
            health.detail = "no space is left";
        }
        return health;
    }
    Result<store::ExecutionPage> executions(const store::ExecutionQuery& query) override {
        return disk_.memory_.executions(query);
    }
    Result<std::vector<core::Execution>> device_executions(const DeviceId& device, JobId before,
                                                           std::size_t most) override {
        return disk_.memory_.device_executions(device, before, most);
    }
    Result<store::AuditPage> audit(const store::AuditQuery& query) override {
        return disk_.memory_.audit(query);
    }

private:
    Disk& disk_;
    bool failed_ = false;
    bool full_ = false;  // said the last commit
};

std::unique_ptr<store::Store> Disk::open() {
    return std::make_unique<Opened>(*this);
}

void Disk::keep(std::span<const core::Change> changes) {
    MUSTER_INVARIANT(memory_.commit(changes).has_value());
    ledger_.commit(changes);
}

Result<void> Disk::Opened::commit(std::span<const core::Change> changes) {
    const auto broken = make_error(ErrorCode::internal, "the disk failed");
    if (failed_) {
        return broken;
    }
    full_ = disk_.full_;
    if (full_) {
        ++disk_.figures_.refused_commits;
        return make_error(ErrorCode::unavailable, "no space is left");
    }
    const auto trouble = std::exchange(disk_.trouble_, std::nullopt);
    if (!trouble) {
        disk_.keep(changes);
        return {};
    }
    switch (*trouble) {
        case Trouble::kill_before:
            throw Killed{};
        case Trouble::kill_after:
            disk_.keep(changes);
            throw Killed{};
        case Trouble::fail_stored:
            disk_.keep(changes);
            break;
        case Trouble::fail_lost:
            break;
    }
    failed_ = true;
    return broken;
}

}  // namespace muster::simulation
