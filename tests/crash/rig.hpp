// What is tormented: a Mosquitto, musterd behind a proxy, simulated devices
// behind another, each on ports and files of its own.
//
// Threads: one thread, which has to outlive it (what it started is killed with
// that thread). Failures of the harness throw std::runtime_error.
#pragma once

#include "tests/crash/failpoints.hpp"
#include "tests/crash/proxy.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/process.hpp"

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::crash {

// Files that go away with it, unless they are to be kept.
class Files {
public:
    Files();
    ~Files();
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    void keep() noexcept { kept_ = true; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
    bool kept_ = false;
};

class Rig {
public:
    explicit Rig(std::uint64_t seed);
    ~Rig();
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    // ---- musterd
    // After the last one ended; not waited for.
    void start_daemon();
    void start_daemon_at(std::string_view failpoint, int visit, test::Milliseconds pause);
    // kill -9; false: it was dead already.
    bool kill_daemon();
    void end_daemon() { daemon_->signal(SIGTERM); }
    // Whether it has ended within so long.
    [[nodiscard]] bool daemon_ended(test::Milliseconds patience);
    // The failpoint at which the last one killed itself; empty: at none.
    [[nodiscard]] std::string died_at() const;
    // What is wrong about how it ended, or empty: it may end by SIGKILL, and
    // with 0 when it was asked to. It has ended.
    [[nodiscard]] std::string bad_end();
    [[nodiscard]] const std::filesystem::path& store() const noexcept { return store_; }

    // ---- the broker
    test::Mosquitto& broker() { return broker_; }
    void kill_broker() { broker_.kill(); }
    // `forgetful`: without what it had saved.
    void start_broker(bool forgetful);
    Proxy& daemon_network() { return daemon_network_; }
    Proxy& device_network() { return device_network_; }

    // ---- devices, by muster-sim; ready when they are all registered at the broker.
    void start_devices(const std::string& prefix, std::size_t count, std::vector<std::string> options);
    [[nodiscard]] bool devices_ready(const std::string& prefix) const;
    // Ends the simulator, and answers what it counted.
    [[nodiscard]] boost::json::value stop_devices(const std::string& prefix);

    // Nothing is deleted at the end; answers where it is.
    std::filesystem::path keep_files();

private:
    void launch(std::vector<std::string> command);

    Files files_;
    test::Mosquitto broker_;
    Proxy daemon_network_;
    Proxy device_network_;
    std::filesystem::path store_;
    std::unique_ptr<test::Process> daemon_;
    std::map<std::string, std::unique_ptr<test::Process>> devices_;
    int starts_ = 0;
};

}  // namespace muster::crash
