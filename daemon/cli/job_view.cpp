#include "daemon/cli/job_view.hpp"

#include "daemon/cli/fields.hpp"
#include "daemon/cli/fold.hpp"
#include "daemon/cli/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace muster::cli {
namespace json = boost::json;

bool JobView::ended() const noexcept {
    return status == "Completed" || status == "Failed" || status == "Stopped";
}

JobView read_job(const json::object& job) {
    JobView view;
    update_job(view, job);
    return view;
}

void update_job(JobView& view, const json::object& update) {
    if (update.contains("job")) {
        view.job = count_of(update, "job");
    }
    if (update.contains("name")) {
        view.name = text_of(update, "name");
    }
    if (update.contains("status")) {
        view.status = text_of(update, "status");
        view.detail = text_of(update, "detail");
    }
    if (update.contains("tally")) {
        const json::object& tally = object_of(update, "tally");
        view.selected = count_of(tally, "selected");
        view.succeeded = count_of(tally, "succeeded");
        view.failed = count_of(tally, "failed");
        view.pending = count_of(tally, "pending");
    }
}

ExitCode exit_code(const JobView& view) noexcept {
    if (view.status == "Completed") {
        return ExitCode::success;
    }
    if (view.status == "Failed") {
        return ExitCode::ended_with_failures;
    }
    return view.status == "Stopped" ? ExitCode::stopped : ExitCode::still_pending;
}

Style status_style(std::string_view status) noexcept {
    if (status == "Completed") {
        return Style::good;
    }
    if (status == "Failed") {
        return Style::bad;
    }
    if (status == "Stopped") {
        return Style::warning;
    }
    return status == "Running" ? Style::strong : Style::plain;
}

Line tally_line(const JobView& view) {
    return {{fmt::format("{} succeeded", view.succeeded), view.succeeded > 0 ? Style::good : Style::plain},
            {"  "},
            {fmt::format("{} failed", view.failed), view.failed > 0 ? Style::bad : Style::plain},
            {"  "},
            {fmt::format("{} pending", view.pending)}};
}

std::string why(std::string_view reason, std::string_view message) {
    return fmt::format("{}{}{}", reason, reason.empty() || message.empty() ? "" : ": ", message);
}

std::string shown_operations(const json::object& job) {
    std::string text;
    for (const json::value& item : array_of(job, "operations")) {
        const json::object& operation = as_object(item);
        text += (text.empty() ? "" : " ") + text_of(operation, "name");
        if (const json::value* value = operation.if_contains("value")) {
            text += "=" + shown(*value);
        } else if (const json::object& args = object_of(operation, "args"); !args.empty()) {
            text += "(" + shown_members(args) + ")";
        }
    }
    return text;
}

Outcome<std::vector<FailureGroup>> load_failures(Context& context, const json::object& job,
                                                 std::uint64_t most_devices, Milliseconds timeout) {
    std::map<std::pair<std::string, std::string>, FailureGroup> groups;
    for (const json::value& item : array_of(job, "outcomes")) {
        const json::object& outcome = as_object(item);
        if (text_of(outcome, "status") == "Failed") {
            FailureGroup group{
                text_of(outcome, "reason"), text_of(outcome, "message"), count_of(outcome, "count"), {}};
            groups.insert_or_assign({group.reason, group.message}, std::move(group));
        }
    }
    if (groups.empty()) {
        return std::vector<FailureGroup>();
    }
    const json::object query{{"job", count_of(job, "job")}, {"status", "Failed"}};
    const auto rows = first_rows(context, "job/devices", query, most_devices, timeout);
    if (!rows) {
        return rows.error();
    }
    for (const json::value& item : *rows) {
        const json::object& execution = as_object(item);
        const auto group = groups.find({text_of(execution, "reason"), text_of(execution, "message")});
        if (group != groups.end()) {
            group->second.devices.push_back(text_of(execution, "device"));
        }
    }
    std::vector<FailureGroup> sorted;
    for (auto& [key, group] : groups) {
        sorted.push_back(std::move(group));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& left, const auto& right) { return left.count > right.count; });
    return sorted;
}

std::vector<Line> failure_lines(const std::vector<FailureGroup>& groups, std::size_t most) {
    std::vector<Line> lines;
    for (const FailureGroup& group : groups) {
        if (lines.size() == most) {
            lines.push_back(
                {{fmt::format("{:>6}  other reasons and messages", groups.size() - most), Style::dim}});
            break;
        }
        std::string devices = fold_ids(group.devices);
        if (group.devices.size() < group.count) {
            devices += devices.empty() ? "…" : ", …";
        }
        lines.push_back({{fmt::format("{:>6}  ", group.count), Style::bad},
                         {why(group.reason, group.message)},
                         {"  "},
                         {std::move(devices), Style::dim}});
    }
    return lines;
}

}  // namespace muster::cli
