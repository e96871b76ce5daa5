// A client of the control API that stays connected and follows the ends of jobs,
// so that a measurement sees muster's time and not that of a program's start.
//
// Failures throw std::runtime_error. Threads: one.
#pragma once

#include "tests/bench/mosquitto_client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace muster::bench {

class ControlClient {
public:
    using Clock = std::chrono::steady_clock;
    struct End {
        std::string status;
        std::int64_t succeeded = 0;
        Clock::time_point at;
    };

    ControlClient(std::uint16_t port, const std::string& root);

    // The result; throws when it was refused or did not come.
    boost::json::value request(std::string_view verb, boost::json::object body = {},
                               std::chrono::seconds patience = std::chrono::seconds(120));
    // When the event that says so came.
    End await_end(std::int64_t job, std::chrono::seconds patience);
    [[nodiscard]] bool has_ended(std::int64_t job) const { return ends_.contains(job); }
    // Waits until the devices have answered what musterd asked of all of them (SPEC 5.9), and it asks no
    // more.
    void await_quiet();
    // Takes what comes; nothing is asked.
    void turn(std::chrono::milliseconds longest) { client_.turn(longest); }

private:
    void hear(std::string_view topic, std::string_view payload);

    std::string root_;
    std::uint64_t asked_ = 0;
    boost::json::value reply_;  // to the last one asked; null: not here yet
    std::map<std::int64_t, End> ends_;
    Clock::time_point answered_by_{};  // what musterd last asked of all devices
    MosquittoClient client_;
};

}  // namespace muster::bench
