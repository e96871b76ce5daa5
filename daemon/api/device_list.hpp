// Pages of devices out of the registry, for device/list and set/preview.
//
// A page costs only so much, however many devices there are: it looks at no more of
// them than the effort allows, and may so be short, or empty, and still name a next one.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/render.hpp"
#include "daemon/api/sorting.hpp"
#include "daemon/core/matches.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace muster::api {

struct DeviceQuery {
    core::DeviceFilter filter;
    std::optional<bool> online;
};

// The members `search` and `online` of a request.
void read_device_filter(Fields& fields, DeviceQuery& query);
// The member `query`; mistakes are noted with their position.
void read_query(Fields& fields, std::optional<core::Query>& query);

// "device", the list's own order, "name", "template", "online", "since".
[[nodiscard]] std::span<const std::string_view> device_orders();

// One page of the devices that pass, behind `after` in the order asked for.
[[nodiscard]] boost::json::object list_devices(const core::Engine& engine, const Page& page,
                                               const Sorting& sorting,
                                               const std::optional<SortedPlace>& after,
                                               const DeviceQuery& query);

// How many pass. `exact` is false where that was too much for one question: then there
// are at least so many, and asking again goes on where this ended.
struct DeviceCount {
    std::size_t devices = 0;
    bool exact = true;
};
DeviceCount count_devices(const core::Registry& registry, const DeviceQuery& query);

}  // namespace muster::api
