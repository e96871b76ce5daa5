// Commands that make, change and run jobs.
#include "daemon/cli/fields.hpp"
#include "daemon/cli/fold.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_specification.hpp"
#include "daemon/cli/job_view.hpp"
#include "daemon/cli/values.hpp"
#include "daemon/cli/watch.hpp"

#include <fmt/format.h>

namespace muster::cli {
namespace json = boost::json;
namespace {

std::uint64_t number(JobId job) {
    return static_cast<std::uint64_t>(job);
}

Outcome<std::optional<Seconds>> watch_limit(const Arguments& arguments) {
    if (!arguments.has("for")) {
        return std::optional<Seconds>();
    }
    const auto most = parse_duration(arguments.one("for"), "--for");
    if (!most) {
        return most.error();
    }
    return std::optional(*most);
}

// Says what became of the job, or follows it when asked to.
Outcome<ExitCode> report(Context& context, const Arguments& arguments, const json::value& reply,
                         std::string_view what) {
    const json::object& record = as_object(reply);
    const JobView view = read_job(record);
    Line line{{fmt::format("job {} {}: ", view.job, what)}, {view.name, Style::strong}};
    if (view.selected > 0) {
        line.push_back({fmt::format("  {} devices", view.selected)});
    }
    if (arguments.has("watch") || arguments.has("for")) {
        const auto most = watch_limit(arguments);
        if (!most) {
            return most.error();
        }
        context.output.remark(line);
        return watch_job(context, JobId{view.job}, *most);
    }
    context.output.line(line);
    if (context.output.json()) {
        context.output.document(reply);
    }
    return ExitCode::success;
}

Outcome<ExitCode> send(Context& context, const Arguments& arguments, const std::string& verb,
                       const json::object& body, std::string_view what) {
    // A slip in --for must not be found after the job is under way.
    if (const auto most = watch_limit(arguments); !most) {
        return most.error();
    }
    const auto reply = context.request(verb, body);
    if (!reply) {
        return reply.error();
    }
    return report(context, arguments, *reply, what);
}

void add_digest(json::object& body, const Arguments& arguments) {
    if (arguments.has("digest")) {
        body["digest"] = arguments.one("digest");
    }
}

}  // namespace

Outcome<ExitCode> job_new(Context& context, const Arguments& arguments) {
    const auto specification = new_specification(arguments);
    if (!specification) {
        return specification.error();
    }
    return send(context, arguments, "job/save", *specification, "saved");
}

Outcome<ExitCode> job_edit(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    if (!describes_job(arguments)) {
        return usage_failure("nothing to change is given; `muster job edit --help` lists what can be");
    }
    const auto before = context.request("job/get", {{"job", number(job.value())}});
    if (!before) {
        return before.error();
    }
    auto body = edited_specification(as_object(*before), arguments);
    if (!body) {
        return body.error();
    }
    body->emplace("job", number(job.value()));
    body->emplace("revision", count_of(as_object(*before), "revision"));
    return send(context, arguments, "job/save", *body, "saved");
}

Outcome<ExitCode> job_run(Context& context, const Arguments& arguments) {
    if (arguments.has("JOB")) {
        const auto job = parse_job(arguments.one("JOB"));
        if (!job) {
            return job.error();
        }
        if (describes_job(arguments)) {
            return usage_failure(
                fmt::format("job {} runs as it was saved; change it before with "
                            "`muster job edit {} …`",
                            number(job.value()), number(job.value())));
        }
        json::object body{{"job", number(job.value())}};
        add_digest(body, arguments);
        return send(context, arguments, "job/run", body, "runs");
    }
    auto body = new_specification(arguments);
    if (!body) {
        return body.error();
    }
    body->emplace("run", true);
    add_digest(*body, arguments);
    return send(context, arguments, "job/save", *body, "runs");
}

Outcome<ExitCode> job_stop(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    const auto reply = context.request("job/stop", {{"job", number(job.value())}});
    if (!reply) {
        return reply.error();
    }
    const JobView view = read_job(as_object(*reply));
    Line line{{fmt::format("job {} ", view.job)}, {view.status, status_style(view.status)}, {": "}};
    for (Span& span : tally_line(view)) {
        line.push_back(std::move(span));
    }
    context.output.line(line);
    if (context.output.json()) {
        context.output.document(*reply);
    }
    return ExitCode::success;
}

Outcome<ExitCode> job_copy(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    const auto reply = context.request("job/copy", {{"job", number(job.value())}});
    if (!reply) {
        return reply.error();
    }
    const json::object& drift = object_of(as_object(*reply), "drift");
    if (const std::string cause = text_of(drift, "broken"); !cause.empty()) {
        context.output.remark({{"the device set is broken: ", Style::bad}, {cause}});
    }
    for (const std::string_view kind : {"added", "left", "deleted"}) {
        std::vector<std::string> ids;
        for (const json::value& id : array_of(drift, kind)) {
            ids.push_back(shown(id));
        }
        if (!ids.empty()) {
            context.output.remark(
                {{fmt::format("{} since: ", kind), Style::warning},
                 {fmt::format("{} device{}: {}", ids.size(), ids.size() == 1 ? "" : "s", fold_ids(ids))}});
        }
    }
    return report(context, arguments, *reply, fmt::format("is the copy of {}", number(job.value())));
}

Outcome<ExitCode> job_rerun(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    json::object body{{"job", number(job.value())}};
    for (const std::string_view name : {"reason", "message"}) {
        if (arguments.has(name)) {
            body[name] = arguments.one(name);
        }
    }
    const bool run = arguments.has("run") || arguments.has("watch") || arguments.has("for");
    if (run) {
        body["run"] = true;
    }
    const std::string what =
        fmt::format("{} the failed devices of {}", run ? "runs again on" : "saved for", number(job.value()));
    return send(context, arguments, "job/rerun", body, what);
}

Outcome<ExitCode> job_watch(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    const auto most = watch_limit(arguments);
    if (!job || !most) {
        return !job ? job.error() : most.error();
    }
    return watch_job(context, job.value(), *most);
}

}  // namespace muster::cli
