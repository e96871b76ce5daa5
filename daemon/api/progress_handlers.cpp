// The verb job/progress.
#include "daemon/api/handlers.hpp"
#include "daemon/api/progress_history.hpp"
#include "daemon/api/render.hpp"

namespace muster::api {
namespace json = boost::json;
namespace {

json::object sample_json(TimePoint at, const core::Tally& tally) {
    return {{"at", time_json(at)},
            {"succeeded", tally.succeeded},
            {"failed", tally.failed},
            {"pending", tally.pending}};
}

json::object progress_json(const core::Job& job, const View& view) {
    const auto* course = view.progress == nullptr ? nullptr : view.progress->find(job.id);
    const auto running = job.state == core::JobState::running;
    const auto begun = job.state != core::JobState::pending;
    json::array items;
    if (course != nullptr) {
        for (const auto& sample : course->samples) {
            items.push_back(sample_json(sample.at, sample.tally));
        }
    }
    // A running job goes on to now; of one that ended earlier the end is all that is known.
    const auto known = course == nullptr ? TimePoint{} : course->samples.back().at;
    if (running && course != nullptr && course->latest.at > known) {
        items.push_back(sample_json(course->latest.at, course->latest.tally));
    }
    if (begun && (running || course == nullptr)) {
        items.push_back(
            sample_json(running || job.ended_at == TimePoint{} ? view.now : job.ended_at, job.tally));
    }
    return {{"job", static_cast<std::uint64_t>(job.id)},
            {"started_at", time_json(job.started_at)},
            {"complete", !begun || (course != nullptr && course->complete)},
            {"items", std::move(items)}};
}

}  // namespace

namespace handlers {

Result<Prepared> job_progress(const Call& call, const View&) {
    Fields fields(call.body);
    const auto id = fields.required_job();
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([id](const View& view) -> Result<json::object> {
        const auto* job = view.engine.find_job(id);
        return job == nullptr ? Result<json::object>(no_such_job(id)) : progress_json(*job, view);
    });
}

}  // namespace handlers
}  // namespace muster::api
