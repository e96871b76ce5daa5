// The JSON shapes of SPEC section 7.
//
// Threads: pure functions.
#pragma once

#include "daemon/api/view.hpp"

#include <boost/json/object.hpp>

namespace muster::api {

enum class JobDetail { full, listed, topic };

[[nodiscard]] boost::json::object job_json(const core::Job& job, JobDetail detail);
[[nodiscard]] boost::json::object tally_json(const core::Tally& tally);
[[nodiscard]] boost::json::object drift_json(const core::Drift& drift);
[[nodiscard]] boost::json::object execution_json(const core::Execution& execution, const core::Job& job,
                                                 const core::Engine& engine);
[[nodiscard]] boost::json::object device_json(const core::Device& device, const core::Engine& engine);
[[nodiscard]] boost::json::object set_json(const core::Catalog::SetEntry& entry);
// The gateway itself: the part of status that says how it is.
[[nodiscard]] boost::json::object gateway_json(const GatewayState& gateway, TimePoint now);
[[nodiscard]] boost::json::object status_json(const View& view);

// Why an execution is Pending, "" if it is not.
[[nodiscard]] std::string detail_of(const core::Execution& execution, const core::Job& job,
                                    const core::Engine& engine);
// "answered 200 after 3 min", "" if there is no late answer.
[[nodiscard]] std::string late_text(const core::Execution& execution);
// What the job writes: {"fanSpeed":3}; empty for commands.
[[nodiscard]] boost::json::object new_values(const core::JobSpec& spec);
// RFC 3339, or null for the epoch.
[[nodiscard]] boost::json::value time_json(TimePoint time);

}  // namespace muster::api
