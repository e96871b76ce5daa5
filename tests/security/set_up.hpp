// The set-up of systemd/mosquitto for one test: every command of its README run
// as it stands, in a folder that goes away with the object, and a Mosquitto
// with exactly those files but for their paths and ports. Beside it, attempts
// of one user or another, made with mosquitto_pub and mosquitto_sub.
//
// Failures of the harness itself throw std::runtime_error with what the
// programs wrote. Threads: one thread.
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

using Words = std::vector<std::string>;

enum class DeviceLogin { passwords, certificates };
// What came of an attempt to publish.
enum class Attempt { taken, denied, not_let_in };

class SetUp {
public:
    // `more`: lines of shell that follow the README's commands, such as "add_client viewer".
    explicit SetUp(DeviceLogin login, const Words& more = {});
    ~SetUp();
    SetUp(const SetUp&) = delete;
    SetUp& operator=(const SetUp&) = delete;

    // In the folder where the commands were run.
    [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }
    [[nodiscard]] std::string broker_log() const { return broker_->output(); }
    // mqtts:// for clients elsewhere, and for devices.
    [[nodiscard]] std::string clients_url() const { return "mqtts://localhost:" + std::to_string(clients_); }
    [[nodiscard]] std::string devices_url() const { return "mqtts://localhost:" + std::to_string(devices_); }

    // Options of mosquitto_pub and mosquitto_sub for a user with the password in
    // `password_of`.password: of musterd and clients, on this machine or from
    // elsewhere, and of a device as the README made it.
    [[nodiscard]] Words client(const std::string& user, const std::string& password_of) const;
    [[nodiscard]] Words remote_client(const std::string& user, const std::string& password_of) const;
    [[nodiscard]] Words device(const std::string& id) const;
    // On the listener for devices, with nothing yet that says who it is.
    [[nodiscard]] Words device_listener(const std::string& ca_file) const;
    [[nodiscard]] Words password(const std::string& user, const std::string& password_of) const;

    // More shell, with the README's functions; then the broker reads users and access list anew.
    void also(const std::string& line);

    // musterd with the README's musterd.yaml, and what else is given; connected when it returns.
    [[nodiscard]] Process start_daemon(const Words& more = {}, const std::string& log = "musterd.log") const;
    // muster as `user`, from elsewhere.
    [[nodiscard]] Finished muster(const std::string& user, const Words& words) const;

private:
    [[nodiscard]] std::string shell(const std::string& script) const;
    void adapt_files();
    void launch();

    TempDir folder_;
    DeviceLogin login_;
    std::uint16_t local_ = 0;
    std::uint16_t clients_ = 0;
    std::uint16_t devices_ = 0;
    std::unique_ptr<Process> broker_;
};

// MQTT 5, QoS 1. `who`: options from above.
[[nodiscard]] Attempt publish_as(const Words& who, const std::string& topic, const std::string& payload,
                                 bool retain = false);

// Everything that the broker gives to `who` on these filters, "topic payload" a line.
class Spy {
public:
    // Subscribed when it returns.
    Spy(const Words& who, const Words& filters);
    [[nodiscard]] Words heard() const;
    // Whether a line that begins so comes, in the time that a test has.
    [[nodiscard]] bool hears(std::string_view beginning) const;

private:
    TempDir folder_;
    Process subscriber_;
};

}  // namespace muster::test
