#include "tests/simulation/disk.hpp"

#include "tests/support/lent_store.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace muster::simulation {

class Disk::Opened final : public test::LentStore {
public:
    explicit Opened(Disk& disk) : LentStore(disk.memory_), disk_(disk) {}

    Result<void> commit(std::span<const core::Change> changes) override;
    Result<void> begin_commit(std::span<const core::Change> changes, std::function<void()> ready) override;
    Result<void> end_commit() override;
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

private:
    Disk& disk_;
    bool failed_ = false;
    bool full_ = false;             // said the last commit
    std::optional<Trouble> later_;  // happens in the second half of the commit
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

// What is stored all the same goes wrong only when the disk is waited for.
Result<void> Disk::Opened::begin_commit(std::span<const core::Change> changes, std::function<void()> ready) {
    const auto trouble = disk_.trouble_;
    if (!failed_ && !disk_.full_ && (trouble == Trouble::kill_after || trouble == Trouble::fail_stored)) {
        later_ = std::exchange(disk_.trouble_, std::nullopt);
    }
    return LentStore::begin_commit(changes, std::move(ready));
}

Result<void> Disk::Opened::end_commit() {
    const auto trouble = std::exchange(later_, std::nullopt);
    if (!trouble) {
        return {};
    }
    if (*trouble == Trouble::kill_after) {
        throw Killed{};
    }
    failed_ = true;
    return make_error(ErrorCode::internal, "the disk failed");
}

}  // namespace muster::simulation
