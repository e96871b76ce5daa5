// The plans that were asked for: those that are being made, some devices at a time and in turns,
// and the last of those that were.
//
// What changes while a plan is made: each device is planned as it is when its turn comes, once, or
// not at all if it is no longer there. When the job's set selects other devices or another version
// of its template is in force, the plan begins anew; when one of them is gone, the plan is answered
// with that. A saved job that is edited, run or deleted meanwhile is planned as it was.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/engine_options.hpp"
#include "daemon/core/event.hpp"
#include "daemon/core/planner.hpp"
#include "daemon/core/selection.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace muster::core {

// One plan on its way.
class PlanWork {
public:
    explicit PlanWork(std::shared_ptr<const JobSpec> spec) : spec_(std::move(spec)) {}

    // Plans the next devices, as far as the effort goes. nullptr: there are more. Errors: those of
    // target_of and SelectionWalk.
    [[nodiscard]] Result<std::shared_ptr<const Plan>> go_on(const Fleet& fleet, Effort& effort);
    [[nodiscard]] const std::shared_ptr<const JobSpec>& spec() const noexcept { return spec_; }

private:
    // What it began with.
    struct Begun {
        std::string query;
        std::string template_name;
        std::uint64_t template_version = 0;

        friend bool operator==(const Begun&, const Begun&) = default;
    };

    std::shared_ptr<const JobSpec> spec_;
    std::optional<Begun> begun_;
    std::optional<SelectionWalk> walk_;
    std::optional<Planner> planner_;
};

class PlanDesk {
public:
    // An answer: the plan, or why there is none.
    struct Answered {
        RequestToken token;
        Result<std::shared_ptr<const Plan>> plan;
    };

    // There is room for no other plan.
    [[nodiscard]] bool full() const noexcept { return at_work_.size() >= kPlansAtWork; }
    // None is at work.
    [[nodiscard]] bool idle() const noexcept { return at_work_.empty(); }
    // Its first turn is the next one. Not when full(). The specification may never change.
    void begin(RequestToken token, std::shared_ptr<const JobSpec> spec);
    // One turn of one plan, if any is at work; its answer, if that was the last one.
    [[nodiscard]] std::optional<Answered> go_on(const Fleet& fleet, Effort effort);

    // A plan with this digest that was made for this specification. nullptr: none is remembered.
    [[nodiscard]] std::shared_ptr<const Plan> find(const std::string& digest, const JobSpec& spec) const;
    // The same for any specification.
    [[nodiscard]] const Plan* find(const std::string& digest) const;

private:
    struct Work {
        RequestToken token;
        std::unique_ptr<PlanWork> plan;
    };
    struct Kept {
        std::shared_ptr<const JobSpec> spec;
        std::shared_ptr<const Plan> plan;
    };
    void keep(Kept made);

    std::deque<Work> at_work_;  // whose turn is next comes first
    std::deque<Kept> kept_;     // newest last
};

}  // namespace muster::core
