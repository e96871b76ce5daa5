#include "tests/integration/storm.hpp"

#include "tests/support/files.hpp"

#include <chrono>
#include <stdexcept>
#include <sys/resource.h>

namespace muster::test {
namespace {

// A fleet of thousands on a slow machine.
constexpr Milliseconds kLongPatience = 5 * kPatience;
constexpr std::uint64_t kSeed = 1;

std::vector<std::string> command_of(const StormFleet::Options& options, std::uint16_t port,
                                    const TempDir& files) {
    std::vector<std::string> command{program("muster-sim"),
                                     "--broker",
                                     "mqtt://127.0.0.1:" + std::to_string(port),
                                     "--devices",
                                     std::to_string(options.devices),
                                     "--template",
                                     "refrigerator",
                                     "--prefix",
                                     options.prefix,
                                     "--ready-file",
                                     (files / "ready").string(),
                                     "--stats-file",
                                     (files / "statistics").string()};
    command.insert(command.end(), options.more.begin(), options.more.end());
    return command;
}

}  // namespace

void allow_many_connections() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

StormFleet::StormFleet(const Mosquitto& broker, const Options& options) : devices_(options.devices) {
    auto port = broker.port();
    if (options.detour) {
        proxy_.emplace(port, kSeed);
        port = proxy_->port();
    }
    process_.emplace(command_of(options, port, directory_), directory_ / "output");
    const auto ready = directory_ / "ready";
    if (!eventually([&] { return std::filesystem::exists(ready) || !process_->running(); }, kLongPatience) ||
        !process_->running()) {
        throw std::runtime_error("muster-sim did not get ready:\n" + process_->output());
    }
}

StormFleet::Presence StormFleet::presence() {
    const auto file = directory_ / "statistics";
    std::filesystem::remove(file);
    process_->signal(SIGUSR1);
    if (!eventually([&] { return std::filesystem::exists(file); })) {
        throw std::runtime_error("muster-sim does not tell its statistics:\n" + process_->output());
    }
    const auto told = parse(read_file(file));
    return {number(told, "/devices/online"), number(told, "/totals/connections_lost")};
}

void StormFleet::await_back(int times) {
    const auto lost = times * static_cast<std::int64_t>(devices_);
    Presence last;
    const auto all_back = [&] {
        last = presence();
        return last.lost >= lost && last.online == static_cast<std::int64_t>(devices_);
    };
    if (!eventually(all_back, kLongPatience)) {
        throw std::runtime_error(std::to_string(last.online) + " devices came back:\n" + process_->output());
    }
}

boost::json::value StormFleet::stop() {
    process_->signal(SIGTERM);
    if (process_->wait() != 0) {
        throw std::runtime_error("muster-sim did not end well:\n" + process_->output());
    }
    return parse(read_file(directory_ / "statistics"));
}

Storm::Storm(const Options& options) {
    allow_many_connections();
    GatewayOptions wanted;
    wanted.broker_configuration = options.broker_configuration;
    wanted.overrides = options.overrides;
    wanted.detour = [this](std::uint16_t port) {
        proxy_.emplace(port, kSeed, [this](std::uint64_t connection, bool to_broker, std::string_view bytes) {
            meter_.read(connection, to_broker, bytes);
        });
        return proxy_->port();
    };
    gateway_ = std::make_unique<Gateway>(wanted);
}

std::optional<std::int64_t> Storm::online() {
    const auto status = gateway_->request_soon("status");
    return status ? std::optional(number(*status, "/devices/online")) : std::nullopt;
}

double Storm::await_online(std::size_t devices, Milliseconds patience) {
    const auto start = std::chrono::steady_clock::now();
    std::optional<std::int64_t> last;
    const auto right = [&] {
        last = online();
        return last == static_cast<std::int64_t>(devices);
    };
    if (!eventually(right, patience)) {
        throw std::runtime_error("musterd takes " + (last ? std::to_string(*last) : "?") +
                                 " devices to be online, not " + std::to_string(devices) + ":\n" +
                                 gateway_->daemon().output());
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace muster::test
