// job csv and job delete.
#include "daemon/cli/context.hpp"
#include "daemon/cli/deletion.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/values.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <fstream>
#include <optional>

namespace muster::cli {
namespace json = boost::json;
namespace {

// Hands `take` the text page by page. `take` gives whether it could be written.
Outcome<void> stream_csv(Context& context, JobId job, const std::function<bool(const std::string&)>& take) {
    json::object body{{"job", static_cast<std::uint64_t>(job)}, {"limit", limits::kPageMost}};
    while (true) {
        const auto reply = context.request("job/csv", body);
        if (!reply) {
            return reply.error();
        }
        const json::object& page = as_object(*reply);
        if (!take(text_of(page, "csv"))) {
            return usage_failure("the CSV could not be written: is the disk full?");
        }
        const json::value* next = page.if_contains("next");
        if (next == nullptr || next->is_null()) {
            return {};
        }
        const json::value* before = body.if_contains("cursor");
        if (before != nullptr && *before == *next) {
            return answer_failure("job/csv: the same page came twice");
        }
        body["cursor"] = *next;
    }
}

}  // namespace

Outcome<ExitCode> job_csv(Context& context, const Arguments& arguments) {
    const auto job = parse_job(arguments.one("JOB"));
    if (!job) {
        return job.error();
    }
    if (context.output.json()) {
        return usage_failure("job csv writes CSV; `muster job devices --all --json` gives the same as JSON");
    }
    const std::string path = arguments.one("output");
    if (path.empty() || path == "-") {
        const auto streamed = stream_csv(context, *job, [&context](const std::string& text) {
            context.output.text(text);
            return context.output.flush();
        });
        return streamed ? Outcome<ExitCode>(ExitCode::success) : streamed.error();
    }
    // Opened with the first page, so that a refusal leaves the file as it was.
    std::optional<std::ofstream> file;
    const auto streamed = stream_csv(context, *job, [&file, &path](const std::string& text) {
        if (!file) {
            file.emplace(path, std::ios::binary | std::ios::trunc);
        }
        return static_cast<bool>(*file << text << std::flush);
    });
    if (!streamed) {
        Failure failure = streamed.error();
        failure.error.details.push_back({path, file ? "is not complete" : "was not written"});
        return failure;
    }
    context.output.remark({{fmt::format("{} written", path)}});
    return ExitCode::success;
}

Outcome<ExitCode> job_delete(Context& context, const Arguments& arguments) {
    std::vector<json::value> jobs;
    for (const std::string& text : arguments.all("JOB")) {
        const auto job = parse_job(text);
        if (!job) {
            return job.error();
        }
        jobs.emplace_back(static_cast<std::uint64_t>(*job));
    }
    return delete_all(context, "job", jobs);
}

}  // namespace muster::cli
