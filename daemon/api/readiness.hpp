// Whether this gateway can carry out jobs now, and if not, why: one verdict for
// every place that shows it.
//
// Threads: pure functions.
#pragma once

#include "daemon/api/view.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <string>
#include <string_view>

namespace muster::api {

struct Check {
    std::string_view name;
    std::string problem;  // empty: none
};

struct Readiness {
    std::array<Check, 3> checks;  // store, broker, engine

    [[nodiscard]] bool ready() const;
};

// Longer than any batch takes; a thread that works on one for longer hangs.
inline constexpr Seconds kEnginePatience{30};

[[nodiscard]] Readiness readiness(const GatewayState& gateway, TimePoint now);

// {"ready":true,"checks":{"store":"ok","broker":"ok","engine":"ok"}}; a check that
// failed has its problem in the place of "ok".
[[nodiscard]] boost::json::object readiness_json(const Readiness& readiness);

// {"healthy","state","since","detail"} of the store (SPEC 6.6, 7.9).
[[nodiscard]] boost::json::object store_json(const GatewayState& gateway);

}  // namespace muster::api
