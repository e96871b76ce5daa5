#include "daemon/program.hpp"

#include "config/daemon_options.hpp"
#include "config/files.hpp"
#include "daemon/http/server.hpp"
#include "daemon/mqtt/paho_link.hpp"
#include "daemon/program_access.hpp"
#include "daemon/program_command_line.hpp"
#include "daemon/program_examiner.hpp"
#include "daemon/program_maintenance.hpp"
#include "daemon/program_options.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>

namespace muster {
namespace {

void complain(const Error& error) {
    std::fprintf(stderr, "musterd: %s\n", error.message.c_str());
    for (const auto& detail : error.details) {
        std::fprintf(stderr, "  %s%s%s\n", detail.field.c_str(), detail.field.empty() ? "" : ": ",
                     detail.message.c_str());
    }
}

void warn_of_exposed_secrets(const config::DaemonOptions& options) {
    for (const auto& path : {options.broker.password_file, options.broker.key_file, options.http.key_file}) {
        if (const auto exposed = config::exposed_to_others(path)) {
            runtime::log(runtime::LogLevel::warning, "secret_exposed", {{"name", path}, {"text", *exposed}});
        }
    }
}

// Null when no HTTP is wanted.
Result<std::unique_ptr<http::Server>> listen(boost::asio::io_context& io,
                                             const config::HttpOptions& options) {
    if (options.listen.empty()) {
        return std::unique_ptr<http::Server>();
    }
    return http::Server::listen(io, server_options(options));
}

// Where a person finds the console: by name, if there is one for it.
std::string console_url(const http::Server* server, const config::HttpOptions& options) {
    if (server == nullptr) {
        return {};
    }
    auto url = server->url();
    for (const std::string_view everywhere : {"//0.0.0.0:", "//[::]:"}) {
        if (const auto at = url.find(everywhere); at != std::string::npos) {
            url.replace(at + 2, everywhere.size() - 3,
                        options.hosts.empty() ? "localhost" : options.hosts.front());
        }
    }
    return url;
}

// Told apart from earlier runs and later ones.
std::string new_run() {
    std::random_device random;
    return fmt::format("{:08x}", random());
}

// What a signal reaches.
struct Running {
    const Arguments& arguments;
    const config::DaemonOptions& options;
    runtime::Gateway& gateway;
    ProgramAccess& access;
    ProgramExaminer& examiner;
};

// SIGHUP: what can change does, the rest is named.
void reload(Running& running) {
    const auto& arguments = running.arguments;
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
    for (const auto& key : config::changed_needing_restart(running.options, *fresh)) {
        runtime::log(runtime::LogLevel::warning, "reload_needs_restart", {{"name", key}});
    }
    runtime::set_log_level(to_level(fresh->log.level));
    running.gateway.change_roles(role_table(*fresh));
    running.access.change_roles(role_table(*fresh));
    running.examiner.change_options(*fresh);
    running.gateway.change_retention(keep_for(*fresh));
    runtime::log(runtime::LogLevel::info, "reloaded", {{"name", arguments.config}});
}

// Until SIGTERM or SIGINT, or an error that ends the gateway.
Result<void> run_gateway(boost::asio::io_context& io, Running running) {
    boost::asio::signal_set ending(io, SIGTERM, SIGINT);
    ending.async_wait([&running](const boost::system::error_code& error, int) {
        if (!error) {
            running.gateway.stop();
        }
    });
    boost::asio::signal_set hang_up(io, SIGHUP);
    const std::function<void()> await_reload = [&] {
        hang_up.async_wait([&](const boost::system::error_code& error, int) {
            if (!error) {
                reload(running);
                await_reload();
            }
        });
    };
    await_reload();

    Result<void> outcome;
    std::thread engine([&] {
        outcome = running.gateway.run();
        boost::asio::post(io, [&io] { io.stop(); });
    });
    io.run();
    engine.join();
    return outcome;
}

void serve_http(http::Server& server, const config::HttpOptions& options, const std::string& store_path,
                ProgramAccess& access, runtime::Gateway& gateway, const http::EventLog& events) {
    access.refresh();
    http::FrontOptions front;
    for (const auto& host : options.hosts) {
        front.hosts.push_back(http::plain_host(host));
    }
    front.tls = !options.certificate_file.empty();
    front.store_path = store_path;
    front.metrics_for_everyone = options.metrics == config::MetricsAccess::everyone;
    server.serve(
        http::Front(std::move(front), [&access](std::string_view token) { return access.identify(token); }),
        [&gateway](api::Call call, std::size_t bytes, runtime::Gateway::Answer answer) {
            return gateway.ask(std::move(call), bytes, std::move(answer));
        },
        events);
    runtime::log(runtime::LogLevel::info, "http_listening", {{"name", server.url()}});
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
    warn_of_exposed_secrets(options);
    boost::asio::io_context io;  // outlives all that waits on it, the gateway's calls among them
    auto server = listen(io, options.http);
    if (!server) {
        return server.error();
    }
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
    const auto key = api::console_key(snapshot->operation_key);
    ProgramAccess access(options.http.tokens_file, key, role_table(options));
    const auto this_run = new_run();
    ProgramExaminer examiner(options, this_run);
    http::EventLog events(this_run, [web = server->get()] {
        if (web != nullptr) {
            web->wake();
        }
    });
    auto settings = gateway_options(options, *topics);
    settings.console = {console_url(server->get(), options.http), key};
    settings.feed = &events;
    settings.examiner = &examiner;
    const auto link = parts.make_link(std::move(link_settings).value());
    runtime::Gateway gateway(std::move(settings), std::move(store).value(), open_store, *link,
                             std::move(snapshot).value());
    if (*server != nullptr) {
        serve_http(**server, options.http, options.store.path, access, gateway, events);
    }
    const auto outcome = run_gateway(io, {arguments, options, gateway, access, examiner});
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
    if (arguments.task != Task::serve) {
        const auto done = maintain(arguments, *options);
        return done ? 0 : (complain(done.error()), 1);
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
    store::OpenOptions options;
    options.upgraded = [](const store::Upgrade& upgrade) {
        runtime::log(runtime::LogLevel::info, "store_upgraded",
                     {{"from", std::to_string(upgrade.from)},
                      {"to", std::to_string(upgrade.to)},
                      {"backup", upgrade.backup}});
    };
    return store::open(path, std::move(options));
}

std::unique_ptr<mqtt::Link> Parts::make_link(mqtt::LinkOptions options) {
    return mqtt::make_paho_link(std::move(options));
}

int run_program(int count, const char* const* values, Parts& parts) {
    // Paho would send MQTT through a web proxy.
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    Arguments arguments;
    if (const auto exit = parse(count, values, arguments)) {
        return *exit;
    }
    return run(arguments, parts);
}

}  // namespace muster
