// Template documents (SPEC 7.8).
#include "daemon/core/template.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {

void fuzz_template(Input input) {
    const auto document = parse_json(text_of(input), limits::kRequestBytes, limits::kRequestJsonDepth);
    if (!document) {
        return;
    }
    const auto parsed = core::Template::parse(*document);
    if (!parsed) {
        require_good(parsed.error());
        return;
    }
    require(is_plain_name(parsed->name, limits::kNameLength), "a template's name is one");
    require(parsed->source == *document, "a template keeps its document");
    const auto stored =
        parse_json(format_json(parsed->source), 2 * limits::kRequestBytes, limits::kRequestJsonDepth);
    require(stored.has_value(), "a template's document is stored as JSON");
    const auto again = core::Template::parse(*stored);
    require(again.has_value() && again->source == parsed->source, "a stored template is read back the same");
}

}  // namespace muster::fuzz
