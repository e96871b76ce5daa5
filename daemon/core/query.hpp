// The query language of device sets, a subset of CEL:
//
//   tags.site == "oslo" && reported.firmware < "2.0"
//     && (online || !("retired" in tags)) && id.startsWith("fridge-")
//
// Fields: id, name, online, tags.*, properties.*, settings.* (last desired),
// reported.*. Operators, loosest first: ||  &&  == != < <= > >= in  !  ( ).
// Methods on strings: startsWith, endsWith, contains, matches is left out on
// purpose (no regular expressions over a million devices). `x in [a, b]` and
// `"name" in tags` (also properties, settings, reported) test membership.
// A missing field makes the comparison that holds it false, not an error;
// comparing values of different JSON types is false too (integers and
// doubles are one type). Strings compare by bytes.
//
// Threads: a Query is immutable and may be shared.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/template.hpp"
#include "protocol/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace muster::core {

class Query {
public:
    // Error: invalid; each detail's field is "query:<column>" (bytes from 1)
    // and its message says what was found and what was expected there.
    // Bounds: limits::kQueryLength, limits::kQueryDepth. "" matches everything.
    [[nodiscard]] static Result<Query> parse(std::string_view text);

    // Whether every field it names exists in the template and is compared as
    // its own type: tags are free; settings.x and properties.x must be defined
    // there; reported.x must be a setting, a property kept by the device, a
    // read-only property, or listed under reported. Error: invalid, one detail
    // per mistake.
    [[nodiscard]] Result<void> check(const Template& device_template) const;

    [[nodiscard]] bool matches(const Device& device) const;

    // Canonical text: minimal parentheses, one space around operators. Parsing
    // it gives the same query.
    [[nodiscard]] std::string text() const;

    struct Node;

private:
    explicit Query(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
    std::shared_ptr<const Node> root_;  // null matches everything
};

}  // namespace muster::core
