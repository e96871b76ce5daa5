#include "daemon/api/sorting.hpp"

#include "protocol/limits.hpp"

#include <algorithm>

namespace muster::api {
namespace {

// "name.desc."
std::string prefix_of(const Sorting& sorting) {
    return std::string(sorting.names[sorting.by]) + (sorting.descending ? ".desc." : ".asc.");
}

std::string list_of(std::span<const std::string_view> names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + std::string(names[i]);
    }
    return text;
}

}  // namespace

Sorting read_sorting(Fields& fields, std::span<const std::string_view> names) {
    Sorting sorting{names};
    if (const auto given = fields.text("sort", limits::kNameLength)) {
        const auto found = std::ranges::find(names, *given);
        if (found == names.end()) {
            fields.mistake("sort", "is " + *given + "; " + list_of(names) + " are allowed");
        } else {
            sorting.by = static_cast<std::size_t>(found - names.begin());
        }
    }
    if (const auto order = fields.text("order", limits::kNameLength)) {
        sorting.descending = *order == "desc";
        if (*order != "desc" && *order != "asc") {
            fields.mistake("order", "is " + *order + "; asc and desc are allowed");
        }
    }
    return sorting;
}

std::string cursor_of(const Sorting& sorting, const SortedPlace& place) {
    return sorting.plain() ? place.id : prefix_of(sorting) + place.id + "." + place.key;
}

std::optional<SortedPlace> read_place(Fields& fields, const Sorting& sorting, const Page& page) {
    if (page.cursor.empty()) {
        return std::nullopt;
    }
    const auto prefix = sorting.plain() ? std::string{} : prefix_of(sorting);
    const auto dot = page.cursor.find('.', prefix.size());
    if (sorting.plain() && dot == std::string::npos) {
        return SortedPlace{page.cursor, {}};
    }
    if (sorting.plain() || !page.cursor.starts_with(prefix) || dot == std::string::npos) {
        fields.mistake("cursor", "is of a list in another order");
        return std::nullopt;
    }
    return SortedPlace{page.cursor.substr(prefix.size(), dot - prefix.size()), page.cursor.substr(dot + 1)};
}

}  // namespace muster::api
