// Reading the configuration, at the start and again on SIGHUP: what can change
// in a running musterd does, the rest is named. What is broken changes nothing.
//
// Threads: the main thread.
#pragma once

#include "config/daemon_options.hpp"
#include "daemon/http/server.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/program_access.hpp"
#include "daemon/program_command_line.hpp"
#include "daemon/runtime/gateway.hpp"
#include "protocol/result.hpp"
#include "protocol/topics.hpp"

namespace muster {

// The configuration as written. Errors: as config::load.
[[nodiscard]] Result<config::DaemonOptions> load_options(const Arguments& arguments);
// The same with the files of its credentials. Errors: as config::with_credentials.
[[nodiscard]] Result<config::DaemonOptions> with_credentials(config::DaemonOptions options);
// Whether all files that it names can be used. Errors: invalid, or as broker_login.
[[nodiscard]] Result<void> check_files(const config::DaemonOptions& options);
// Names on the log the secrets that every user of the machine can read.
void warn_of_exposed_secrets(const config::DaemonOptions& options);

// A running musterd, as far as a reload can change it.
struct Reloadable {
    const Arguments& arguments;
    const config::DaemonOptions& started;  // with these
    runtime::Gateway& gateway;
    ProgramAccess& access;
    http::Server* server;  // null: no HTTP
    mqtt::Link& link;
    mqtt::Login login;  // in force from the next connection on
};

// All of it or, when something is wrong with the file or one that it names, nothing.
void reload(Reloadable& running);

}  // namespace muster
