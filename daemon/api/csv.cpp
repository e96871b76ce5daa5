#include "daemon/api/csv.hpp"

#include "daemon/api/job_spec.hpp"
#include "daemon/api/render.hpp"
#include "protocol/codec.hpp"

#include <vector>

namespace muster::api {
namespace {

std::string line(const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
    return text + "\r\n";
}

std::string utc(TimePoint time) {
    return time == TimePoint{} ? std::string{} : format_utc(time);
}

std::string values(const boost::json::object& object) {
    return object.empty() ? std::string{} : format_json(object);
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell;
    const auto first = text.find_first_not_of('\0');  // what a spreadsheet sees first, NULs being left out
    if (first != std::string_view::npos &&
        std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos) {
        cell += '\'';
    }
    auto quoted = false;
    for (const auto c : text) {
        if (c == '\0') {
            continue;
        }
        quoted = quoted || c == '"' || c == ',' || c == '\r' || c == '\n';
        cell += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return quoted ? '"' + cell + '"' : cell;
}

std::string csv_header() {
    return line(
        {"job",           "job_name",       "job_description", "job_status",   "job_type", "device_set",
         "operations",    "job_created_by", "job_started_at",  "job_ended_at", "device",   "name",
         "deleted",       "status",         "reason",          "message",      "detail",   "attempts",
         "first_sent_at", "last_sent_at",   "finished_at",     "old",          "new",      "late"});
}

std::string csv_line(const core::Execution& execution, const core::Job& job, const core::Engine& engine) {
    const auto* device = engine.registry().get(execution.device.text());
    return line({muster::to_string(job.id),
                 job.spec.name,
                 job.spec.description,
                 std::string(core::to_string(job.state)),
                 std::string(core::to_string(job.spec.type)),
                 job.spec.set,
                 format_json(operations_json(job.spec)),
                 job.created_by,
                 utc(job.started_at),
                 utc(job.ended_at),
                 execution.device.text(),
                 device == nullptr ? execution.device.text() : std::string(device->shown_name()),
                 device == nullptr ? "true" : "false",
                 std::string(core::to_string(execution.state)),
                 std::string(core::to_string(execution.reason)),
                 execution.message,
                 detail_of(execution, job, engine),
                 std::to_string(execution.attempts),
                 utc(execution.first_sent_at),
                 utc(execution.last_sent_at),
                 utc(execution.finished_at),
                 execution.old_values,
                 values(new_values(job.spec)),
                 late_text(execution)});
}

}  // namespace muster::api
