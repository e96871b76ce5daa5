#include "daemon/program_reload.hpp"

#include "config/credentials.hpp"
#include "config/files.hpp"
#include "daemon/mqtt/link_options.hpp"
#include "daemon/program_options.hpp"
#include "daemon/runtime/log.hpp"

#include <cstdlib>
#include <utility>

namespace muster {
namespace {

using runtime::LogLevel;

bool serves_tls(const config::DaemonOptions& options) {
    return !options.http.listen.empty() && !options.http.certificate_file.empty();
}

// What a reload is to bring, when all of it can be used.
struct Fresh {
    config::DaemonOptions options;
    mqtt::Login login;
};

// The certificate of HTTP is in use when this succeeds, since no more than that can fail.
Result<Fresh> take_over_files(Reloadable& running) {
    auto options = load_options(running.arguments);
    if (options) {
        options = with_credentials(std::move(options).value());
    }
    if (!options) {
        return options.error();
    }
    if (const auto usable = check_files(*options); !usable) {
        return usable.error();
    }
    auto login = broker_login(options->broker);
    if (!login) {
        return login.error();
    }
    if (running.server != nullptr && serves_tls(running.started) && serves_tls(*options)) {
        const auto changed =
            running.server->change_certificate(options->http.certificate_file, options->http.key_file);
        if (!changed) {
            return changed.error();
        }
    }
    return Fresh{std::move(options).value(), std::move(login).value()};
}

void log_refusal(const Error& error) {
    runtime::log(LogLevel::error, "reload_refused", {{"text", error.message}});
    for (const auto& detail : error.details) {
        runtime::log(LogLevel::error, "reload_mistake", {{"name", detail.field}, {"text", detail.message}});
    }
}

}  // namespace

Result<config::DaemonOptions> load_options(const Arguments& arguments) {
    return config::load(arguments.config, arguments.overrides);
}

Result<config::DaemonOptions> with_credentials(config::DaemonOptions options) {
    return config::with_credentials(std::move(options), std::getenv("CREDENTIALS_DIRECTORY"));
}

Result<void> check_files(const config::DaemonOptions& options) {
    const auto topics = Topics::with_root(options.protocol.root);
    if (!topics) {
        return topics.error();
    }
    const auto link = link_options(options, *topics);
    if (!link) {
        return link.error();
    }
    if (const auto checked = mqtt::check(*link); !checked) {
        return checked.error();
    }
    return http::Server::check_certificate(options.http.certificate_file, options.http.key_file);
}

void warn_of_exposed_secrets(const config::DaemonOptions& options) {
    for (const auto& path : {options.broker.password_file, options.broker.key_file, options.http.key_file}) {
        if (const auto exposed = config::exposed_to_others(path)) {
            runtime::log(LogLevel::warning, "secret_exposed", {{"name", path}, {"text", *exposed}});
        }
    }
}

void reload(Reloadable& running) {
    auto fresh = take_over_files(running);
    if (!fresh) {
        log_refusal(fresh.error());
        return;
    }
    const auto& options = fresh->options;
    for (const auto& key : config::changed_needing_restart(running.started, options)) {
        runtime::log(LogLevel::warning, "reload_needs_restart", {{"name", key}});
    }
    warn_of_exposed_secrets(options);
    runtime::set_log_level(to_level(options.log.level));
    running.gateway.change_roles(role_table(options));
    running.access.change_roles(role_table(options));
    running.access.change_tokens_file(options.http.tokens_file);
    if (fresh->login != running.login) {
        running.login = fresh->login;
        running.link.change_login(std::move(fresh->login));
        runtime::log(LogLevel::info, "broker_login_changed",
                     {{"text", "used from the next connection to the broker on"}});
    }
    runtime::log(LogLevel::info, "reloaded", {{"name", running.arguments.config}});
}

}  // namespace muster
