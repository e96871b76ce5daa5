#include "daemon/api/request_mark.hpp"

#include "daemon/core/digest.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <vector>

namespace muster::api {
namespace json = boost::json;
namespace {

// Members by name, so that two texts of one value are the same.
void add_value(core::Digest& digest, const json::value& value);

void add_object(core::Digest& digest, const json::object& object, std::string_view but = {}) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : object) {
        if (name != but) {
            names.emplace_back(name);
        }
    }
    std::ranges::sort(names);
    digest.add("{" + std::to_string(names.size()));
    for (const auto name : names) {
        digest.add(name);
        add_value(digest, object.at(name));
    }
}

void add_value(core::Digest& digest, const json::value& value) {
    if (const auto* object = value.if_object()) {
        add_object(digest, *object);
    } else if (const auto* array = value.if_array()) {
        digest.add("[" + std::to_string(array->size()));
        for (const auto& item : *array) {
            add_value(digest, item);
        }
    } else {
        digest.add(format_json(value));
    }
}

}  // namespace

std::string read_key(Fields& fields) {
    auto key = fields.text("key", limits::kRequestIdBytes).value_or(std::string{});
    if (fields.has("key") && !is_plain_name(key, limits::kRequestIdBytes)) {
        fields.mistake("key", "must be 1 to 64 of letters, digits, _ and -");
    }
    return key;
}

core::RequestMark read_mark(Fields& fields, const Call& call) {
    core::RequestMark mark{read_key(fields), {}};
    if (!mark.key.empty()) {
        core::Digest digest;
        digest.add(call.verb);
        add_object(digest, call.body, "key");
        mark.digest = digest.hex();
    }
    return mark;
}

}  // namespace muster::api
