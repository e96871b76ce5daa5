#include "config/yaml_node.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>
#include <optional>

namespace muster::config {
namespace {

// Takes "[12]" off the front of `path`; nullopt, and `path` as it was, if it does not begin so.
std::optional<std::size_t> take_index(std::string_view& path) {
    const std::size_t end = path.find(']');
    if (!path.starts_with('[') || end == std::string_view::npos) {
        return std::nullopt;
    }
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, index);
    if (error != std::errc{} || stop != path.data() + end) {
        return std::nullopt;
    }
    path.remove_prefix(end + 1);
    return index;
}

// ':' ends a key too: the daemon answers for a query with "query:14", its column.
bool ends_key(std::string_view rest) {
    return rest.empty() || rest.front() == '.' || rest.front() == '[' || rest.front() == ':';
}

// The longest key that `path` begins with, taken off it.
const YamlMember* take_key(const YamlNode::Mapping& mapping, std::string_view& path) {
    const YamlMember* found = nullptr;
    for (const YamlMember& member : mapping) {
        const bool fits = path.starts_with(member.key) && ends_key(path.substr(member.key.size()));
        if (fits && (found == nullptr || member.key.size() > found->key.size())) {
            found = &member;
        }
    }
    if (found != nullptr) {
        path.remove_prefix(found->key.size());
    }
    return found;
}

struct ToJson {
    boost::json::value operator()(const YamlNode::Sequence& sequence) const {
        boost::json::array array;
        array.reserve(sequence.size());
        for (const YamlNode& item : sequence) {
            array.push_back(to_json(item));
        }
        return array;
    }
    boost::json::value operator()(const YamlNode::Mapping& mapping) const {
        boost::json::object object;
        object.reserve(mapping.size());
        for (const YamlMember& member : mapping) {
            object.emplace(member.key, to_json(member.node));
        }
        return object;
    }
    template <class Scalar>
    boost::json::value operator()(const Scalar& scalar) const {
        return boost::json::value(scalar);
    }
};

struct Describe {
    std::string_view operator()(std::nullptr_t) const { return "nothing"; }
    std::string_view operator()(bool) const { return "true or false"; }
    std::string_view operator()(std::int64_t) const { return "an integer"; }
    std::string_view operator()(double) const { return "a decimal number"; }
    std::string_view operator()(const std::string&) const { return "text"; }
    std::string_view operator()(const YamlNode::Sequence&) const { return "a list"; }
    std::string_view operator()(const YamlNode::Mapping&) const { return "a mapping"; }
};

}  // namespace

std::string_view describe(const YamlNode& node) noexcept {
    return std::visit(Describe{}, node.value);
}

boost::json::value to_json(const YamlNode& node) {
    return std::visit(ToJson{}, node.value);
}

Position position_of(const YamlNode& root, std::string_view path) {
    const YamlNode* node = &root;
    Position position = root.position;
    while (!path.empty()) {
        if (path.starts_with('.')) {
            path.remove_prefix(1);
        }
        if (const auto* mapping = std::get_if<YamlNode::Mapping>(&node->value)) {
            const YamlMember* member = take_key(*mapping, path);
            if (member == nullptr) {
                break;
            }
            position = member->position;
            node = &member->node;
        } else if (const auto* sequence = std::get_if<YamlNode::Sequence>(&node->value)) {
            const std::optional<std::size_t> index = take_index(path);
            if (!index || *index >= sequence->size()) {
                break;
            }
            node = &(*sequence)[*index];
            position = node->position;
        } else {
            break;
        }
    }
    return position;
}

}  // namespace muster::config
