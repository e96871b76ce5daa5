// The manual pages. What a table says comes from it; what no table says (what a program is for, its files
// and signals) is written in pages.cpp.
//
// Threads: pure functions.
#pragma once

#include "systemd/manual/description.hpp"

#include <string>

namespace muster::manual {

struct Edition {
    std::string version;  // "0.1.0"
    std::string date;     // 2026-11-29
};

[[nodiscard]] std::string client_page(const Program& client, const Edition& edition);        // muster(1)
[[nodiscard]] std::string daemon_page(const Program& daemon, const Edition& edition);        // musterd(8)
[[nodiscard]] std::string simulator_page(const Program& simulator, const Edition& edition);  // muster-sim(1)
[[nodiscard]] std::string configuration_page(const Edition& edition);  // musterd.yaml(5)

}  // namespace muster::manual
