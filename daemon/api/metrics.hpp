// The gateway's metrics by name, as verb `metrics` gives them: the same for
// MQTT, and for Prometheus over HTTP.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/view.hpp"

#include <boost/json/array.hpp>

namespace muster::api {

// Each {"name","type":"counter"|"gauge"|"histogram","help","samples":[…]}, a
// sample {"labels":{…},"value"}, or of a histogram
// {"labels":{…},"count","sum","buckets":[{"below","count"}]}, counts cumulative.
// Names follow Prometheus: unit last, counters end in _total.
[[nodiscard]] boost::json::array metrics_json(const View& view);

}  // namespace muster::api
