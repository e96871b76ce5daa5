#include "daemon/core/template.hpp"

#include "protocol/ids.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace muster::core {
namespace json = boost::json;
namespace {

constexpr std::size_t kTitleLength = limits::kJobNameLength;

json::value no_arguments() {
    return {{"type", "object"}, {"additionalProperties", false}};
}

std::string join(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

// Reads a template and notes every mistake on the way.
class Reader {
public:
    Template document(const json::object& document);
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::vector<ErrorDetail>& mistakes() { return mistakes_; }

private:
    Setting setting(const json::object& object, const std::string& path);
    Property property(const json::object& object, const std::string& path);
    Reported reported(const json::object& object, const std::string& path);
    Command command(const json::object& object, const std::string& path);
    PropertyKept kept(const json::object& object, const std::string& path);
    void name(Template& result, const json::object& object);
    void reported_once(const Template& result);

    // The entries of one section, each read by `read`.
    template <class Entry>
    void section(const json::object& document, std::string_view name,
                 std::map<std::string, Entry, std::less<>>& entries,
                 Entry (Reader::*read)(const json::object&, const std::string&));
    void known_fields(const json::object& object, const std::string& path,
                      std::initializer_list<std::string_view> names);
    std::string text(const json::object& object, std::string_view name, const std::string& path,
                     std::size_t length);
    bool flag(const json::object& object, std::string_view name, const std::string& path);
    std::optional<Seconds> timeout(const json::object& object, const std::string& path);
    Schema schema(const json::object& object, const std::string& path);
    Schema compiled(const json::value& document, const std::string& path);
    Schema arguments(const json::object& object, const std::string& path);

    void mistake(std::string path, std::string message) {
        if (++count_ <= limits::kErrorDetails + 1) {  // one more, so that it is said that there are more
            mistakes_.push_back({std::move(path), std::move(message)});
        }
    }

    std::size_t count_ = 0;
    std::vector<ErrorDetail> mistakes_;
};

Template Reader::document(const json::object& document) {
    known_fields(
        document, "",
        {"name", "title", "description", "gateway", "settings", "properties", "reported", "commands"});
    Template result;
    name(result, document);
    result.title = text(document, "title", "", kTitleLength);
    result.description = text(document, "description", "", limits::kDescriptionLength);
    result.gateway = flag(document, "gateway", "");
    section(document, "settings", result.settings, &Reader::setting);
    section(document, "properties", result.properties, &Reader::property);
    section(document, "reported", result.reported, &Reader::reported);
    section(document, "commands", result.commands, &Reader::command);
    reported_once(result);
    result.source = document;
    return result;
}

void Reader::name(Template& result, const json::object& object) {
    const json::value* name = object.if_contains("name");
    if (name == nullptr) {
        mistake("name", "is missing");
    } else if (!name->is_string() || !is_plain_name(name->get_string(), limits::kNameLength)) {
        mistake("name",
                fmt::format("must be 1 to {} letters, digits, \"-\" and \"_\", the first a letter or digit",
                            limits::kNameLength));
    } else {
        result.name = std::string(name->get_string());
    }
}

// What a device reports is one flat object, so a name in it has one meaning.
void Reader::reported_once(const Template& result) {
    for (const auto& [name, property] : result.properties) {
        if (property.kept != PropertyKept::gateway && result.settings.contains(name)) {
            mistake(join("properties", name), "is also a setting: a device would report both under one name");
        }
    }
    for (const auto& [name, entry] : result.reported) {
        const auto property = result.properties.find(name);
        if (result.settings.contains(name)) {
            mistake(join("reported", name), "is also a setting, which a device reports already");
        } else if (property != result.properties.end() && property->second.kept != PropertyKept::gateway) {
            mistake(join("reported", name), "is also a property that the device reports already");
        }
    }
}

template <class Entry>
void Reader::section(const json::object& document, std::string_view name,
                     std::map<std::string, Entry, std::less<>>& entries,
                     Entry (Reader::*read)(const json::object&, const std::string&)) {
    const json::value* members = document.if_contains(name);
    if (members == nullptr) {
        return;
    }
    if (!members->is_object()) {
        return mistake(std::string(name), "must be an object");
    }
    if (members->get_object().size() > limits::kValuesPerDevice) {
        return mistake(std::string(name), fmt::format("has more than {} members", limits::kValuesPerDevice));
    }
    for (const auto& [key, value] : members->get_object()) {
        const std::string path = join(std::string(name), key);
        if (!is_field_name(key)) {
            mistake(path,
                    fmt::format("must be named with 1 to {} letters, digits and \"_\", the first no digit",
                                limits::kNameLength));
        } else if (!value.is_object()) {
            mistake(path, "must be an object");
        } else {
            entries.emplace(key, (this->*read)(value.get_object(), path));
        }
    }
}

Setting Reader::setting(const json::object& object, const std::string& path) {
    known_fields(object, path, {"title", "unit", "description", "schema"});
    return {text(object, "title", path, kTitleLength), text(object, "unit", path, limits::kNameLength),
            text(object, "description", path, limits::kDescriptionLength), schema(object, path)};
}

Property Reader::property(const json::object& object, const std::string& path) {
    known_fields(object, path, {"title", "unit", "description", "kept", "readOnly", "schema"});
    return {text(object, "title", path, kTitleLength), text(object, "unit", path, limits::kNameLength),
            text(object, "description", path, limits::kDescriptionLength), kept(object, path),
            schema(object, path)};
}

Reported Reader::reported(const json::object& object, const std::string& path) {
    known_fields(object, path, {"title", "unit", "description", "schema"});
    return {text(object, "title", path, kTitleLength), text(object, "unit", path, limits::kNameLength),
            text(object, "description", path, limits::kDescriptionLength), schema(object, path)};
}

Command Reader::command(const json::object& object, const std::string& path) {
    known_fields(object, path, {"title", "description", "timeout_seconds", "args"});
    return {text(object, "title", path, kTitleLength),
            text(object, "description", path, limits::kDescriptionLength), timeout(object, path),
            arguments(object, path)};
}

PropertyKept Reader::kept(const json::object& object, const std::string& path) {
    const json::value* keeper = object.if_contains("kept");
    if (flag(object, "readOnly", path)) {
        if (keeper != nullptr) {
            mistake(join(path, "kept"), "has no meaning together with readOnly: the device keeps it");
        }
        return PropertyKept::read_only;
    }
    if (keeper == nullptr || (keeper->is_string() && keeper->get_string() == "gateway")) {
        return PropertyKept::gateway;
    }
    if (!keeper->is_string() || keeper->get_string() != "device") {
        mistake(join(path, "kept"), "must be \"gateway\" or \"device\"");
    }
    return PropertyKept::device;
}

void Reader::known_fields(const json::object& object, const std::string& path,
                          std::initializer_list<std::string_view> names) {
    for (const auto& member : object) {
        if (std::ranges::find(names, std::string_view(member.key())) == names.end()) {
            mistake(join(path, member.key()),
                    fmt::format("is not known here; known are {}", fmt::join(names, ", ")));
        }
    }
}

std::string Reader::text(const json::object& object, std::string_view name, const std::string& path,
                         std::size_t length) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) {
        return {};
    }
    if (!value->is_string()) {
        mistake(join(path, name), "must be text");
        return {};
    }
    if (value->get_string().size() > length) {
        mistake(join(path, name), fmt::format("is longer than {} bytes", length));
        return {};
    }
    return std::string(value->get_string());
}

