// The client from words to exit code, without the process around it.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/context.hpp"

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace muster::cli {

// What the process gives it; tests give something else.
struct Surroundings {
    Environment environment;
    std::istream& input;
    std::ostream& out;
    std::ostream& remarks;
    bool out_is_terminal = false;
    bool remarks_is_terminal = false;
    std::function<std::size_t()> columns;
    std::function<std::unique_ptr<Client>(const Settings&)> make_client;
    std::function<TimePoint()> now;
    std::function<void()> note_interrupts;
    std::function<bool()> interrupted;
    std::function<bool(const std::string& address)> open_address;
    std::function<Outcome<checkup::Facts>(const Settings& settings)> examine;
};

// `words` without the program's name. Everything is printed when it returns.
[[nodiscard]] ExitCode run_program(const std::vector<std::string>& words, const Surroundings& surroundings);

}  // namespace muster::cli
