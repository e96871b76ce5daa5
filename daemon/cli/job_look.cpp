// Commands that show jobs.
#include "daemon/cli/fields.hpp"
#include "daemon/cli/fold.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_view.hpp"
#include "daemon/cli/paging.hpp"
#include "daemon/cli/pending.hpp"
#include "daemon/cli/properties.hpp"
#include "daemon/cli/values.hpp"
#include "daemon/cli/when.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;
namespace {

constexpr std::size_t kShownFailures = 20;

Row job_row(TimePoint now, const json::object& job) {
    const JobView view = read_job(job);
    const auto count = [](std::uint64_t value, Style style) {
        return Span{std::to_string(value), value > 0 ? style : Style::dim};
    };
    return {{std::to_string(view.job)},
            {view.status, status_style(view.status)},
            count(view.succeeded, Style::good),
            count(view.failed, Style::bad),
            count(view.pending, Style::plain),
            {view.name, Style::strong},
            {text_of(job, "set")},
            {text_of(job, "type")},
            {relative_of(now, job, "created_at"), Style::dim},
            {text_of(job, "created_by"), Style::dim}};
}

Row execution_row(TimePoint now, const json::object& execution) {
    const std::string status = text_of(execution, "status");
    std::string said = why(text_of(execution, "reason"), text_of(execution, "message"));
    for (const std::string& more : {text_of(execution, "detail"), text_of(execution, "late")}) {
        said += (said.empty() || more.empty() ? "" : "; ") + more;
    }
    const bool finished = !text_of(execution, "finished_at").empty();
    return {{text_of(execution, "device")},
            {flag_of(execution, "deleted") ? "(deleted)" : text_of(execution, "name")},
            {status, status_style(status)},
            {std::to_string(count_of(execution, "attempts"))},
            {relative_of(now, execution, finished ? "finished_at" : "last_sent_at"), Style::dim},
            {said}};
}

std::string selection_text(const json::object& job) {
    const json::object& selection = object_of(job, "selection");
    const auto folded = [&selection](std::string_view name) {
        std::vector<std::string> ids;
        for (const json::value& id : array_of(selection, name)) {
            ids.push_back(shown(id));
        }
        return fold_ids(ids);
    };
    if (!flag_of(selection, "all")) {
        return folded("devices");
    }
    const std::string except = folded("except");
    return except.empty() ? "all devices" : "all devices but " + except;
}

std::string template_text(const json::object& job) {
    const json::object& used = object_of(job, "template");
    return used.empty() ? std::string()
                        : fmt::format("{} version {}", text_of(used, "name"), count_of(used, "version"));
}

void print_job(Context& context, const json::object& job) {
    const JobView view = read_job(job);
    const TimePoint now = context.now();
    context.output.line({{view.name, Style::strong}});
    Properties properties;
    properties.add("job", std::to_string(view.job));
    properties.add("status", view.status + (view.detail.empty() ? "" : " (" + view.detail + ")"),
                   status_style(view.status));
    properties.add("devices", fmt::format("{} selected: {}", view.selected, render(tally_line(view), false)));
    properties.add("description", text_of(job, "description"));
    properties.add("set", text_of(job, "set"));
    properties.add("selection", selection_text(job));
    properties.add(text_of(job, "type"), shown_operations(job));
    properties.add("policy", shown_members(object_of(job, "policy")));
    properties.add("template", template_text(job));
    if (const std::uint64_t parent = count_of(job, "parent"); parent != 0) {
        properties.add("rerun of", fmt::format("job {}", parent));
    }
    properties.add("created",
                   fmt::format("{} by {}", relative_of(now, job, "created_at"), text_of(job, "created_by")));
    properties.add("started", relative_of(now, job, "started_at"));
    properties.add("ended", relative_of(now, job, "ended_at"));
    properties.print(context.output);
}

}  // namespace

Outcome<ExitCode> job_list(Context& context, const Arguments& arguments) {
    const auto paging = paging_of(arguments);
    if (!paging) {
        return paging.error();
    }
    json::object body;
    for (const std::string_view name : {"status", "search"}) {
        if (arguments.has(name)) {
            body[name] = arguments.one(name);
        }
    }
    const ListView view{{{"JOB", true},
                         {"STATUS"},
                         {"OK", true},
                         {"FAILED", true},
                         {"PENDING", true},
                         {"NAME"},
                         {"SET"},
                         {"TYPE"},
                         {"CREATED"},
                         {"BY"}},
                        [now = context.now()](const json::object& job) { return job_row(now, job); },
                        "no jobs"};
    const auto printed = print_list(context, "job/list", std::move(body), *paging, view);
    if (!printed) {
        return printed.error();
    }
    return ExitCode::success;
}

Outcome<ExitCode> job_show(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    const auto reply = context.request("job/get", {{"job", static_cast<std::uint64_t>(*job)}});
    if (!reply) {
        return reply.error();
    }
    if (context.output.json()) {
        context.output.document(*reply);
        return ExitCode::success;
    }
    const json::object& record = as_object(*reply);
    print_job(context, record);
    const auto failures = load_failures(context, record, limits::kPageMost, context.settings.timeout);
    if (!failures) {
        return failures.error();
    }
    for (const Line& line : failure_lines(*failures, kShownFailures)) {
        context.output.line(line);
    }
    if (const JobView view = read_job(record); view.pending > 0) {
        const auto pending = load_pending(context, view.job, limits::kPageMost, context.settings.timeout);
        if (!pending) {
            return pending.error();
        }
        for (const Line& line : pending_lines(*pending, view.pending)) {
            context.output.line(line);
        }
    }
    return ExitCode::success;
}

Outcome<ExitCode> job_devices(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    const auto paging = paging_of(arguments);
    if (!job || !paging) {
        return !job ? job.error() : paging.error();
    }
    json::object body{{"job", static_cast<std::uint64_t>(*job)}};
    for (const std::string_view name : {"status", "reason", "message"}) {
        if (arguments.has(name)) {
            body[name] = arguments.one(name);
        }
    }
    const ListView view{{{"DEVICE"}, {"NAME"}, {"STATUS"}, {"TRIES", true}, {"WHEN"}, {"WHY"}},
                        [now = context.now()](const json::object& item) { return execution_row(now, item); },
                        "no devices"};
    const auto printed = print_list(context, "job/devices", std::move(body), *paging, view);
    if (!printed) {
        return printed.error();
    }
    return ExitCode::success;
}

}  // namespace muster::cli
