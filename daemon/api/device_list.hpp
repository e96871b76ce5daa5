// Pages of devices out of the registry, for device/list and set/preview.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/render.hpp"
#include "daemon/api/sorting.hpp"

#include <boost/json/array.hpp>

#include <functional>
#include <optional>
#include <string>

namespace muster::api {

struct DeviceFilter {
    std::string search;  // part of the id or the name, in any case
    std::optional<std::string> template_name;
    std::optional<bool> online;
    std::optional<core::Query> query;
};

// The members `search` and `online` of a request.
void read_device_filter(Fields& fields, DeviceFilter& filter);
// The member `query`; mistakes are noted with their position.
void read_query(Fields& fields, std::optional<core::Query>& query);
[[nodiscard]] bool passes(const core::Device& device, const DeviceFilter& filter);

// "device", the list's own order, "name", "template", "online", "since".
[[nodiscard]] std::span<const std::string_view> device_orders();

// One page of the devices that `wanted` accepts. By id upwards it looks at no more
// than it must to fill the page; each page in another order looks at every device
// (0.1 s for a million).
[[nodiscard]] boost::json::object list_devices(const core::Engine& engine, const Page& page,
                                               const Sorting& sorting,
                                               const std::optional<SortedPlace>& after,
                                               const std::function<bool(const core::Device&)>& wanted);

}  // namespace muster::api
