// A job specification as JSON (SPEC 7.2), both ways.
#pragma once

#include "daemon/api/fields.hpp"
#include "daemon/core/job.hpp"

#include <boost/json/object.hpp>

namespace muster::api {

// Reads the specification's members out of a request; mistakes go to `fields`.
[[nodiscard]] core::JobSpec read_job_spec(Fields& fields);
// Whether the request holds any member of a specification.
[[nodiscard]] bool has_job_spec(const Fields& fields);

void write_job_spec(const core::JobSpec& spec, boost::json::object& into);
[[nodiscard]] boost::json::array operations_json(const core::JobSpec& spec);

}  // namespace muster::api
