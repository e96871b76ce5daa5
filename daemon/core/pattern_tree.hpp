// The tree of a regular expression: what pattern.cpp turns into a program.
//
// Threads: pure functions.
#pragma once

#include "protocol/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::core {

struct CharacterClass {
    std::vector<std::pair<char32_t, char32_t>> ranges;  // ends included
    bool negated = false;

    [[nodiscard]] bool holds(char32_t character) const noexcept;
};

struct PatternNode {
    enum class Kind { character, text_start, text_end, sequence, choice, repeat };

    Kind kind = Kind::sequence;
    CharacterClass characters;          // character
    std::vector<PatternNode> children;  // sequence, choice; one for repeat
    std::size_t least = 0;              // repeat
    std::optional<std::size_t> most;    // repeat; absent: without end
};

// Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::u32string code_points(std::string_view text);

// Error: invalid, with the place of the mistake.
[[nodiscard]] Result<PatternNode> parse_pattern(std::string_view text);

}  // namespace muster::core
