#include "daemon/cli/properties.hpp"

#include <algorithm>

namespace muster::cli {

void Properties::add(std::string name, std::string value, Style style) {
    if (!value.empty()) {
        items_.emplace_back(std::move(name), Span{std::move(value), style});
    }
}

void Properties::print(Output& output) const {
    std::size_t widest = 0;
    for (const auto& [name, value] : items_) {
        widest = std::max(widest, display_width(name));
    }
    for (const auto& [name, value] : items_) {
        const std::string gap(widest - display_width(name) + 2, ' ');
        output.line({{"  " + name + gap, Style::dim}, value});
    }
}

}  // namespace muster::cli
