// Fleet documents, what `muster apply -f` reads: a stream of YAML documents,
// each with a `kind`, and else the JSON that the control API takes for that
// kind (SPEC, section 7):
//
//   kind: template     the template's document (7.8); named by `name`
//   kind: device-set   a request of set/put; named by `set`
//   kind: device       a request of device/put; named by `device`
//   kind: job          a request of job/save, `run: true` included; named by `name`
//
// Threads: callable from any; plain values.
#pragma once

#include "config/yaml.hpp"
#include "protocol/result.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

// In the order in which they have to be applied: each needs those before it.
enum class DocumentKind : std::uint8_t { device_template, device_set, device, job };
[[nodiscard]] std::string_view to_string(DocumentKind kind) noexcept;  // "template", "device-set", …

struct Document {
    DocumentKind kind = DocumentKind::device_template;
    std::string name;
    boost::json::object body;  // all but `kind`
    std::string source;        // the file, as the user named it
    YamlNode tree;

    // "fleet.yaml:12:5": where the field stands that an error for `body` names
    // ("operations[0].value"), or would stand if it is missing.
    [[nodiscard]] std::string place_of(std::string_view field) const;
};

// The documents of one file in its order; empty ones are left out. Only `kind`
// and the name are checked, and that no name of a kind but job comes twice:
// the gateway checks the rest. Errors: those of read_yaml, with kFleetLimits;
// invalid, with every mistake and its place.
[[nodiscard]] Result<std::vector<Document>> read_documents(const std::string& path);
[[nodiscard]] Result<std::vector<Document>> parse_documents(std::string_view text, const std::string& source);

}  // namespace muster::config
