// A template: what a kind of device can do, each capability with a JSON
// Schema. Written as JSON (or YAML, which becomes the same JSON):
//
//   {"name": "refrigerator", "title": "Refrigerated vending machine", "gateway": false,
//    "settings":   {"fanSpeed": {"title": "Fan speed", "unit": "level",
//                                "schema": {"type": "integer", "minimum": 0, "maximum": 5}}},
//    "properties": {"location": {"kept": "gateway", "schema": {"type": "string"}},
//                   "assetTag": {"kept": "device",  "schema": {"type": "string"}},
//                   "serial":   {"readOnly": true,  "schema": {"type": "string"}}},
//    "reported":   {"firmware": {"schema": {"type": "string"}}},
//    "commands":   {"defrost": {"timeout_seconds": 60, "args": {"type": "object", ...}}}}
//
// Threads: a Template is immutable and shared by pointer.
#pragma once

#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace muster::core {

// A compiled JSON Schema: the part of draft 7 that schema_document.hpp lists.
// One that was made without compile() allows every value.
class Schema {
public:
    // Error: invalid, one detail per mistake with its path in the schema
    // ("properties.minutes.minimum"). `schema` must be an object.
    [[nodiscard]] static Result<Schema> compile(const boost::json::value& schema);
    // Error: invalid with one detail per broken rule, in words a user of the
    // console understands: "is 9; at most 5 is allowed". `field` is put before.
    [[nodiscard]] Result<void> check(const boost::json::value& value, std::string_view field) const;
    // JSON type name that `type` allows ("integer", "string", …), when it is
    // exactly one; otherwise empty. Used to type-check queries.
    [[nodiscard]] const std::string& type() const noexcept;
    [[nodiscard]] const boost::json::value& source() const noexcept;

private:
    struct Compiled;
    std::shared_ptr<const Compiled> compiled_;
};

struct Setting {
    std::string title;  // empty: the name is shown
    std::string unit;
    std::string description;
    Schema schema;
};

enum class PropertyKept { gateway, device, read_only };

struct Property {
    std::string title;
    std::string unit;
    std::string description;
    PropertyKept kept = PropertyKept::gateway;
    Schema schema;
};

struct Reported {
    std::string title;
    std::string unit;
    std::string description;
    Schema schema;
};

struct Command {
    std::string title;
    std::string description;
    std::optional<Seconds> timeout;  // absent: 30 s
    Schema args;                     // absent in the document: no arguments
};

struct Template {
    std::string name;
    std::string title;
    std::string description;
    bool gateway = false;
    std::map<std::string, Setting, std::less<>> settings;
    std::map<std::string, Property, std::less<>> properties;
    std::map<std::string, Reported, std::less<>> reported;
    std::map<std::string, Command, std::less<>> commands;
    // The document it was read from; what template/get answers.
    boost::json::value source;

    // Strict: unknown fields, wrong types and schemas that do not compile are
    // all named at once, with their paths. Error: invalid.
    [[nodiscard]] static Result<Template> parse(const boost::json::value& document);
};

// A template with its version in the registry; versions count up from 1 for
// each name and never repeat, also after delete and put.
struct StoredTemplate {
    std::shared_ptr<const Template> body;
    std::uint64_t version = 0;
    bool deleted = false;  // kept for the jobs that were run with it
    TimePoint changed_at{};
};

}  // namespace muster::core
