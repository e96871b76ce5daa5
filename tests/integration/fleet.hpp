// What the integration tests work on: the template "refrigerator", the set
// "refrigerators" of all its devices, and jobs on that set.
//
// Threads: one thread.
#pragma once

#include "tests/support/gateway.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace muster::test {

// Registers template and set.
void put_fleet(Gateway& gateway);

// A settings job, as job/save takes it.
[[nodiscard]] boost::json::object fan_speed_job(int speed, boost::json::object policy = {});

// Saves and runs; answers the job's number.
[[nodiscard]] std::int64_t run_job(Gateway& gateway, boost::json::object specification);

// A device that plays no part: registered by its retained info, never online.
void put_silent_device(Gateway& gateway, const std::string& device);

// "fridge-1" of "muster/v1/dev/fridge-1/cmd".
[[nodiscard]] std::string device_of(const std::string& topic);

// B01: the tally adds up and equals a recount of the executions; every failed
// one has a reason of the closed list and a message (B05).
void check_tally(Gateway& gateway, std::int64_t job);

// How many executions of a job have each status ("Completed") or, for failed
// ones, each reason ("rejected").
[[nodiscard]] std::map<std::string, int> count_executions(Gateway& gateway, std::int64_t job);

}  // namespace muster::test
