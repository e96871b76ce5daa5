// A gateway as OPERATIONS.md has it, with an operator's desk: what the page calls
// /etc/muster and /var/lib/muster is a folder of the test, and systemctl starts and
// stops the test's musterd and broker.
//
// Threads: one thread.
#pragma once

#include "tests/integration/fleet.hpp"
#include "tests/operations/transcript.hpp"
#include "tests/support/mosquitto.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

inline constexpr const char* kGuide = "systemd/OPERATIONS.md";

// Commands that not every musterd has: "backup", "doctor".
[[nodiscard]] std::set<std::string> programs_can();

class Site {
public:
    // `has`: further words of blocks that can be run.
    explicit Site(std::set<std::string> has = {});

    [[nodiscard]] Gateway& gateway() { return gateway_; }
    // The disk of the store, full or not.
    void fill_disk();
    void free_disk();
    void follow(const std::string& heading, const std::string& part = {});
    // With other words of blocks that can be run than before.
    void follow_with(const std::string& word, const std::string& heading);

private:
    [[nodiscard]] std::string serve(const std::vector<std::string>& words);
    [[nodiscard]] std::string musterd_log() const;
    [[nodiscard]] Desk::Options desk_options(std::set<std::string> has);
    void control(const std::string& verb, const std::string& unit);
    [[nodiscard]] std::filesystem::path fault() const { return own_ / "fault"; }
    [[nodiscard]] std::filesystem::path broker_log() const { return own_ / "mosquitto.log"; }

    std::uint16_t http_ = free_port();
    TempDir own_;
    std::set<std::string> has_;
    Gateway gateway_;
};

}  // namespace muster::test
