#include "device-sim/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sys/resource.h>

namespace muster::sim {
namespace {

// For saying goodbye: a fleet of a million takes its time.
constexpr Milliseconds longest_goodbye(std::size_t devices) {
    return Milliseconds(10'000 + static_cast<std::int64_t>(devices / 10));
}
// Standard streams, the loop's own, files.
constexpr std::size_t kOtherDescriptors = 32;

Result<void> allow_open_files(std::size_t connections) {
    const std::size_t needed = connections * MosquittoSession::kDescriptors + kOtherDescriptors;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (needed > limit.rlim_max) {
        return make_error(ErrorCode::unavailable,
                          fmt::format("{} connections need {} open files and the limit is {}: raise it "
                                      "(ulimit -Hn), or share connections (--connections 4)",
                                      connections, needed, limit.rlim_max));
    }
    return {};
}

void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

}  // namespace

Runner::Runner(SimOptions options)
    : options_(std::move(options)),
      topics_(Topics::with_root(options_.root).value()),
      fleet_(options_.fleet),
      statistics_(!options_.stats_file.empty()),
      surroundings_{context_,
                    options_.broker,
                    topics_,
                    fleet_,
                    schedule_,
                    gate_,
                    statistics_,
                    [this](const std::string& problem) { report(problem); },
                    [this] { on_settled(); },
                    [this] { on_ended(); }},
      signals_(context_, SIGINT, SIGTERM, SIGUSR1) {}

Result<void> Runner::run() {
    const std::size_t devices = options_.fleet.devices;
    if (Result<void> allowed = allow_open_files(options_.connections.value_or(devices)); !allowed) {
        return allowed;
    }
    std::remove(options_.ready_file.c_str());  // of an earlier run
    make_connections();
    await_signal();
    every_second();
    if (options_.duration) {
        end_.expires_after(*options_.duration);
        end_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                on_time_over();
            }
        });
    }
    for (Connection& connection : connections_) {
        connection.start();
    }
    context_.run();
    write_statistics_now();
    say("stopped: " + summary(statistics_.totals()));
    return result_;
}

void Runner::make_connections() {
    const std::size_t devices = options_.fleet.devices;
    if (options_.connections) {
        const std::size_t count = *options_.connections;
        for (std::size_t index = 0; index < count; ++index) {
            const Connection::Devices share{index * devices / count, (index + 1) * devices / count};
            connections_.emplace_back(surroundings_, share, Connection::Kind::shared,
                                      Identity{{}, options_.user, options_.password, {}, {}, {}});
        }
        return;
    }
    const std::string will = DeviceModel::farewell(schedule_.now()).payload;
    for (std::size_t index = 0; index < devices; ++index) {
        const std::string& id = fleet_.devices()[index].id();
        connections_.emplace_back(
            surroundings_, Connection::Devices{index, index + 1}, Connection::Kind::own,
            Identity{id, options_.password.empty() ? std::string() : id, options_.password,
                     topics_.device(id, DeviceTopic::status), will, id});
    }
}

void Runner::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
        if (!error) {
            on_signal(number);
        }
    });
}

void Runner::on_signal(int number) {
    if (number == SIGUSR1) {
        write_statistics_now();
    } else if (stopping_) {
        context_.stop();  // asked twice
        return;
    } else {
        stop();
    }
    await_signal();
}

void Runner::every_second() {
    second_.expires_after(std::chrono::seconds(1));
    second_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        for (Connection& connection : connections_) {
            connection.keep_alive();
        }
        every_second();
    });
}

void Runner::on_settled() {
    if (++settled_ < connections_.size()) {
        return;
    }
    last_problem_.clear();
    const DeviceCounts devices = count_devices();
    const std::string line =
        fmt::format("{} devices: {} online, {} offline", devices.total, devices.online, devices.offline);
    say(line);
    create_ready_file(line);
}

void Runner::on_ended() {
    if (stopping_ && ++ended_ == connections_.size()) {
        context_.stop();
    }
}

void Runner::on_time_over() {
    if (settled_ < connections_.size()) {
        result_ = make_error(ErrorCode::unavailable, "the time was over before all devices were connected");
    }
    stop();
}

void Runner::stop() {
    if (stopping_) {
        return;
    }
    stopping_ = true;
    gate_.close();
    schedule_.clear();
    end_.expires_after(longest_goodbye(options_.fleet.devices));
    end_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            context_.stop();
        }
    });
    for (Connection& connection : connections_) {
        connection.leave();
    }
}

// Thousands of connections meet the same problem at the same moment.
void Runner::report(const std::string& problem) {
    if (problem != last_problem_) {
        last_problem_ = problem;
        fmt::print(stderr, "muster-sim: {}\n", problem);
    }
}

void Runner::write_statistics_now() {
    if (options_.stats_file.empty()) {
        return;
    }
    if (Result<void> written = write_statistics(options_.stats_file, count_devices(), statistics_);
        !written) {
        report(written.error().message);
        result_ = written;
    }
}

void Runner::create_ready_file(const std::string& line) {
    if (options_.ready_file.empty()) {
        return;
    }
    std::ofstream file(options_.ready_file);
    file << line << '\n';
    file.close();
    if (!file) {
        report(fmt::format("cannot write {}: {}", options_.ready_file, std::strerror(errno)));
        result_ = make_error(ErrorCode::unavailable, last_problem_);
    }
}

DeviceCounts Runner::count_devices() const {
    const auto& devices = fleet_.devices();
    const auto online = static_cast<std::size_t>(std::count_if(
        devices.begin(), devices.end(), [](const DeviceModel& device) { return device.online(); }));
    return {devices.size(), online, devices.size() - online};
}

}  // namespace muster::sim
