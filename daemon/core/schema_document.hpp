// The part of JSON Schema draft 7 that templates may use, and the strict check
// of schema documents: a keyword that is misspelt or has the wrong type would
// else be silently without effect.
//
// Not supported, and refused by name: references ($ref, $id, definitions),
// format, patternProperties, dependencies.
//
// Threads: pure functions.
#pragma once

#include "protocol/result.hpp"

#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace muster::core {

// What the value of a keyword has to be.
enum class KeywordShape {
    anything,    // const, default, examples
    text,        // title, description, $comment
    flag,        // uniqueItems, readOnly, writeOnly
    draft,       // $schema
    types,       // type
    choices,     // enum
    number,      // minimum, maximum, exclusiveMinimum, exclusiveMaximum
    divisor,     // multipleOf
    count,       // minLength, maxItems, …
    pattern,     // pattern
    names,       // required
    schema,      // not, if, then, else, contains, additionalProperties, …
    schemas,     // allOf, anyOf, oneOf
    schema_map,  // properties
    items,       // items: a schema or a list of schemas
};

// The shape of a supported keyword; nullptr for any other.
[[nodiscard]] const KeywordShape* find_keyword(std::string_view name) noexcept;

// Every mistake in the document, with its path in it
// ("properties.minutes.minimum"); none for a good one.
[[nodiscard]] std::vector<ErrorDetail> check_schema_document(const boost::json::value& schema);

}  // namespace muster::core
