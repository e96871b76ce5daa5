// JSON Schemas of templates: the first part is the schema, the others values.
#include "daemon/core/template.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {

void fuzz_schema(Input input) {
    const auto parts = parts_of(text_of(input), 4);
    const auto document = parse_json(parts[0], limits::kRequestBytes, limits::kRequestJsonDepth);
    if (!document) {
        return;
    }
    const auto schema = core::Schema::compile(*document);
    if (!schema) {
        require_good(schema.error());
        return;
    }
    require(schema->source() == *document, "a schema keeps its document");
    const auto again = core::Schema::compile(schema->source());
    require(again.has_value() && again->type() == schema->type(), "a schema compiles again");
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto value = parse_json(parts[i], limits::kRequestBytes, limits::kRequestJsonDepth);
        if (!value) {
            continue;
        }
        const auto checked = schema->check(*value, "value");
        require(again->check(*value, "value").has_value() == checked.has_value(),
                "a verdict does not change");
        if (!checked) {
            require_good(checked.error());
            require(!checked.error().details.empty(), "a refused value has its rule named");
        }
    }
}

}  // namespace muster::fuzz
