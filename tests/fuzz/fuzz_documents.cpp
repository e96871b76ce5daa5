// Fleet documents, as `muster apply` reads them, to what is sent for them.
#include "config/documents.hpp"
#include "config/yaml_text.hpp"
#include "protocol/codec.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

namespace muster::fuzz {
namespace {

// The place of each member is a line and column of the file.
void require_places(const config::Document& document) {
    for (const auto& member : document.body) {
        const auto place = document.place_of(member.key());
        require(place.starts_with("fleet.yaml:"), "a place names its file");
    }
    static_cast<void>(document.place_of("settings.fanSpeed.schema"));
    static_cast<void>(document.place_of("operations[18446744073709551616].value"));
}

void require_scalars(const boost::json::value& value) {
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            require_scalars(member.value());
        }
    } else if (const auto* array = value.if_array()) {
        for (const auto& item : *array) {
            require_scalars(item);
        }
    } else {
        const config::YamlLimits limits{1 << 20, 1 << 20, 4, 10, 1};
        const auto written = config::parse_yaml("a: " + config::write_scalar(value), "written", limits);
        require(written.has_value() && written->documents.size() == 1, "a scalar is written as YAML");
        require(config::to_json(written->documents[0]).at("a") == value,
                "a scalar is written so that it reads the same");
    }
}

}  // namespace

void fuzz_documents(Input input) {
    const auto documents = config::parse_documents(text_of(input), "fleet.yaml");
    if (!documents) {
        require_good(documents.error());
        return;
    }
    for (const auto& document : *documents) {
        require(!document.name.empty(), "a document has a name");
        require_places(document);
        const auto sent = format_json(document.body);
        const auto read = parse_json(sent, 64 * 1024 * 1024, 32);
        require(read.has_value() && *read == document.body, "a document is JSON");
        require_scalars(document.body);
    }
}

}  // namespace muster::fuzz
