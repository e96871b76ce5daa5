// Facts of a set-up in which nothing is wrong, for tests to spoil.
#pragma once

#include "daemon/cli/doctor_checks.hpp"
#include "daemon/cli/doctor_facts.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace muster::cli::test {

[[nodiscard]] inline boost::json::object healthy_result() {
    return boost::json::parse(R"({
        "version": "1.2.3", "run": "aaaa",
        "process": {"pid": 7, "host": "gateway", "machine": "m1"},
        "descriptors": {"limit": 65536, "open": 20},
        "clock": {"now": "2026-11-22T12:00:00.000Z", "synchronised": true},
        "window": 300, "configured_window": 300,
        "broker": {"connected": true, "url": "mqtt://127.0.0.1:1883", "mqtt_version": 5,
                   "since": "2026-11-22T10:00:00.000Z", "detail": ""},
        "devices": {"total": 100, "online": 90},
        "store": {"healthy": true, "state": "ok", "since": null, "detail": ""},
        "disk": {"free_bytes": 50000000000, "total_bytes": 100000000000, "free_inodes": 1000000,
                 "total_inodes": 2000000},
        "store_file": {"path": "/var/lib/muster/muster.db", "bytes": 1000000},
        "store_check": {"state": "ok", "at": "2026-11-22T12:00:00.000Z", "took_ms": 12, "detail": ""},
        "configuration": []})")
        .as_object();
}

[[nodiscard]] inline checkup::Facts healthy_facts() {
    checkup::Facts facts;
    facts.user = "anna";
    facts.root = "muster/v1";
    facts.client_version = "1.2.3";
    facts.broker.url = "mqtt://127.0.0.1:1883";
    facts.broker.loopback = true;
    facts.broker.greeting = {5, 1000};
    facts.broker.version = "mosquitto version 2.0.11";
    facts.broker.retained_on_wildcards = checkup::Retained::delivered;
    facts.broker.commands = checkup::Access::closed;
    facts.broker.replies = checkup::Access::closed;
    facts.broker.reports = checkup::Access::closed;
    facts.broker.anonymous = checkup::Access::closed;
    facts.gateway.online = true;
    facts.gateway.answers.push_back({healthy_result(), {}});
    facts.gateway.round_trip = Milliseconds(10);
    facts.machine.machine = "m2";
    facts.machine.broker_process = 5;
    facts.machine.broker_descriptors = 65536;
    facts.machine.configuration_file = "/etc/mosquitto/mosquitto.conf";
    facts.machine.configuration = MosquittoConfiguration{100'000};
    return facts;
}

// The check with this id; throws when there is none.
[[nodiscard]] inline checkup::Check check_of(const checkup::Facts& facts, std::string_view id) {
    const auto checks = checkup::judge(facts);
    const auto found = std::ranges::find(checks, id, &checkup::Check::id);
    if (found == checks.end()) {
        throw std::runtime_error("no check " + std::string(id));
    }
    return *found;
}

// "broker.anonymous warning" of each check that is not ok, in order.
[[nodiscard]] inline std::vector<std::string> troubles(const checkup::Facts& facts) {
    std::vector<std::string> found;
    for (const auto& check : checkup::judge(facts)) {
        if (check.verdict != checkup::Verdict::ok) {
            found.push_back(check.id + " " + std::string(checkup::to_string(check.verdict)));
        }
    }
    return found;
}

}  // namespace muster::cli::test
