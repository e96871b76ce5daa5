// Metrics in the text format of Prometheus: those of verb `metrics`, and of the process.
//
// Threads: prometheus_text is pure but for reading /proc/self.
#pragma once

#include <boost/json/array.hpp>

#include <string>

namespace muster::http {

inline constexpr const char* kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string prometheus_text(const boost::json::array& metrics);

}  // namespace muster::http
