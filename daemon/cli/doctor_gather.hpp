// Asks the broker and musterd for what `muster doctor` wants to know, and tries
// what should not be allowed.
//
// Whatever it publishes goes to topics of devices and users that do not exist, whose names begin with
// "muster-doctor-", or is a request that changes nothing. A retained message is removed again.
//
// Threads: main thread only. Waits at most a few of the settings' timeouts.
#pragma once

#include "daemon/cli/doctor_facts.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/mqtt/probe_session.hpp"

#include <functional>

namespace muster::cli::checkup {

// All but the machine's. `now`: of the system. Failure: the broker's address is none.
[[nodiscard]] Outcome<Facts> gather(const Settings& settings, const mqtt::OpenProbe& open,
                                    const std::function<TimePoint()>& now);

}  // namespace muster::cli::checkup
