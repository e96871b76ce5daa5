// How many executions of a job may be sent now. The one place that decides it:
// rates, batches and schedules of later versions belong here and nowhere else.
#pragma once

#include "daemon/core/job.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace muster::core {

// The link as the engine sees it. A message holds its place in the window
// until it is answered, at most window_hold(): a silent
// device must not keep the others waiting. The broker has most of them by then, so
// what the link takes at once is a number of its own.
struct LinkLoad {
    bool up = false;
    std::uint32_t window = 0;
    std::uint32_t in_flight = 0;
    std::uint32_t room = std::numeric_limits<std::uint32_t>::max();
};

// `in_flight`: executions of this job sent to an online device, not yet answered.
// A repeat of one of those is within the job's window already: for it, give no window.
[[nodiscard]] std::uint32_t admitted(std::optional<std::uint32_t> job_window, std::uint32_t in_flight,
                                     const LinkLoad& link) noexcept;

// For how long an unanswered message counts against the link's window.
// `lag`: how far answers are behind (AnswerLag::at).
[[nodiscard]] Milliseconds window_hold(const LinkLoad& link, Milliseconds lag) noexcept;

}  // namespace muster::core
