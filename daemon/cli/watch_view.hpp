// What a watched job looks like: pure functions of what is known about it.
//
// Threads: plain values and pure functions.
#pragma once

#include "daemon/cli/job_view.hpp"
#include "daemon/cli/text.hpp"
#include "protocol/time.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli {

// How fast executions end, over the last ten seconds.
class RateMeter {
public:
    // `done`: succeeded and failed so far; times do not go back.
    void sample(TimePoint now, std::uint64_t done);
    // Absent until there is a second's worth of samples.
    [[nodiscard]] std::optional<double> per_second() const;

private:
    struct Sample {
        TimePoint at;
        std::uint64_t done;
    };
    std::deque<Sample> samples_;
};

struct WatchState {
    JobView job;
    std::vector<FailureGroup> failures;
    std::optional<double> per_second;
    bool only_offline = false;  // every device that is Pending is
    std::string note;           // such as that musterd does not answer; empty: all is well
};

// "1.2/s", "350/s"; empty when not known or nothing moves.
[[nodiscard]] std::string rate_text(const WatchState& state);
// "4 s left", "only offline devices are left"; empty when not known or nothing moves.
[[nodiscard]] std::string time_left_text(const WatchState& state);

// For a terminal of `columns`: name, bar, counts, then the failures.
[[nodiscard]] std::vector<Line> live_lines(const WatchState& state, std::size_t columns);
// One line, for files and pipes.
[[nodiscard]] Line progress_line(const WatchState& state);
// When it is over; `took` is absent when the job was not seen to start.
[[nodiscard]] std::vector<Line> summary_lines(const WatchState& state, std::optional<Milliseconds> took);

}  // namespace muster::cli
