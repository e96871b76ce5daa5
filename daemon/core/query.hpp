// The query language of device sets, a subset of CEL:
//
//   tags.site == "oslo" && reported.firmware < "2.0"
//     && (online || !("retired" in tags)) && id.startsWith("fridge-")
//
// Fields: id, name, online, tags.*, properties.*, settings.* (last desired),
// reported.*. Operators, loosest first: ||  &&  == != < <= > >= in  !  ( ).
// A comparison has a field on at least one side; the other is a field, a text
// in double or single quotes, a number, true or false. Methods on text:
// startsWith, endsWith, contains; matches is left out on purpose (no regular
// expressions over a million devices). `x in ["a", "b"]` and `"name" in tags`
// (also properties, settings, reported) test membership. A field by itself is
// a test that it is true.
//
// A missing field makes the comparison that holds it false, != too, and not an
// error; comparing values of different JSON types is false too (integers and
// doubles are one type), and so is comparing lists, objects or null. `!` of a
// false comparison is true. Texts compare by bytes.
//
// Threads: a Query is immutable and may be shared.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/template.hpp"
#include "protocol/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace muster::core {

struct QueryNode;

class Query {
public:
    // Error: invalid; each detail's field is "query:<column>" (bytes from 1)
    // and its message says what was found and what was expected there.
    // What can be told without a template is checked as check() does.
    // Bounds: limits::kQueryLength bytes, limits::kQueryDepth of ( and ! within
    // each other. "" matches everything.
    [[nodiscard]] static Result<Query> parse(std::string_view text);

    // Whether every field it names exists in the template and is compared as
    // its own type: tags are free; settings.x and properties.x must be defined
    // there; reported.x must be a setting, a property kept by the device, a
    // read-only property, or listed under reported. Error: invalid, one detail
    // per mistake, its field "query:<column>" as for parse().
    [[nodiscard]] Result<void> check(const Template& device_template) const;

    [[nodiscard]] bool matches(const Device& device) const;

    // Canonical text: minimal parentheses, one space around operators. Parsing
    // it gives the same query.
    [[nodiscard]] std::string text() const;

    // What it looks at: a device whose change touches none of it matches as it did.
    [[nodiscard]] Aspects aspects() const;

private:
    explicit Query(std::shared_ptr<const QueryNode> root) : root_(std::move(root)) {}
    std::shared_ptr<const QueryNode> root_;  // null matches everything
};

}  // namespace muster::core
