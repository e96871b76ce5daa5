// The properties of one thing, a line each: "status   Running".
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/output.hpp"
#include "daemon/cli/text.hpp"

#include <string>
#include <utility>
#include <vector>

namespace muster::cli {

class Properties {
public:
    // An empty value is left out.
    void add(std::string name, std::string value, Style style = Style::plain);
    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
    void print(Output& output) const;

private:
    std::vector<std::pair<std::string, Span>> items_;
};

}  // namespace muster::cli
