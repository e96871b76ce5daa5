// The retained job topics and the job events (SPEC 6.6), and the jobs of the feed: at once when a job
// changes its state, at most every kInterval while only its tally moves.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/feed.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/runtime/outbox.hpp"
#include "protocol/topics.hpp"

#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace muster::runtime {

class JobTopics {
public:
    static constexpr Milliseconds kInterval{250};
    // After a reconnect, between some jobs that are told again and the next.
    static constexpr Milliseconds kStaleInterval{50};

    // `feed` may be null: nobody watches.
    JobTopics(const Topics& topics, Outbox& outbox, api::Feed* feed)
        : topics_(topics), outbox_(outbox), feed_(feed) {}

    // After the step that gave the notice was committed.
    void note(const core::Notice& notice, const core::Engine& engine, TimePoint now);
    // The broker may have lost what it retained: every job is told again.
    void connected(const core::Engine& engine);
    // The broker has this job's topic retained. Of a job that is not there it is cleared: a
    // crash came before its clearing, or the broker has gone back to an older state.
    void found(JobId job, const core::Engine& engine);
    // Tells what moved, if it is time.
    void flush(const core::Engine& engine, TimePoint now);
    // When flush() has something to do; absent: nothing moved.
    [[nodiscard]] std::optional<TimePoint> due() const;

private:
    void show(const core::Job& job);
    void retain(const core::Job& job);
    void clear(JobId job);
    void tell(JobId job, std::string_view event, const core::Engine& engine, TimePoint now);

    const Topics& topics_;
    Outbox& outbox_;
    api::Feed* feed_;
    std::set<JobId> moved_;
    std::set<JobId> stale_;  // to be retained anew after a reconnect
    std::map<JobId, std::uint64_t> numbers_;
    TimePoint moved_flush_{};
    TimePoint stale_flush_{};
};

}  // namespace muster::runtime
