// Patterns of JSON Schema: the first line is the pattern, the rest a string.
// That time stays linear is what -timeout watches.
#include "daemon/core/pattern.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace muster::fuzz {
namespace {

// Enough for what is more than linear to be seen by -timeout.
constexpr std::size_t kLongBytes = 1024;

std::string repeated(std::string_view text, std::size_t bytes) {
    std::string long_text;
    while (!text.empty() && long_text.size() + text.size() <= bytes) {
        long_text += text;
    }
    return long_text;
}

}  // namespace

void fuzz_pattern(Input input) {
    const auto all = text_of(input);
    const auto line = all.find('\n');
    const auto text = line == std::string_view::npos ? std::string_view() : all.substr(line + 1);
    const auto expression = all.substr(0, line);
    const auto pattern = core::Pattern::compile(expression);
    if (!pattern) {
        require_good(pattern.error());
        return;
    }
    require(expression.size() <= core::Pattern::kMostBytes, "a pattern over its limit is refused");
    if (!is_text(text)) {
        return;
    }
    const auto found = pattern->found_in(text);
    require(found == pattern->found_in(text), "matching does not depend on what was matched before");
    if (found && expression.find_first_of("^$") == std::string_view::npos) {
        require(pattern->found_in("x" + std::string(text) + "\n"), "what is found is found within more");
    }
    const auto either =
        core::Pattern::compile("(?:" + std::string(expression) + ")|(?:" + std::string(expression) + ")");
    require(!either || either->found_in(text) == found, "a choice between equals is no choice");
    static_cast<void>(pattern->found_in(repeated(text, kLongBytes)));
}

}  // namespace muster::fuzz
