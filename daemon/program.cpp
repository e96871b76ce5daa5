#include "daemon/program.hpp"

#include "config/daemon_options.hpp"
#include "daemon/http/server.hpp"
#include "daemon/mqtt/paho_link.hpp"
#include "daemon/program_access.hpp"
#include "daemon/program_command_line.hpp"
#include "daemon/program_examiner.hpp"
#include "daemon/program_maintenance.hpp"
#include "daemon/program_options.hpp"
#include "daemon/program_reload.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/service.hpp"
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

// Without a service manager, what it is told reaches nobody.
std::unique_ptr<runtime::Service> make_service(boost::asio::io_context& io,
                                               const runtime::ServiceEnvironment& environment) {
    runtime::NotifySocket socket;
    if (!environment.notify_socket.empty()) {
        if (auto opened = runtime::NotifySocket::open(environment.notify_socket)) {
            socket = std::move(opened).value();
        } else {
            runtime::log(runtime::LogLevel::warning, "service_manager_unreachable",
                         {{"text", opened.error().message}});
        }
    }
    return std::make_unique<runtime::Service>(io, std::move(socket), environment.watchdog);
}

// Until SIGTERM or SIGINT, or an error that ends the gateway.
Result<void> run_gateway(boost::asio::io_context& io, runtime::Service& service, Reloadable running) {
    boost::asio::signal_set ending(io, SIGTERM, SIGINT);
    ending.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) {
            service.stopping();
            running.gateway.stop();
        }
    });
    boost::asio::signal_set hang_up(io, SIGHUP);
    const std::function<void()> await_reload = [&] {
        hang_up.async_wait([&](const boost::system::error_code& error, int) {
            if (!error) {
                service.reloading();
                reload(running);
                service.reloaded();
                await_reload();
            }
        });
    };
    await_reload();
    service.watch([&running] { return running.gateway.progress(); });

    Result<void> outcome;
    std::thread engine([&] {
        outcome = running.gateway.run();
        boost::asio::post(io, [&io] { io.stop(); });
    });
    io.run();
    service.stopping();
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

Result<void> serve(const Arguments& arguments, const config::DaemonOptions& options,
                   const runtime::ServiceEnvironment& environment, Parts& parts) {
    const auto topics = Topics::with_root(options.protocol.root);
    if (!topics) {
        return topics.error();
    }
    auto link_settings = link_options(options, *topics);
    if (!link_settings) {
        return link_settings.error();
    }
    mqtt::Login login{link_settings->user, link_settings->password, link_settings->tls};
    warn_of_exposed_secrets(options);
    boost::asio::io_context io;  // outlives all that waits on it, the gateway's calls among them
    const auto service = make_service(io, environment);
    auto server = listen(io, options.http);
    if (!server) {
        return server.error();
    }
    service->starting("Opening the store");
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
    settings.on_state = [&io, told = service.get()](const runtime::ServiceState& state) {
        boost::asio::post(io, [told, state] { told->working(state); });
    };
    const auto link = parts.make_link(std::move(link_settings).value());
    runtime::Gateway gateway(std::move(settings), std::move(store).value(), open_store, *link,
                             std::move(snapshot).value());
    if (*server != nullptr) {
        serve_http(**server, options.http, options.store.path, access, gateway, events);
    }
    const auto outcome =
        run_gateway(io, *service,
                    {arguments, options, gateway, access, examiner, server->get(), *link, std::move(login)});
    runtime::log(runtime::LogLevel::info, "stopped", {});
    return outcome;
}

// Exit code of --check-config.
int check_configuration(const Arguments& arguments, const config::DaemonOptions& options) {
    for (const auto& checked : {check_files(options), store::check_place(options.store.path)}) {
        if (!checked) {
            complain(checked.error());
            return 1;
        }
    }
    std::printf("%s: configuration is valid\n",
                arguments.config.empty() ? "defaults" : arguments.config.c_str());
    return 0;
}

int run(const Arguments& arguments, const runtime::ServiceEnvironment& environment, Parts& parts) {
    auto options = load_options(arguments);
    if (options && arguments.print) {
        std::fputs(config::print(*options).c_str(), stdout);
        return 0;
    }
    if (options && arguments.task != Task::serve) {  // needs the store alone, and no credentials
        const auto done = maintain(arguments, *options);
        return done ? 0 : (complain(done.error()), 1);
    }
    if (options) {
        options = with_credentials(std::move(options).value());
    }
    if (!options) {
        complain(options.error());
        return 1;
    }
    if (arguments.check) {
        return check_configuration(arguments, *options);
    }
    runtime::set_up_log(to_level(options->log.level), options->log.format == config::LogFormat::json);
    if (const auto served = serve(arguments, *options, environment, parts); !served) {
        complain(served.error());
        return 1;
    }
    return 0;
}

}  // namespace

Result<std::unique_ptr<store::Store>> Parts::open_store(const std::string& path) {
    store::OpenOptions options;
    options.checkpoint_aside = true;
    options.sync_aside = true;
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
    const auto environment = runtime::take_service_environment();
    Arguments arguments;
    if (const auto exit = parse(count, values, arguments)) {
        return *exit;
    }
    return run(arguments, environment, parts);
}

}  // namespace muster
