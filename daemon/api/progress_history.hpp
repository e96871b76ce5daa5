// How the tally of each job went since it was run, in memory, for a curve. What a
// job did before the gateway started is not known here.
//
// Bounds: kSamples a job, at first kInterval apart; when they are full every second
// one is dropped and the interval doubles. kJobs jobs; the longest ended go first.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/engine.hpp"

#include <map>
#include <vector>

namespace muster::api {

class ProgressHistory {
public:
    static constexpr std::size_t kSamples = 238;  // job/progress adds two: at most 240 are told
    static constexpr std::size_t kJobs = 200;
    static constexpr Milliseconds kInterval{250};

    struct Sample {
        TimePoint at{};
        core::Tally tally;
    };
    struct Course {
        bool complete = false;  // from the moment when the job was run
        bool ended = false;     // or was stopped
        Milliseconds interval = kInterval;
        std::vector<Sample> samples;  // at least one; in order of time
        Sample latest;                // moved since the last sample, too soon for one of its own
    };

    // After the step that gave the notice was committed: for each notice note(), which
    // costs no more than remembering the job, then committed() once.
    void note(const core::Notice& notice);
    void committed(const core::Engine& engine, TimePoint now);

    // nullptr: nothing is known of it. Valid until the next call of committed().
    [[nodiscard]] const Course* find(JobId job) const;

private:
    enum class Moved : std::uint8_t { tally, ended, begun };

    void follow(const core::Job& job, Moved moved, TimePoint now);
    void make_room();

    std::map<JobId, Course> courses_;
    std::map<JobId, Moved> moved_;  // since the last commit
};

}  // namespace muster::api
