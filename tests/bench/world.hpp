// What is measured: a broker, musterd with its store on a disk, simulated devices.
//
// Failures throw std::runtime_error with what the programs wrote. Threads: one.
#pragma once

#include "tests/bench/control_client.hpp"
#include "tests/bench/usage.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::bench {

// One for musterd and its fleet, one for whatever is measured next to it: what goes on below one is not
// delivered to who listens below the other, so neither pays for its neighbour.
inline constexpr const char* kMusterRoot = "muster/v2";
inline constexpr const char* kBareRoot = "muster/v1";
// Of the devices there: a device's id is its client id at the broker, where nobody else may have it.
inline constexpr const char* kBarePrefix = "cooler-";

// With what README.md advises, and room for the widest window that is tried.
[[nodiscard]] test::Mosquitto::Options broker_options();

// How many files this process, and each that it starts, may have open; raised as far as that goes.
[[nodiscard]] std::size_t open_files();

struct FleetOptions {
    std::string root = kMusterRoot;
    std::size_t devices = 0;
    std::string connections = "4";  // "each", or how many they share
    std::string prefix = "fridge-";
    std::string template_name = "refrigerator";
    bool statistics = false;  // of each operation, which takes memory
};

// muster-sim with refrigerators that answer at once and remember what they did.
class Fleet {
public:
    // At the broker, and subscribed, when it returns.
    Fleet(const test::Mosquitto& broker, FleetOptions options);

    [[nodiscard]] const FleetOptions& options() const { return options_; }
    [[nodiscard]] test::Usage usage() const { return test::usage_of(process_.id()); }
    // What muster-sim has counted so far; only with FleetOptions::statistics.
    [[nodiscard]] boost::json::value statistics();
    // 1 to 5, for whoever works on it next: not the one before. A device that has nothing to change reports
    // no state, which is a message less.
    [[nodiscard]] int another_speed() {
        ++speeds_;
        return speed();
    }
    // The one that it gave last.
    [[nodiscard]] int speed() const { return 1 + speeds_ % 5; }

private:
    FleetOptions options_;
    test::TempDir files_;
    test::Process process_;
    int speeds_ = 0;
};

// The template of all simulated devices, as template/put takes it, and the set of all that have it.
[[nodiscard]] boost::json::value refrigerator_template();
inline constexpr const char* kSet = "refrigerators";

class Musterd {
public:
    // Started, online, with the template "refrigerator" and the set "refrigerators" of all of its devices.
    // `prepare` makes the store that it starts with, at the path given.
    explicit Musterd(const test::Mosquitto& broker,
                     const std::function<void(const std::filesystem::path&)>& prepare = {});

    // The seconds from the start of the program until it answers.
    double start();
    void stop();  // SIGTERM
    void kill();  // SIGKILL

    [[nodiscard]] ControlClient& client() { return *client_; }
    [[nodiscard]] test::Process& process() { return *process_; }
    [[nodiscard]] test::Usage usage() const { return test::usage_of(process_->id()); }
    [[nodiscard]] std::filesystem::path store() const { return files_ / "muster.db"; }
    // Bytes of the database once everything in its log has been moved into it: that of a copy.
    [[nodiscard]] std::uintmax_t settled_store_bytes() const;
    // Waits until so many devices are known, and so many of them online.
    void await_devices(std::size_t devices, std::size_t online);
    // Operations sent again since it was started, because no answer had come.
    [[nodiscard]] std::int64_t repeats();
    // Saves and runs; answers the job's number.
    std::int64_t run_job(int speed, boost::json::object more = {});

private:
    const test::Mosquitto& broker_;
    test::TempDir files_;
    std::optional<test::Process> process_;
    std::optional<ControlClient> client_;
    int starts_ = 0;
};

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    [[nodiscard]] std::chrono::steady_clock::time_point start() const { return start_; }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace muster::bench
