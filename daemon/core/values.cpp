#include "daemon/core/values.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {
namespace json = boost::json;
namespace {

// Typical values are about 100 bytes of text, which become under 1 KiB.
constexpr std::size_t kStackBytes = 4096;

std::string packed(const json::object& object) {
    std::vector<const json::key_value_pair*> members;
    members.reserve(object.size());
    for (const auto& member : object) {
        if (!member.value().is_null()) {
            members.push_back(&member);
        }
    }
    std::ranges::sort(members, {}, [](const json::key_value_pair* member) { return member->key(); });

    std::string text;
    for (const json::key_value_pair* member : members) {
        text += text.empty() ? '{' : ',';
        text += json::serialize(member->key());
        text += ':';
        text += format_json(member->value());
    }
    if (!text.empty()) {
        text += '}';
    }
    return text;
}

// Returns whether the patch changed the object.
bool apply(json::object& object, const json::object& patch) {
    bool changed = false;
    for (const auto& [name, value] : patch) {
        const auto found = object.find(name);
        if (value.is_null()) {
            if (found != object.end()) {
                object.erase(found);
                changed = true;
            }
        } else if (found == object.end()) {
            object.emplace(name, value);
            changed = true;
        } else if (found->value() != value) {
            found->value() = value;
            changed = true;
        }
    }
    return changed;
}

}  // namespace

Values::Values(const json::object& object) : text_(packed(object)) {}

Values Values::from_text(std::string_view text) {
    return of(SharedText(text == "{}" ? std::string_view() : text));
}

json::object Values::object(json::storage_ptr storage) const {
    if (text_.empty()) {
        return json::object(std::move(storage));
    }
    // Numbers exactly as they were: Boost's parser may change their last digit.
    auto value = parse_json(text(), text_.size(), limits::kRequestJsonDepth, std::move(storage));
    MUSTER_INVARIANT(value.has_value() && value->is_object());
    return std::move(value->get_object());
}

std::optional<json::value> Values::find(std::string_view name) const {
    if (text_.empty()) {
        return std::nullopt;
    }
    std::byte buffer[kStackBytes];
    json::monotonic_resource memory(buffer, sizeof buffer);
    const json::object members = object(&memory);
    const json::value* found = members.if_contains(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    return json::value(*found, json::storage_ptr());
}

bool Values::merge(const json::object& patch) {
    std::byte buffer[kStackBytes];
    json::monotonic_resource memory(buffer, sizeof buffer);
    json::object merged = object(&memory);
    if (!apply(merged, patch)) {
        return false;
    }
    text_ = packed(merged);
    return true;
}

}  // namespace muster::core
