// What a valid configuration allows and its owner may not have meant.
//
// Threads: callable from any; reads who may read the named files.
#pragma once

#include "config/daemon_options.hpp"

#include <string>
#include <vector>

namespace muster::config {

struct OptionWarning {
    std::string key;      // "broker.password_file"
    std::string message;  // a sentence that says what may come of it
    std::string fix;      // a line of prose, then perhaps a command
};

[[nodiscard]] std::vector<OptionWarning> warnings(const DaemonOptions& options);

}  // namespace muster::config
