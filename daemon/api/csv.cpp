#include "daemon/api/csv.hpp"

#include "daemon/api/job_spec.hpp"
#include "daemon/api/render.hpp"
#include "protocol/codec.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace muster::api {
namespace {

std::string cells_of(std::initializer_list<std::string_view> cells) {
    std::string text;
    for (const auto cell : cells) {
        append_csv_cell(cell, text);
        text += ',';
    }
    return text;
}

std::string utc(TimePoint time) {
    return time == TimePoint{} ? std::string{} : format_utc(time);
}

std::string values(const boost::json::object& object) {
    return object.empty() ? std::string{} : format_json(object);
}

}  // namespace

void append_csv_cell(std::string_view cell, std::string& text) {
    using namespace std::string_view_literals;
    const auto first = cell.find_first_not_of('\0');  // what a spreadsheet sees first, NULs being left out
    const auto formula =
        first != std::string_view::npos && "=+-@\t\r"sv.find(cell[first]) != std::string_view::npos;
    if (!formula && cell.find_first_of("\",\r\n\0"sv) == std::string_view::npos) {
        text += cell;
        return;
    }
    const auto quoted = cell.find_first_of("\",\r\n") != std::string_view::npos;
    text += quoted ? "\"" : "";
    text += formula ? "'" : "";
    for (const auto c : cell) {
        text += c == '"' ? "\"" : "";
        if (c != '\0') {
            text += c;
        }
    }
    text += quoted ? "\"" : "";
}

std::string csv_header() {
    return "job,job_name,job_description,job_status,job_type,device_set,operations,"
           "job_created_by,job_started_at,job_ended_at,device,name,deleted,status,reason,message,"
           "detail,attempts,first_sent_at,last_sent_at,finished_at,old,new,late\r\n";
}

CsvLines::CsvLines(const core::Job& job, const core::Engine& engine)
    : job_(job),
      engine_(engine),
      job_cells_(cells_of({muster::to_string(job.id), job.spec.name, job.spec.description,
                           core::to_string(job.state), core::to_string(job.spec.type), job.spec.set,
                           format_json(operations_json(job.spec)), job.created_by, utc(job.started_at),
                           utc(job.ended_at)})),
      new_cell_(cells_of({values(new_values(job.spec))})) {}

void CsvLines::append(const core::Execution& execution, std::string& text) const {
    const auto add = [&text](std::string_view cell) {
        append_csv_cell(cell, text);
        text += ',';
    };
    const auto* device = engine_.registry().get(execution.device.text());
    text += job_cells_;
    add(execution.device.text());
    add(device == nullptr ? std::string_view(execution.device.text()) : device->shown_name());
    add(device == nullptr ? "true" : "false");
    add(core::to_string(execution.state));
    add(core::to_string(execution.reason));
    add(execution.message);
    add(detail_of(execution, job_, engine_));
    add(fmt::format_int(execution.attempts).c_str());
    add(utc(execution.first_sent_at));
    add(utc(execution.last_sent_at));
    add(utc(execution.finished_at));
    add(execution.old_values);
    text += new_cell_;
    append_csv_cell(late_text(execution), text);
    text += "\r\n";
}

}  // namespace muster::api
