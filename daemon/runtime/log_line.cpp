#include "daemon/runtime/log_line.hpp"

#include "protocol/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace muster::runtime {
namespace {

// A string as JSON has it, in which nothing is left that is not to be seen.
std::string quoted(std::string_view value) {
    std::string out = "\"";
    auto rest = value;
    while (!rest.empty() && value.size() - rest.size() < kLogValueBytes) {
        const auto before = rest;
        const char32_t character = take_character(rest);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += static_cast<char>(character);
        } else if (character == kReplacementCharacter || is_unprintable(character)) {
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character));
        } else {
            out += before.substr(0, before.size() - rest.size());
        }
    }
    return out + (rest.empty() ? "\"" : "…\"");
}

}  // namespace

std::string log_line(std::string_view event, LogFields fields, bool as_json) {
    std::string line = as_json ? R"("event":)" + quoted(event) : "event=" + std::string(event);
    for (const auto& [name, value] : fields) {
        if (!value.empty()) {
            line += as_json ? fmt::format(",\"{}\":", name) : fmt::format(" {}=", name);
            line += quoted(value);
        }
    }
    return line;
}

}  // namespace muster::runtime
