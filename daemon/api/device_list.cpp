#include "daemon/api/device_list.hpp"

#include "daemon/core/text.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace muster::api {
namespace json = boost::json;
namespace {

enum class Order : std::uint8_t { device, name, template_name, online, since };
constexpr std::array<std::string_view, 5> kOrders{"device", "name", "template", "online", "since"};

// Where a device stands in an order; texts are the device's own.
struct Place {
    std::int64_t number = 0;
    std::string_view text;
    std::string_view id;

    friend auto operator<=>(const Place& a, const Place& b) {
        return std::tie(a.number, a.text, a.id) <=> std::tie(b.number, b.text, b.id);
    }
};

Place place_of(const core::Device& device, Order order) {
    switch (order) {
        case Order::device:
            return {0, {}, device.id.text()};
        case Order::name:
            return {0, device.shown_name(), device.id.text()};
        case Order::template_name:
            return {0, device.template_name, device.id.text()};
        case Order::online:
            return {device.online ? 1 : 0, {}, device.id.text()};
        case Order::since:
            return {device.presence_since.time_since_epoch().count(), {}, device.id.text()};
    }
    return {};
}

bool is_number(Order order) {
    return order == Order::online || order == Order::since;
}

std::string key_of(const Place& place, Order order) {
    return is_number(order) ? std::to_string(place.number) : std::string(place.text);
}

Place place_of(const SortedPlace& cursor, Order order) {
    Place place{0, cursor.key, cursor.id};
    if (is_number(order)) {
        place.text = {};
        std::ignore = read_number(cursor.key, place.number);
    }
    return place;
}

json::object list_by_id(const core::Engine& engine, const Page& page, const std::string& after,
                        const std::function<bool(const core::Device&)>& wanted) {
    json::array items;
    std::string next;
    engine.registry().for_each_after(after, [&](core::DeviceIndex, const core::Device& device) {
        if (!wanted(device)) {
            return true;
        }
        if (items.size() == page.limit) {
            next = std::string(items.back().at("device").as_string());
            return false;
        }
        items.push_back(device_json(device, engine));
        return true;
    });
    return page_json(std::move(items), next);
}

}  // namespace

void read_device_filter(Fields& fields, DeviceFilter& filter) {
    filter.search = fields.text("search", limits::kNameLength).value_or(std::string{});
    filter.online = fields.boolean("online");
}

void read_query(Fields& fields, std::optional<core::Query>& query) {
    if (const auto text = fields.text("query", limits::kQueryLength)) {
        auto parsed = core::Query::parse(*text);
        if (parsed) {
            query = std::move(parsed).value();
            return;
        }
        for (const auto& detail : parsed.error().details) {
            fields.mistake(detail.field, detail.message);
        }
    }
}

bool passes(const core::Device& device, const DeviceFilter& filter) {
    return (!filter.template_name || device.template_name == *filter.template_name) &&
           (!filter.online || device.online == *filter.online) &&
           (core::contains_in_any_case(device.id.text(), filter.search) ||
            core::contains_in_any_case(device.name, filter.search)) &&
           (!filter.query || filter.query->matches(device));
}

std::span<const std::string_view> device_orders() {
    return kOrders;
}

json::object list_devices(const core::Engine& engine, const Page& page, const Sorting& sorting,
                          const std::optional<SortedPlace>& after,
                          const std::function<bool(const core::Device&)>& wanted) {
    if (sorting.plain()) {
        return list_by_id(engine, page, page.cursor, wanted);
    }
    const auto order = static_cast<Order>(sorting.by);
    const auto place = [order](const core::Device* device) { return place_of(*device, order); };
    const auto before = [&sorting](const Place& a, const Place& b) {
        return sorting.descending ? b < a : a < b;
    };
    std::vector<const core::Device*> found;
    engine.registry().for_each_after({}, [&](core::DeviceIndex, const core::Device& device) {
        if ((!after || before(place_of(*after, order), place(&device))) && wanted(device)) {
            found.push_back(&device);
        }
        return true;
    });
    const auto shown = std::min(found.size(), page.limit);
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown), before, place);
    json::array items;
    for (std::size_t i = 0; i < shown; ++i) {
        items.push_back(device_json(*found[i], engine));
    }
    const auto last = shown < found.size() ? place(found[shown - 1]) : Place{};
    return page_json(std::move(items), shown < found.size()
                                           ? cursor_of(sorting, {std::string(last.id), key_of(last, order)})
                                           : std::string{});
}

}  // namespace muster::api
