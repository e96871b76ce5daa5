// Regular expressions of JSON Schema's `pattern`, in time linear in the string
// and without recursion over it: std::regex can take exponential time or the
// whole stack, and patterns come from users.
//
// The common part of ECMA 262: characters, `.`, classes ([a-z], [^…], \d \D
// \w \W \s \S), ^ and $, groups (…) and (?:…), |, and the quantifiers * + ? {n}
// {n,} {n,m}. Anything else (look-around, back-references, \b, lazy
// quantifiers, \p) is refused. Matching is by Unicode code points, anywhere in
// the string unless ^ and $ say otherwise.
//
// Threads: immutable after compile().
#pragma once

#include "protocol/result.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace muster::core {

class Pattern {
public:
    // Longest pattern in bytes, and most steps of its program ({n} repeats its
    // operand): matching takes at most (steps x characters) moves.
    static constexpr std::size_t kMostBytes = 256;
    static constexpr std::size_t kMostSteps = 2000;

    // Error: invalid, with the place of the mistake (in characters, from 1).
    [[nodiscard]] static Result<Pattern> compile(std::string_view text);

    // `text` must be UTF-8.
    [[nodiscard]] bool found_in(std::string_view text) const;

    struct Program;

private:
    explicit Pattern(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
    std::shared_ptr<const Program> program_;
};

}  // namespace muster::core
