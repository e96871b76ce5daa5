#include "daemon/cli/watch.hpp"

#include "daemon/cli/fields.hpp"
#include "daemon/cli/live_screen.hpp"
#include "daemon/cli/pending.hpp"
#include "daemon/cli/watch_view.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::cli {
namespace json = boost::json;
namespace {

// A picture at most this often, and at least so often while time passes.
constexpr Milliseconds kPictureEvery{100};
constexpr Milliseconds kTickEvery{1'000};
// A line to a file or pipe at most this often.
constexpr Milliseconds kLineEvery{1'000};
// Failures are looked up at most this often; the job itself also without notices.
constexpr Milliseconds kFailuresEvery{1'000};
constexpr Milliseconds kLookEvery{5'000};
// So short that Ctrl-C is never kept waiting for long.
constexpr Milliseconds kLookTimeout{2'000};
constexpr std::uint64_t kLiveDevices = 200;
// So few that one page tells what each of them waits for.
constexpr std::uint64_t kFewPending = 100;

class Watch {
public:
    Watch(Context& context, JobId job, std::optional<Seconds> most)
        : context_(context), job_(job), screen_(context.output.stream(), context.output.colour()) {
        if (most) {
            until_ = context.now() + *most;
        }
    }

    Outcome<ExitCode> run() {
        auto feed = context_.client.follow(job_);
        if (!feed) {
            return feed.error();
        }
        if (const auto first = look(context_.settings.timeout); !first) {
            return first.error();
        }
        context_.note_interrupts();
        while (!state_.job.ended()) {
            show();
            if (context_.interrupted() || (until_ && context_.now() >= *until_)) {
                return leave();
            }
            take((*feed)->next(kPictureEvery));
            if (look_is_due()) {
                if (const auto looked = look(kLookTimeout); !looked && is_final(looked.error())) {
                    erase();
                    return looked.error();
                }
            }
        }
        return finish();
    }

private:
    // Asks for the job and what went wrong in it so far.
    Outcome<void> look(Milliseconds timeout) {
        looked_at_ = context_.now();
        ended_by_notice_ = false;
        auto reply = context_.client.request("job/get", {{"job", static_cast<std::uint64_t>(job_)}}, timeout);
        if (!reply) {
            state_.note = "musterd does not answer; still trying";
            return reply.error();
        }
        record_ = as_object(*reply);
        update_job(state_.job, record_);
        state_.note.clear();
        const bool last = state_.job.ended() && state_.job.failed > 0;
        if (last || state_.job.failed != failures_counted_) {
            const auto devices = last ? limits::kPageMost : kLiveDevices;
            auto failures = load_failures(context_, record_, devices, timeout);
            if (failures) {
                state_.failures = std::move(*failures);
                failures_counted_ = state_.job.failed;
            }
        }
        look_at_pending(timeout);
        return {};
    }

    // Only of the last few, of which one page tells all.
    void look_at_pending(Milliseconds timeout) {
        const auto& job = state_.job;
        state_.only_offline = false;
        if (job.status != "Running" || job.pending == 0 || job.pending > kFewPending) {
            return;
        }
        const auto groups = load_pending(context_, job.job, kFewPending, timeout);
        state_.only_offline = groups && groups->size() == 1 && groups->front().why == "device offline";
    }

    // A refusal is an answer; silence is not, musterd may come back.
    static bool is_final(const Failure& failure) { return failure.exit == ExitCode::refused; }

    void take(JobNews news) {
        if (news.gateway_online) {
            gateway_online_ = *news.gateway_online;
            state_.note = gateway_online_ ? "" : "musterd is offline; waiting for it to come back";
            looked_at_ = gateway_online_ ? TimePoint{} : looked_at_;
        }
        ended_by_notice_ = ended_by_notice_ || news.deleted;
        if (news.job) {
            JobView noticed = state_.job;
            update_job(noticed, *news.job);
            // The end is believed when job/get says so too.
            ended_by_notice_ = ended_by_notice_ || noticed.ended();
            if (!noticed.ended()) {
                state_.only_offline = state_.only_offline && noticed.pending == state_.job.pending;
                state_.job = noticed;
            }
        }
    }

    [[nodiscard]] bool look_is_due() const {
        const auto since = context_.now() - looked_at_;
        if (!gateway_online_) {
            return false;
        }
        return ended_by_notice_ || since >= kLookEvery ||
               (state_.job.failed != failures_counted_ && since >= kFailuresEvery);
    }

    void show() {
        const TimePoint now = context_.now();
        meter_.sample(now, state_.job.succeeded + state_.job.failed);
        state_.per_second = meter_.per_second();
        if (context_.output.json()) {
            return;
        }
        const auto since = now - shown_at_;
        if (context_.output.terminal()) {
            if ((changed() && since >= kPictureEvery) || since >= kTickEvery) {
                screen_.draw(live_lines(state_, context_.output.columns()), context_.output.columns());
                shown(now);
            }
        } else if (changed() && since >= kLineEvery) {
            context_.output.line(progress_line(state_));
            context_.output.flush();
            shown(now);
        }
    }

    [[nodiscard]] bool changed() const {
        return shown_job_ != state_.job || shown_note_ != state_.note || shown_failures_ != failures_counted_;
    }

    void shown(TimePoint now) {
        shown_at_ = now;
        shown_job_ = state_.job;
        shown_note_ = state_.note;
        shown_failures_ = failures_counted_;
    }

    void erase() {
        if (context_.output.terminal() && !context_.output.json()) {
            screen_.clear();
        }
    }

    std::optional<Milliseconds> took() const {
        const auto started = parse_utc(text_of(record_, "started_at"));
        const auto ended = parse_utc(text_of(record_, "ended_at"));
        return started && ended ? std::optional(*ended - *started) : std::nullopt;
    }

    Outcome<ExitCode> finish() {
        erase();
        for (const Line& line : summary_lines(state_, took())) {
            context_.output.line(line);
        }
        document();
        return exit_code(state_.job);
    }

    Outcome<ExitCode> leave() {
        if (context_.output.terminal()) {
            erase();
        }
        context_.output.line(progress_line(state_));
        if (!context_.output.json() && state_.job.pending > 0) {
            const auto groups = load_pending(context_, state_.job.job, limits::kPageMost, kLookTimeout);
            for (const Line& line :
                 groups ? pending_lines(*groups, state_.job.pending) : std::vector<Line>()) {
                context_.output.line(line);
            }
        }
        const std::uint64_t number = static_cast<std::uint64_t>(job_);
        context_.output.remark(
            {{fmt::format("The job goes on. See it again with `muster job watch {}`, "
                          "stop it with `muster job stop {}`.",
                          number, number)}});
        document();
        return ExitCode::still_pending;
    }

    void document() {
        if (context_.output.json()) {
            context_.output.document(record_);
        }
    }

    Context& context_;
    JobId job_;
    LiveScreen screen_;
    std::optional<TimePoint> until_;
    json::object record_;  // as job/get answered last
    WatchState state_;
    RateMeter meter_;
    std::uint64_t failures_counted_ = 0;  // failed devices when state_.failures was loaded
    TimePoint looked_at_{};
    TimePoint shown_at_{};
    bool gateway_online_ = true;
    bool ended_by_notice_ = false;
    // What the last picture or line showed.
    std::optional<JobView> shown_job_;
    std::string shown_note_;
    std::uint64_t shown_failures_ = 0;
};

}  // namespace

Outcome<ExitCode> watch_job(Context& context, JobId job, std::optional<Seconds> most) {
    return Watch(context, job, most).run();
}

}  // namespace muster::cli
