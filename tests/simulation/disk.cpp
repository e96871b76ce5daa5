#include "tests/simulation/disk.hpp"

#include <utility>

namespace muster::simulation {

void Disk::keep(std::span<const core::Change> changes) {
    MUSTER_INVARIANT(memory_.commit(changes).has_value());
    ledger_.commit(changes);
}

Result<void> Disk::commit(std::span<const core::Change> changes) {
    const auto broken = make_error(ErrorCode::internal, "the disk failed");
    if (failed_) {
        return broken;
    }
    if (full_) {
        ++figures_.refused_commits;
        return make_error(ErrorCode::unavailable, "no space is left");
    }
    const auto trouble = std::exchange(trouble_, std::nullopt);
    if (!trouble) {
        keep(changes);
        return {};
    }
    switch (*trouble) {
        case Trouble::kill_before:
            throw Killed{};
        case Trouble::kill_after:
            keep(changes);
            throw Killed{};
        case Trouble::fail_stored:
            keep(changes);
            break;
        case Trouble::fail_lost:
            break;
    }
    failed_ = true;
    return broken;
}

}  // namespace muster::simulation
