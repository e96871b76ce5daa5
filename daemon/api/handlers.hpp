// The handlers behind the table of verbs, and what they share.
#pragma once

#include "daemon/api/api.hpp"
#include "daemon/api/fields.hpp"

#include <charconv>
#include <string>
#include <string_view>

namespace muster::api {

struct Page {
    std::size_t limit = 0;
    std::string cursor;  // "" is the beginning
};
[[nodiscard]] Page read_page(Fields& fields);
// The whole text as a decimal number; false: it is none.
template <class Number>
[[nodiscard]] bool read_number(std::string_view text, Number& number) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size();
}
// Ordinal cursors ("1017"). Notes a mistake when the cursor is not one.
[[nodiscard]] std::uint32_t read_ordinal(Fields& fields, const Page& page);
// {"items":…,"next":…}; an empty `next` is null.
[[nodiscard]] boost::json::object page_json(boost::json::array items, const std::string& next);

// A question: nothing for the engine to do.
[[nodiscard]] Prepared question(std::function<Result<boost::json::object>(const View&)> ask);
// A request whose result does not depend on the answer's contents.
[[nodiscard]] Prepared request_only(core::Request request);
[[nodiscard]] Error no_such_job(JobId job);
// What a put answered: "created".
[[nodiscard]] std::string_view changed_text(const core::Answer* answer);
// kind: "device set".
[[nodiscard]] Error no_such(std::string_view kind, std::string_view name);

namespace handlers {

using Handler = Result<Prepared>(const Call&, const View&);

Handler job_save, job_plan, job_run, job_stop, job_copy, job_rerun, job_delete, job_get, job_list,
    job_devices, job_progress, job_csv;
Handler device_list, device_get, device_jobs, device_put, device_delete;
Handler set_list, set_get, set_put, set_delete, set_preview;
Handler template_list, template_get, template_put, template_delete;
Handler status, doctor, metrics, console_open, session_get, audit_list;

}  // namespace handlers
}  // namespace muster::api
