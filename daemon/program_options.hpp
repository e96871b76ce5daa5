// What each part of musterd is told, out of the one configuration.
//
// Threads: called from the main thread.
#pragma once

#include "config/daemon_options.hpp"
#include "daemon/http/server.hpp"
#include "daemon/mqtt/link_options.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "protocol/result.hpp"
#include "protocol/topics.hpp"

namespace muster {

[[nodiscard]] runtime::LogLevel to_level(config::LogLevel level);
[[nodiscard]] runtime::RoleTable role_table(const config::DaemonOptions& options);
[[nodiscard]] runtime::GatewayOptions gateway_options(const config::DaemonOptions& options,
                                                      const Topics& topics);
// User and password are read from their files. Errors: as read_user and read_password.
[[nodiscard]] Result<mqtt::Login> broker_login(const config::BrokerOptions& broker);
// Errors: as broker_login.
[[nodiscard]] Result<mqtt::LinkOptions> link_options(const config::DaemonOptions& options,
                                                     const Topics& topics);
[[nodiscard]] http::ServerOptions server_options(const config::HttpOptions& options);

}  // namespace muster
