#include "daemon/cli/watch_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace muster::cli {
namespace {

constexpr Milliseconds kRateWindow{10'000};
constexpr Milliseconds kLeastRateTime{1'000};
constexpr std::size_t kBarMost = 60;
constexpr std::size_t kLiveFailures = 6;
constexpr std::size_t kSummaryFailures = 20;

std::uint64_t done_of(const JobView& job) {
    return job.succeeded + job.failed;
}

int percent(const JobView& job) {
    return job.selected == 0 ? 0 : static_cast<int>(done_of(job) * 100 / job.selected);
}

// Eighths of a column, so that a long job is seen to move.
std::string filled(std::uint64_t eighths) {
    constexpr std::array<const char*, 8> kParts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    std::string text;
    for (std::uint64_t at = 0; at < eighths / 8; ++at) {
        text += "█";
    }
    return text + kParts[eighths % 8];
}

Line bar_line(const JobView& job, std::size_t columns) {
    const std::string numbers = fmt::format(" {:>3} %  {}/{}", percent(job), done_of(job), job.selected);
    const std::size_t room = columns > numbers.size() ? columns - numbers.size() : 0;
    const std::uint64_t width = std::min(room, kBarMost);
    if (width < 8) {
        return {{numbers.substr(1)}};
    }
    const std::uint64_t all = width * 8;
    const std::uint64_t good = job.selected == 0 ? 0 : all * job.succeeded / job.selected;
    const std::uint64_t done = job.selected == 0 ? 0 : all * done_of(job) / job.selected;
    // The green part ends on a whole column, so that the red one can begin there.
    const std::uint64_t green = job.failed == 0 ? done : good / 8 * 8;
    const std::string green_text = filled(green);
    const std::string red_text = filled(done - green);
    const std::size_t drawn = display_width(green_text) + display_width(red_text);
    std::string rest;
    for (std::size_t at = drawn; at < width; ++at) {
        rest += "░";
    }
    return {{green_text, Style::good}, {red_text, Style::bad}, {rest, Style::dim}, {numbers}};
}

Line heading(const JobView& job, std::size_t columns) {
    const std::string number = fmt::format("  job {}  ", job.job);
    const std::size_t fixed = number.size() + job.status.size();
    const std::size_t room = std::max<std::size_t>(columns > fixed ? columns - fixed : 0, 8);
    Line line{{fit(sanitize(job.name), room), Style::strong},
              {number, Style::dim},
              {job.status, status_style(job.status)}};
    if (!job.detail.empty()) {
        line.push_back({"  " + job.detail, Style::dim});
    }
    return line;
}

// Whether the rate is worth a word.
bool moves(const WatchState& state) {
    constexpr double kNoticeable = 0.05;
    return state.per_second && *state.per_second >= kNoticeable && !state.job.ended();
}

// Counts, then rate and time left where they are known.
Line counts(const WatchState& state) {
    Line line = tally_line(state.job);
    for (const std::string& text : {rate_text(state), time_left_text(state)}) {
        if (!text.empty()) {
            line.push_back({"  " + text, Style::dim});
        }
    }
    return line;
}

}  // namespace

void RateMeter::sample(TimePoint now, std::uint64_t done) {
    // A job that is run again begins anew.
    if (!samples_.empty() && done < samples_.back().done) {
        samples_.clear();
    }
    samples_.push_back({now, done});
    while (samples_.size() > 2 && now - samples_[1].at >= kRateWindow) {
        samples_.pop_front();
    }
}

std::optional<double> RateMeter::per_second() const {
    if (samples_.empty() || samples_.back().at - samples_.front().at < kLeastRateTime) {
        return std::nullopt;
    }
    const std::chrono::duration<double> span = samples_.back().at - samples_.front().at;
    return static_cast<double>(samples_.back().done - samples_.front().done) / span.count();
}

std::string rate_text(const WatchState& state) {
    if (!moves(state)) {
        return {};
    }
    const double rate = *state.per_second;
    return rate < 10 ? fmt::format("{:.1f}/s", rate) : fmt::format("{:.0f}/s", rate);
}

std::string time_left_text(const WatchState& state) {
    if (state.only_offline && state.job.pending > 0 && !state.job.ended()) {
        return "only offline devices are left";  // whose coming no rate foretells
    }
    if (!moves(state) || state.job.pending == 0) {
        return {};
    }
    const double seconds = static_cast<double>(state.job.pending) / *state.per_second;
    return format_duration(Seconds(static_cast<std::int64_t>(seconds) + 1)) + " left";
}

std::vector<Line> live_lines(const WatchState& state, std::size_t columns) {
    std::vector<Line> lines{heading(state.job, columns), bar_line(state.job, columns), counts(state)};
    for (Line& line : failure_lines(state.failures, kLiveFailures)) {
        lines.push_back(std::move(line));
    }
    if (!state.note.empty()) {
        lines.push_back({{state.note, Style::warning}});
    }
    return lines;
}

Line progress_line(const WatchState& state) {
    Line line{{fmt::format("job {} {} {} %  ", state.job.job, state.job.status, percent(state.job))}};
    for (Span& span : counts(state)) {
        line.push_back(std::move(span));
    }
    if (!state.note.empty()) {
        line.push_back({"  " + state.note, Style::warning});
    }
    return line;
}

std::vector<Line> summary_lines(const WatchState& state, std::optional<Milliseconds> took) {
    const JobView& job = state.job;
    Line first{{fmt::format("job {} ", job.job)}, {job.status, status_style(job.status)}};
    if (took) {
        first.push_back({" after " + format_duration(*took)});
    }
    first.push_back({": "});
    for (Span& span : tally_line(job)) {
        first.push_back(std::move(span));
    }
    std::vector<Line> lines{std::move(first)};
    for (Line& line : failure_lines(state.failures, kSummaryFailures)) {
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace muster::cli
