// What a command's handler works with.
//
// Threads: main thread only, but for `interrupted`, which a signal may set.
#pragma once

#include "daemon/cli/client.hpp"
#include "daemon/cli/doctor_facts.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/settings.hpp"

#include <functional>
#include <string>

namespace muster::cli {

struct Context {
    const Settings& settings;
    Client& client;
    Output& output;
    std::istream& input;
    std::function<TimePoint()> now;
    // After the first, the second tells whether the user pressed Ctrl-C.
    std::function<void()> note_interrupts;
    std::function<bool()> interrupted;
    // Shows a person an address; false: there is no browser to do so.
    std::function<bool(const std::string& address)> open_address;
    // Looks at broker, musterd and this machine.
    std::function<Outcome<checkup::Facts>(const Settings& settings)> examine;

    [[nodiscard]] Outcome<boost::json::value> request(const std::string& verb,
                                                      const boost::json::object& body) const {
        return client.request(verb, body, settings.timeout);
    }
};

}  // namespace muster::cli
