#include "daemon/core/pattern_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::core {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kLastCodePoint = 0x10FFFF;
constexpr std::size_t kMostGroups = 32;     // within each other
constexpr std::size_t kMostRepeats = 1000;  // in {n}

using Kind = PatternNode::Kind;
using Ranges = std::vector<std::pair<char32_t, char32_t>>;

// What \d, \w, \s and their opposites stand for; nullopt for other letters.
std::optional<Ranges> class_of_letter(char32_t letter) {
    switch (letter) {
        case U'd':
            return Ranges{{U'0', U'9'}};
        case U'D':
            return Ranges{{0, U'0' - 1}, {U'9' + 1, kLastCodePoint}};
        case U'w':
            return Ranges{{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
        case U'W':
            return Ranges{{0, U'0' - 1},
                          {U'9' + 1, U'A' - 1},
                          {U'Z' + 1, U'_' - 1},
                          {U'_' + 1, U'a' - 1},
                          {U'z' + 1, kLastCodePoint}};
        case U's':
            return Ranges{{U'\t', U'\r'}, {U' ', U' '}, {0xA0, 0xA0}};
        case U'S':
            return Ranges{{0, U'\t' - 1}, {U'\r' + 1, U' ' - 1}, {U' ' + 1, 0x9F}, {0xA1, kLastCodePoint}};
        default:
            return std::nullopt;
    }
}

class Parser {
public:
    explicit Parser(std::u32string text) : text_(std::move(text)) {}
    Result<PatternNode> whole();

private:
    Result<PatternNode> choice();
    Result<PatternNode> sequence();
    Result<PatternNode> atom();
    Result<PatternNode> group();
    Result<PatternNode> quantified(PatternNode operand);
    Result<PatternNode> counted(PatternNode operand);
    Result<CharacterClass> bracketed();
    Result<Ranges> class_member();
    Result<Ranges> escape();
    std::optional<std::size_t> number();

    [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
    [[nodiscard]] bool next_is(char32_t character) const {
        return !at_end() && text_[position_] == character;
    }
    bool skip(char32_t character) {
        const bool found = next_is(character);
        position_ += found ? 1 : 0;
        return found;
    }
    [[nodiscard]] Error mistake(std::string_view what) const {
        return invalid("", fmt::format("is not a pattern: {} at character {}", what, position_ + 1));
    }

    std::u32string text_;
    std::size_t position_ = 0;
    std::size_t groups_ = 0;
};

PatternNode character(Ranges ranges, bool negated = false) {
    PatternNode node;
    node.kind = Kind::character;
    node.characters = {std::move(ranges), negated};
    return node;
}

Result<PatternNode> Parser::whole() {
    auto tree = choice();
    if (tree.has_value() && !at_end()) {
        return mistake("\")\" without \"(\"");
    }
    return tree;
}

Result<PatternNode> Parser::choice() {
    PatternNode node;
    node.kind = Kind::choice;
    do {
        auto one = sequence();
        if (one.has_error()) {
            return one;
        }
        node.children.push_back(std::move(*one));
    } while (skip(U'|'));
    return node;
}

Result<PatternNode> Parser::sequence() {
    PatternNode node;
    while (!at_end() && !next_is(U'|') && !next_is(U')')) {
        auto one = atom();
        if (one.has_value()) {
            one = quantified(std::move(*one));
        }
        if (one.has_error()) {
            return one;
        }
        node.children.push_back(std::move(*one));
    }
    return node;
}

Result<PatternNode> Parser::atom() {
    PatternNode node;
    switch (const char32_t found = text_[position_]) {
        case U'^':
        case U'$':
            ++position_;
            node.kind = found == U'^' ? Kind::text_start : Kind::text_end;
            return node;
        case U'(':
            return group();
        case U'.':
            ++position_;
            return character({{U'\n', U'\n'}, {U'\r', U'\r'}}, true);
        case U'[': {
            auto characters = bracketed();
            if (characters.has_error()) {
                return characters.error();
            }
            return character(std::move(characters->ranges), characters->negated);
        }
        case U'\\': {
            auto ranges = escape();
            if (ranges.has_error()) {
                return ranges.error();
            }
            return character(std::move(*ranges));
        }
        case U'*':
        case U'+':
        case U'?':
        case U'{':
            return mistake("a quantifier with nothing to repeat");
        case U'}':
        case U']':
            return mistake("an unmatched bracket (write \\ before it)");
        default:
            ++position_;
            return character({{found, found}});
    }
}

Result<PatternNode> Parser::group() {
    ++position_;
    if (skip(U'?') && !skip(U':')) {
        return mistake("look-around and named groups are not supported");
    }
    if (groups_ == kMostGroups) {
        return mistake(fmt::format("more than {} groups within each other", kMostGroups));
    }
    ++groups_;
    auto inside = choice();
    --groups_;
    if (inside.has_value() && !skip(U')')) {
        return mistake("missing \")\"");
    }
    return inside;
}

Result<PatternNode> Parser::quantified(PatternNode operand) {
    PatternNode node;
    node.kind = Kind::repeat;
    if (skip(U'*')) {
        node.least = 0;
    } else if (skip(U'+')) {
        node.least = 1;
    } else if (skip(U'?')) {
        node.most = 1;
    } else if (next_is(U'{')) {
        return counted(std::move(operand));
    } else {
        return operand;
    }
    node.children.push_back(std::move(operand));
    if (next_is(U'?') || next_is(U'*') || next_is(U'+') || next_is(U'{')) {
        return mistake("a quantifier after a quantifier");
    }
    return node;
}

Result<PatternNode> Parser::counted(PatternNode operand) {
    ++position_;
    PatternNode node;
    node.kind = Kind::repeat;
    const auto least = number();
    const bool open = skip(U',');
    node.most = open ? number() : least;
    if (!least || !skip(U'}')) {
        return mistake("expected {n}, {n,} or {n,m}");
    }
    node.least = *least;
    if (node.least > kMostRepeats || node.most.value_or(0) > kMostRepeats) {
        return mistake(fmt::format("more than {} repeats", kMostRepeats));
    }
    if (node.most && *node.most < node.least) {
        return mistake("{n,m} with m below n");
    }
    node.children.push_back(std::move(operand));
    if (next_is(U'?') || next_is(U'*') || next_is(U'+') || next_is(U'{')) {
        return mistake("a quantifier after a quantifier");
    }
    return node;
}

std::optional<std::size_t> Parser::number() {
    std::optional<std::size_t> value;
    while (!at_end() && text_[position_] >= U'0' && text_[position_] <= U'9') {
        // Stays above the limit once it is there, and so never overflows.
        value = std::min(value.value_or(0) * 10 + (text_[position_] - U'0'), kMostRepeats + 1);
        ++position_;
    }
    return value;
}

Result<CharacterClass> Parser::bracketed() {
    ++position_;
    CharacterClass result;
    result.negated = skip(U'^');
    while (!skip(U']')) {
        auto first = class_member();
        if (first.has_error()) {
            return first.error();
        }
        const bool range = next_is(U'-') && position_ + 1 < text_.size() && text_[position_ + 1] != U']';
        if (range) {
            ++position_;
            const auto last = class_member();
            if (last.has_error()) {
                return last.error();
            }
            const auto single = [](const Ranges& ranges) {
                return ranges.size() == 1 && ranges[0].first == ranges[0].second;
            };
            if (!single(*first) || !single(*last) || first->front().first > last->front().first) {
                return mistake("a range that ends before it begins");
            }
            first->front().second = last->front().first;
        }
        result.ranges.insert(result.ranges.end(), first->begin(), first->end());
    }
    return result;
}

Result<Ranges> Parser::class_member() {
    if (at_end()) {
        return mistake("missing \"]\"");
    }
    if (next_is(U'\\')) {
        return escape();
    }
    const char32_t found = text_[position_++];
    return Ranges{{found, found}};
}

Result<Ranges> Parser::escape() {
    ++position_;
    if (at_end()) {
        return mistake("\"\\\" at the end");
    }
    const char32_t letter = text_[position_];
    if (auto ranges = class_of_letter(letter)) {
        ++position_;
        return *ranges;
    }
    constexpr std::pair<char32_t, char32_t> kControls[] = {
        {U't', U'\t'}, {U'n', U'\n'}, {U'r', U'\r'}, {U'f', U'\f'}, {U'v', U'\v'}};
    for (const auto& [name, meant] : kControls) {
        if (letter == name) {
            ++position_;
            return Ranges{{meant, meant}};
        }
    }
    constexpr std::u32string_view kPlain = U"^$\\.*+?()[]{}|/-";
    if (kPlain.find(letter) == std::u32string_view::npos) {
        return mistake("an escape that is not supported");
    }
    ++position_;
    return Ranges{{letter, letter}};
}

}  // namespace

bool CharacterClass::holds(char32_t character) const noexcept {
    const bool listed = std::ranges::any_of(ranges, [character](const auto& range) {
        return range.first <= character && character <= range.second;
    });
    return listed != negated;
}

std::u32string code_points(std::string_view text) {
    std::u32string result;
    for (std::size_t position = 0; position < text.size();) {
        const auto lead = static_cast<unsigned char>(text[position++]);
        const std::size_t more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        char32_t value = more == 0 ? lead : lead & (0x3FU >> more);
        std::size_t taken = 0;
        while (taken < more && position < text.size() &&
               (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U) {
            value = (value << 6U) | (static_cast<unsigned char>(text[position++]) & 0x3FU);
            ++taken;
        }
        const bool good = taken == more && (more > 0 || lead < 0x80) && value <= kLastCodePoint;
        result.push_back(good ? value : kReplacement);
    }
    return result;
}

Result<PatternNode> parse_pattern(std::string_view text) {
    return Parser(code_points(text)).whole();
}

}  // namespace muster::core
