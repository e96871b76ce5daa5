#include "daemon/api/device_list.hpp"

#include "protocol/limits.hpp"

#include <array>
#include <tuple>
#include <utility>

namespace muster::api {
namespace json = boost::json;
namespace {

// What one page or one count may cost, about 2 ms on two cores that are full. An answer may take 10, with
// what the engine does before it.
constexpr std::int64_t kMostEffort = 800'000;
constexpr std::int64_t kPassedOverCost = 2;

enum class Order : std::uint8_t { device, name, template_name, online, since };
constexpr std::array<std::string_view, 5> kOrders{"device", "name", "template", "online", "since"};

// Devices by presence are those by id, twice over.
core::DeviceOrder order_of(Order order) {
    switch (order) {
        case Order::name:
            return core::DeviceOrder::name;
        case Order::template_name:
            return core::DeviceOrder::template_name;
        case Order::since:
            return core::DeviceOrder::since;
        case Order::device:
        case Order::online:
            break;
    }
    return core::DeviceOrder::id;
}

SortedPlace cursor_place(const core::Device& device, Order order) {
    const auto place = core::place_of(device, order_of(order));
    return {device.id.text(), order == Order::since ? std::to_string(place.number) : std::string(place.text)};
}

// One walk along an order, from which a page is made.
class Walk {
public:
    Walk(const core::Engine& engine, const Page& page, const Sorting& sorting, const DeviceQuery& query)
        : engine_(engine),
          registry_(engine.registry()),
          page_(page),
          sorting_(sorting),
          order_(static_cast<Order>(sorting.by)),
          online_(query.online),
          matches_(registry_.match_cache().of(query.filter, registry_)) {}

    json::object make(const std::optional<SortedPlace>& after) {
        if (order_ != Order::online) {
            along(after);
        } else {
            twice(after);
        }
        return page_json(std::move(items_), next_);
    }

private:
    void along(const std::optional<SortedPlace>& after) {
        core::DevicePlace place;
        if (after) {
            place = {0, order_ == Order::device ? std::string_view() : after->key, after->id};
            if (order_ == Order::since) {
                place.text = {};
                std::ignore = read_number(after->key, place.number);
            }
        }
        const auto by = order_of(order_);
        const auto visit = [this](core::DeviceIndex index) { return look_at(index); };
        if (sorting_.descending) {
            registry_.for_each_before(by, after ? std::optional(place) : std::nullopt, visit);
        } else {
            registry_.for_each_behind(by, after ? std::optional(place) : std::nullopt, visit);
        }
    }

    // Those who are offline, then the others; or the other way round.
    void twice(const std::optional<SortedPlace>& after) {
        const auto first = sorting_.descending;
        for (const auto part : {first, !first}) {
            const auto inside = after && (after->key == "1") == part;
            if (over_ || (after && !inside && part == first)) {
                continue;
            }
            part_ = part;
            const core::DevicePlace place{0, {}, inside ? std::string_view(after->id) : std::string_view()};
            const auto from = inside ? std::optional(place) : std::nullopt;
            const auto visit = [this](core::DeviceIndex index) { return look_at(index); };
            if (sorting_.descending) {
                registry_.for_each_before(core::DeviceOrder::id, from, visit);
            } else {
                registry_.for_each_behind(core::DeviceOrder::id, from, visit);
            }
        }
    }

    // False: the page ends here.
    bool look_at(core::DeviceIndex index) {
        if (effort_.spent() && last_) {
            return stop();
        }
        const auto online = registry_.online_bits().has(index);
        if ((part_ && online != *part_) || (online_ && online != *online_)) {
            effort_.spend(kPassedOverCost);
        } else if (matches_.contains(registry_, index, effort_)) {
            if (items_.size() == page_.limit) {
                return stop();
            }
            items_.push_back(device_json(registry_.at(index).device, engine_));
        }
        last_ = index;
        last_part_ = part_;
        return true;
    }

    bool stop() {
        const auto& device = registry_.at(*last_).device;
        next_ = cursor_of(sorting_, last_part_ ? SortedPlace{device.id.text(), *last_part_ ? "1" : "0"}
                                               : cursor_place(device, order_));
        over_ = true;
        return false;
    }

    const core::Engine& engine_;
    const core::Registry& registry_;
    const Page& page_;
    const Sorting& sorting_;
    Order order_;
    std::optional<bool> online_;
    core::Matches& matches_;
    core::Effort effort_{kMostEffort};
    std::optional<bool> part_;               // only devices whose presence is this
    std::optional<core::DeviceIndex> last_;  // that was looked at
    std::optional<bool> last_part_;
    bool over_ = false;
    json::array items_;
    std::string next_;
};

}  // namespace

void read_device_filter(Fields& fields, DeviceQuery& query) {
    query.filter.search = fields.text("search", limits::kNameLength).value_or(std::string{});
    query.online = fields.boolean("online");
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

std::span<const std::string_view> device_orders() {
    return kOrders;
}

json::object list_devices(const core::Engine& engine, const Page& page, const Sorting& sorting,
                          const std::optional<SortedPlace>& after, const DeviceQuery& query) {
    return Walk(engine, page, sorting, query).make(after);
}

DeviceCount count_devices(const core::Registry& registry, const DeviceQuery& query) {
    core::Effort effort(kMostEffort);
    auto& matches = registry.match_cache().of(query.filter, registry);
    const auto exact = matches.settle(registry, effort);
    if (!query.online) {
        return {matches.count(), exact};
    }
    const auto online = matches.count_in(registry.online_bits());
    return {*query.online ? online : matches.count() - online, exact};
}

}  // namespace muster::api
