#include "daemon/core/member_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>

namespace muster::core {
namespace {

// Behind the text that begins at `at` with its quotation mark.
std::size_t end_of_text(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        at += text[at] == '\\' ? 1U : 0U;
    }
    return at + 1;
}

// Behind the value that begins at `at`.
std::size_t end_of_value(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
        const auto next = text[at];
        if (next == '"') {
            at = end_of_text(text, at);
            continue;
        }
        const auto closes = next == '}' || next == ']';
        if (depth == 0 && (closes || next == ',')) {
            break;
        }
        depth += next == '{' || next == '[' ? 1U : 0U;
        depth -= closes ? 1U : 0U;
        ++at;
    }
    return std::min(at, text.size());
}

}  // namespace

std::string member_key(std::string_view name) {
    return boost::json::serialize(name) + ':';
}

std::string_view member_text(std::string_view object, std::string_view key) {
    for (std::size_t at = 1; at < object.size();) {
        const auto found = object.substr(at).starts_with(key);
        at = found ? at + key.size() : end_of_text(object, at) + 1;
        const auto end = end_of_value(object, at);
        if (found) {
            return object.substr(at, end - at);
        }
        at = end + 1;
    }
    return {};
}

}  // namespace muster::core
