// Lists in an order of the client's choice, page by page: the members `sort` and
// `order`, and cursors that stay right while rows come, go and change their place.
//
// A cursor names a place in the order, not a row: what is sorted by there, and an
// id among equals. It holds the order too, so that one of another order is refused.
//
// Threads: plain values.
#pragma once

#include "daemon/api/handlers.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::api {

struct Sorting {
    std::span<const std::string_view> names;  // of all orders; the first is the list's own
    std::size_t by = 0;                       // index in `names`
    bool descending = false;

    // The list's own order, whose cursors are plain ids.
    [[nodiscard]] bool plain() const noexcept { return by == 0 && !descending; }
};

struct SortedPlace {
    std::string id;
    std::string key;  // what is sorted by, as text
};

// Notes a mistake for an order that is not among `names`, which must live on.
[[nodiscard]] Sorting read_sorting(Fields& fields, std::span<const std::string_view> names);
[[nodiscard]] std::string cursor_of(const Sorting& sorting, const SortedPlace& place);
// Absent at the beginning. Notes a mistake for a cursor that is of no such list.
[[nodiscard]] std::optional<SortedPlace> read_place(Fields& fields, const Sorting& sorting, const Page& page);

}  // namespace muster::api
