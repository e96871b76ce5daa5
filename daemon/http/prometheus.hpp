// Metrics in the text format of Prometheus: those of verb `metrics`, and what the
// system says of the process and of the disk that the store is on.
//
// Threads: any; reads /proc/self and asks the file system.
#pragma once

#include <boost/json/array.hpp>

#include <string>

namespace muster::http {

inline constexpr const char* kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

// `store_path`: the store's file; empty: its disk is left out.
[[nodiscard]] std::string prometheus_text(const boost::json::array& metrics, const std::string& store_path);

}  // namespace muster::http
