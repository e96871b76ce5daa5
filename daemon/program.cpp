#include "daemon/program.hpp"

#include "config/daemon_options.hpp"
#include "config/files.hpp"
#include "daemon/mqtt/paho_link.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace muster {
namespace {

struct Arguments {
    std::string config;
    std::vector<std::string> overrides;
    bool check = false;
    bool print = false;
};

void complain(const Error& error) {
    std::fprintf(stderr, "musterd: %s\n", error.message.c_str());
    for (const auto& detail : error.details) {
        std::fprintf(stderr, "  %s%s%s\n", detail.field.c_str(), detail.field.empty() ? "" : ": ",
                     detail.message.c_str());
    }
}

api::Role to_role(config::Role role) {
    switch (role) {
        case config::Role::none:
            return api::Role::none;
        case config::Role::viewer:
            return api::Role::viewer;
        case config::Role::operator_role:
            return api::Role::operator_;
        case config::Role::admin:
            return api::Role::admin;
    }
    return api::Role::none;
}

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
    table.others = to_role(options.default_role);
    for (const auto& [user, role] : options.roles) {
        table.by_user.emplace(user, to_role(role));
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

Result<mqtt::LinkOptions> link_options(const config::DaemonOptions& options, const Topics& topics) {
    const auto& broker = options.broker;
    mqtt::LinkOptions link;
    link.brokers = broker.urls;
    link.client_id = broker.client_id;
    link.user = broker.user;
    if (!broker.password_file.empty()) {
        auto password = config::read_password(broker.password_file);
        if (!password) {
            return password.error();
        }
        link.password = std::move(password).value();
    }
    link.tls = {broker.ca_file, broker.certificate_file, broker.key_file};
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

void warn_of_exposed_secrets(const config::BrokerOptions& broker) {
    for (const auto& path : {broker.password_file, broker.key_file}) {
        if (const auto exposed = config::exposed_to_others(path)) {
            runtime::log(runtime::LogLevel::warning, "secret_exposed", {{"name", path}, {"text", *exposed}});
        }
    }
}

// SIGHUP: what can change does, the rest is named.
void reload(const Arguments& arguments, const config::DaemonOptions& running, runtime::Gateway& gateway) {
    const auto fresh = config::load(arguments.config, arguments.overrides);
    if (!fresh) {
        const auto error = fresh.error();
        runtime::log(runtime::LogLevel::error, "reload_refused", {{"text", error.message}});
        for (const auto& detail : error.details) {
            runtime::log(runtime::LogLevel::error, "reload_mistake",
                         {{"name", detail.field}, {"text", detail.message}});
        }
        return;
    }
    for (const auto& key : config::changed_needing_restart(running, *fresh)) {
        runtime::log(runtime::LogLevel::warning, "reload_needs_restart", {{"name", key}});
    }
    runtime::set_log_level(to_level(fresh->log.level));
    gateway.change_roles(role_table(*fresh));
    runtime::log(runtime::LogLevel::info, "reloaded", {{"name", arguments.config}});
}

Result<void> serve(const Arguments& arguments, const config::DaemonOptions& options, Parts& parts) {
    const auto topics = Topics::with_root(options.protocol.root);
    if (!topics) {
        return topics.error();
    }
    auto link_settings = link_options(options, *topics);
    if (!link_settings) {
        return link_settings.error();
    }
    warn_of_exposed_secrets(options.broker);
    const auto open_store = [&] { return parts.open_store(options.store.path); };
    auto store = open_store();
    if (!store) {
        return store.error();
    }
    auto snapshot = (*store)->load();
    if (!snapshot) {
        return snapshot.error();
    }
    runtime::log(runtime::LogLevel::info, "started",
                 {{"version", MUSTER_VERSION},
                  {"store", options.store.path},
                  {"devices", std::to_string(snapshot->devices.size())},
                  {"jobs", std::to_string(snapshot->jobs.size())}});
    const auto link = parts.make_link(std::move(link_settings).value());
    runtime::Gateway gateway(gateway_options(options, *topics), std::move(store).value(), open_store, *link,
                             std::move(snapshot).value());

    boost::asio::io_context io;
    boost::asio::signal_set ending(io, SIGTERM, SIGINT);
    ending.async_wait([&gateway](const boost::system::error_code& error, int) {
        if (!error) {
            gateway.stop();
        }
    });
    boost::asio::signal_set hang_up(io, SIGHUP);
    const std::function<void()> await_reload = [&] {
        hang_up.async_wait([&](const boost::system::error_code& error, int) {
            if (!error) {
                reload(arguments, options, gateway);
                await_reload();
            }
        });
    };
    await_reload();

    Result<void> outcome;
    std::thread engine([&] {
        outcome = gateway.run();
        boost::asio::post(io, [&io] { io.stop(); });
    });
    io.run();
    engine.join();
    runtime::log(runtime::LogLevel::info, "stopped", {});
    return outcome;
}

int run(const Arguments& arguments, Parts& parts) {
    const auto options = config::load(arguments.config, arguments.overrides);
    if (!options) {
        complain(options.error());
        return 1;
    }
    if (arguments.print) {
        std::fputs(config::print(*options).c_str(), stdout);
        return 0;
    }
    if (arguments.check) {
        if (const auto place = store::check_place(options->store.path); !place) {
            complain(place.error());
            return 1;
        }
        std::printf("%s: configuration is valid\n",
                    arguments.config.empty() ? "defaults" : arguments.config.c_str());
        return 0;
    }
    runtime::set_up_log(to_level(options->log.level), options->log.format == config::LogFormat::json);
    if (const auto served = serve(arguments, *options, parts); !served) {
        complain(served.error());
        return 1;
    }
    return 0;
}

}  // namespace

Result<std::unique_ptr<store::Store>> Parts::open_store(const std::string& path) {
    return store::open(path);
}

std::unique_ptr<mqtt::Link> Parts::make_link(mqtt::LinkOptions options) {
    return mqtt::make_paho_link(std::move(options));
}

int run_program(int count, const char* const* values, Parts& parts) {
    // Paho would send MQTT through a web proxy.
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    Arguments arguments;
    CLI::App app{"musterd: bulk jobs for fleets of MQTT devices, the daemon"};
    app.set_version_flag("--version", "musterd " MUSTER_VERSION);
    app.add_option("--config", arguments.config, "Configuration file (YAML); defaults without one")
        ->type_name("FILE");
    app.add_option("--set", arguments.overrides,
                   "Override one key, such as broker.window=100; may be repeated")
        ->type_name("KEY=VALUE")
        ->take_all()
        ->allow_extra_args(false);
    app.add_flag("--check-config", arguments.check,
                 "Check the configuration and the place of the store, and exit: 0 valid, 1 not");
    app.add_flag("--print-config", arguments.print, "Print the configuration in force and exit");
    try {
        app.parse(count, values);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 1;
    }
    return run(arguments, parts);
}

}  // namespace muster
