// Where and with what a measurement was made.
//
// Threads: any.
#pragma once

#include <boost/json/object.hpp>

namespace muster::bench {

// {"machine": {"cpu", "cores", "memory_mib", "kernel", "system"}, "versions": {"mosquitto": "2.0.11-…", …},
// "date", "revision"}; what cannot be found out is "unknown".
[[nodiscard]] boost::json::object machine_json();

}  // namespace muster::bench
