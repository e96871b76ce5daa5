#include "daemon/program_options.hpp"

#include "config/files.hpp"
#include "daemon/program_access.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace muster {

runtime::LogLevel to_level(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::trace:
            return runtime::LogLevel::trace;
        case config::LogLevel::debug:
            return runtime::LogLevel::debug;
        case config::LogLevel::info:
            return runtime::LogLevel::info;
        case config::LogLevel::warning:
            return runtime::LogLevel::warning;
        case config::LogLevel::error:
            return runtime::LogLevel::error;
    }
    return runtime::LogLevel::info;
}

runtime::RoleTable role_table(const config::DaemonOptions& options) {
    runtime::RoleTable table;
    table.others = to_api_role(options.default_role);
    for (const auto& [user, role] : options.roles) {
        table.by_user.emplace(user, to_api_role(role));
    }
    return table;
}

runtime::GatewayOptions gateway_options(const config::DaemonOptions& options, const Topics& topics) {
    runtime::GatewayOptions gateway;
    gateway.engine.timeout = options.jobs.timeout;
    gateway.engine.command_timeout = options.jobs.command_timeout;
    gateway.engine.resend_first = options.jobs.resend_first;
    gateway.engine.resend_most = options.jobs.resend_most;
    gateway.engine.most_devices = options.limits.devices;
    gateway.topics = topics;
    gateway.roles = role_table(options);
    gateway.queue_events = options.limits.queue_events;
    gateway.batch_events = options.limits.batch_events;
    return gateway;
}

Result<mqtt::Login> broker_login(const config::BrokerOptions& broker) {
    mqtt::Login login{broker.user, {}, {broker.ca_file, broker.certificate_file, broker.key_file}};
    if (!broker.user_file.empty()) {
        auto user = config::read_user(broker.user_file);
        if (!user) {
            return user.error();
        }
        login.user = std::move(user).value();
    }
    if (!broker.password_file.empty()) {
        auto password = config::read_password(broker.password_file);
        if (!password) {
            return password.error();
        }
        login.password = std::move(password).value();
    }
    return login;
}

Result<mqtt::LinkOptions> link_options(const config::DaemonOptions& options, const Topics& topics) {
    const auto& broker = options.broker;
    mqtt::LinkOptions link;
    link.brokers = broker.urls;
    link.client_id = broker.client_id;
    auto login = broker_login(broker);
    if (!login) {
        return login.error();
    }
    link.user = std::move(login->user);
    link.password = std::move(login->password);
    link.tls = std::move(login->tls);
    link.keep_alive = broker.keep_alive;
    link.connect_timeout = broker.connect_timeout;
    link.reconnect_least = broker.reconnect_least;
    link.reconnect_most = broker.reconnect_most;
    link.window = broker.window;
    link.subscriptions = topics.gateway_subscriptions();
    link.will = runtime::gateway_offline(topics);
    api::GatewayState state;
    state.started_at = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    state.store_since = state.started_at;
    link.birth = runtime::gateway_online(topics, state);
    return link;
}

// "[::1]:8620" in two, as config::check_listen allows it.
http::ServerOptions server_options(const config::HttpOptions& options) {
    const auto colon = options.listen.rfind(':');
    auto address = options.listen.substr(0, colon);
    if (address.starts_with('[')) {
        address = address.substr(1, address.size() - 2);
    }
    const auto port = static_cast<std::uint16_t>(std::stoul(options.listen.substr(colon + 1)));
    return {std::move(address), port, options.certificate_file, options.key_file, options.connections};
}

}  // namespace muster
