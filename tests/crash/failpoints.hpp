// Named moments at which musterd can be made to die as by kill -9: between the
// commit, the messages and the answers, within a commit, at the start and at the
// end. They are seen from outside, at the store, the link and the disk that the
// daemon is given; the daemon itself knows nothing of them.
//
// Threads: Trigger::visit from any; the rest from the main thread.
#pragma once

#include "daemon/program.hpp"
#include "tests/support/faulty_disk.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::crash {

enum class Failpoint {
    making_store,
    store_opened,
    store_loaded,
    link_connected,
    message_arrived,
    before_commit,
    in_commit,
    before_sync,
    after_commit,
    before_operation,
    after_operation,
    before_answer,
    after_answer,
    before_job_topic,
    after_job_topic,
    before_clear,
    after_clear,
    in_checkpoint,
    before_checkpoint_sync,
};

struct FailpointRow {
    Failpoint point;
    std::string_view name;
    // Reached only while musterd ends on request (its checkpoint), or only
    // with a store that is not there yet; else while it works.
    enum class When { first_start, working, ending } when;
    bool once = false;  // in one life of musterd, more or less
};

// Every Failpoint, in order.
[[nodiscard]] std::span<const FailpointRow> failpoint_table();
[[nodiscard]] std::optional<Failpoint> failpoint_named(std::string_view name);

// Kills the process at the given visit of the given point.
class Trigger {
public:
    // `visit` counts from 1. The thread that visits stands still for `pause`
    // before all die, so that what it gave to other threads gets out of the
    // process: an answer that came too early is heard. `note` is a file that gets the name of the point
    // just before the end, so that this death is told from any other.
    Trigger(Failpoint point, int visit, std::chrono::milliseconds pause, std::string note);

    void visit(Failpoint point) noexcept;
    [[nodiscard]] int visits() const noexcept { return visits_; }

private:
    [[noreturn]] void die() const noexcept;

    const Failpoint point_;
    const int visit_;
    const std::chrono::milliseconds pause_;
    const std::string note_;
    std::atomic<int> visits_{0};
};

// musterd's own parts, with a trigger around them.
class FailpointParts final : public Parts {
public:
    // `trigger` outlives it.
    explicit FailpointParts(Trigger& trigger);

    Result<std::unique_ptr<store::Store>> open_store(const std::string& path) override;
    std::unique_ptr<mqtt::Link> make_link(mqtt::LinkOptions options) override;

private:
    void visit_disk(test::DiskCall call, std::string_view file) noexcept;

    Trigger& trigger_;
    test::FaultyDisk disk_;
    bool opened_ = false;
};

}  // namespace muster::crash
