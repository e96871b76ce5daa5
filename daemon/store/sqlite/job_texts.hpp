// The parts of a job that are lists or grow with time, as JSON text:
//
//   operations  [{"name":"fanSpeed","value":3}]
//   selection   {"all":true,"devices":["fridge-7"]}
//   policy      {"timeout_seconds":3600,"offline":"wait","window":100}, absent ones left out
//   outcomes    [{"state":"Failed","reason":"rejected","message":"out of range","count":3}]
//
// Threads: pure functions. Every read_ returns whether the value made sense.
#pragma once

#include "daemon/core/job.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace muster::store::sqlite {

[[nodiscard]] std::string operations_text(const std::vector<core::Operation>& operations);
[[nodiscard]] bool read_operations(const boost::json::value& stored,
                                   std::vector<core::Operation>& operations);

[[nodiscard]] std::string selection_text(const core::Selection& selection);
[[nodiscard]] bool read_selection(const boost::json::value& stored, core::Selection& selection);

[[nodiscard]] std::string policy_text(const core::Policy& policy);
[[nodiscard]] bool read_policy(const boost::json::value& stored, core::Policy& policy);

[[nodiscard]] std::string outcomes_text(const std::vector<core::OutcomeCount>& outcomes);
[[nodiscard]] bool read_outcomes(const boost::json::value& stored, std::vector<core::OutcomeCount>& outcomes);

}  // namespace muster::store::sqlite