bool Reader::flag(const json::object& object, std::string_view name, const std::string& path) {
    const json::value* value = object.if_contains(name);
    if (value != nullptr && !value->is_bool()) {
        mistake(join(path, name), "must be true or false");
    }
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<Seconds> Reader::timeout(const json::object& object, const std::string& path) {
    const json::value* value = object.if_contains("timeout_seconds");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_int64() || value->get_int64() < 1 || value->get_int64() > limits::kTimeoutSeconds) {
        mistake(join(path, "timeout_seconds"),
                fmt::format("must be a whole number from 1 to {}", limits::kTimeoutSeconds));
        return std::nullopt;
    }
    return Seconds(value->get_int64());
}

Schema Reader::schema(const json::object& object, const std::string& path) {
    const json::value* document = object.if_contains("schema");
    if (document == nullptr) {
        mistake(join(path, "schema"), "is missing");
        return {};
    }
    return compiled(*document, join(path, "schema"));
}

Schema Reader::compiled(const json::value& document, const std::string& path) {
    auto schema = Schema::compile(document);
    if (schema.has_value()) {
        return std::move(schema.value());
    }
    for (const ErrorDetail& detail : schema.error().details) {
        mistake(detail.field.empty() ? path : join(path, detail.field), detail.message);
    }
    return {};
}

Schema Reader::arguments(const json::object& object, const std::string& path) {
    const json::value* document = object.if_contains("args");
    if (document == nullptr) {
        return compiled(no_arguments(), path);
    }
    Schema schema = compiled(*document, join(path, "args"));
    const json::value* type = document->is_object() ? document->get_object().if_contains("type") : nullptr;
    if (document->is_object() && (type == nullptr || *type != "object")) {
        mistake(join(path, "args.type"), "must be \"object\": arguments have names");
    }
    return schema;
}

}  // namespace

Result<Template> Template::parse(const json::value& document) {
    if (!document.is_object()) {
        return invalid("", "a template must be an object");
    }
    Reader reader;
    Template result = reader.document(document.get_object());
    if (reader.mistakes().empty()) {
        return result;
    }
    const std::size_t count = reader.count();
    return make_error(ErrorCode::invalid,
                      fmt::format("the template has {} mistake{}", count, count == 1 ? "" : "s"),
                      std::move(reader.mistakes()));
}

}  // namespace muster::core
