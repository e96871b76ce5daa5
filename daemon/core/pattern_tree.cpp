#include "daemon/core/pattern_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

PatternNode character(Ranges ranges, bool negated = false) {
    PatternNode node;
    node.kind = Kind::character;
    node.characters = {std::move(ranges), negated};
    return node;
}

// Recursive descent. The first mistake is kept and ends the text, so that
// everything returns.
class Parser {
public:
    explicit Parser(std::u32string text) : text_(std::move(text)) {}

    PatternNode whole();
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    PatternNode choice();
    PatternNode sequence();
    PatternNode atom();
    PatternNode anchor();
    PatternNode group();
    PatternNode quantified(PatternNode operand);
    void counts(PatternNode& repeat);
    std::optional<std::size_t> number();
    PatternNode bracketed();
    Ranges class_range();
    Ranges class_member();
    Ranges escape();

    [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
    [[nodiscard]] bool next_is(char32_t character) const {
        return !at_end() && text_[position_] == character;
    }
    [[nodiscard]] bool next_is_one_of(std::u32string_view characters) const {
        return !at_end() && characters.find(text_[position_]) != std::u32string_view::npos;
    }
    bool skip(char32_t character) {
        const bool found = next_is(character);
        position_ += found ? 1 : 0;
        return found;
    }
    void mistake(std::string_view what) {
        if (!error_) {
            error_ = invalid("", fmt::format("is not a pattern: {} at character {}", what, position_ + 1));
        }
        position_ = text_.size();
    }

    std::u32string text_;
    std::size_t position_ = 0;
    std::size_t groups_ = 0;
    std::optional<Error> error_;
};

PatternNode Parser::whole() {
    PatternNode tree = choice();
    if (!at_end()) {
        mistake("\")\" without \"(\"");
    }
    return tree;
}

PatternNode Parser::choice() {
    PatternNode node;
    node.kind = Kind::choice;
    do {
        node.children.push_back(sequence());
    } while (skip(U'|'));
    return node;
}

PatternNode Parser::sequence() {
    PatternNode node;
    while (!at_end() && !next_is_one_of(U"|)")) {
        node.children.push_back(quantified(atom()));
    }
    return node;
}

PatternNode Parser::atom() {
    if (next_is_one_of(U"^$")) {
        return anchor();
    }
    if (next_is(U'(')) {
        return group();
    }
    if (next_is(U'[')) {
        return bracketed();
    }
    if (next_is(U'\\')) {
        return character(escape());
    }
    if (next_is_one_of(U"*+?{")) {
        mistake("a quantifier with nothing to repeat");
        return {};
    }
    if (next_is_one_of(U"]}")) {
        mistake("an unmatched bracket (write \\ before it)");
        return {};
    }
    if (skip(U'.')) {
        return character({{U'\n', U'\n'}, {U'\r', U'\r'}, {U'\u2028', U'\u2029'}}, true);
    }
    const char32_t plain = text_[position_++];
    return character({{plain, plain}});
}

PatternNode Parser::anchor() {
    PatternNode node;
    node.kind = text_[position_++] == U'^' ? Kind::text_start : Kind::text_end;
    return node;
}

PatternNode Parser::group() {
    ++position_;
    if (skip(U'?') && !skip(U':')) {
        mistake("look-around and named groups are not supported");
    }
    if (groups_ == kMostGroups) {
        mistake(fmt::format("more than {} groups within each other", kMostGroups));
    }
    ++groups_;
    PatternNode inside = choice();
    --groups_;
    if (!skip(U')')) {
        mistake("missing \")\"");
    }
    return inside;
}

PatternNode Parser::quantified(PatternNode operand) {
    if (!next_is_one_of(U"*+?{")) {
        return operand;
    }
    PatternNode node;
    node.kind = Kind::repeat;
    switch (text_[position_++]) {
        case U'*':
            break;
        case U'+':
            node.least = 1;
            break;
        case U'?':
            node.most = 1;
            break;
        default:
            counts(node);
    }
    node.children.push_back(std::move(operand));
    if (next_is_one_of(U"*+?{")) {
        mistake("a quantifier after a quantifier");
    }
    return node;
}

void Parser::counts(PatternNode& repeat) {
    const auto least = number();
    repeat.most = skip(U',') ? number() : least;
    if (!least || !skip(U'}')) {
        return mistake("expected {n}, {n,} or {n,m}");
    }
    repeat.least = *least;
    if (std::max(repeat.least, repeat.most.value_or(0)) > kMostRepeats) {
        return mistake(fmt::format("more than {} repeats", kMostRepeats));
    }
    if (repeat.most.value_or(repeat.least) < repeat.least) {
        mistake("{n,m} with m below n");
    }
}

std::optional<std::size_t> Parser::number() {
    std::optional<std::size_t> value;
    while (next_is_one_of(U"0123456789")) {
        // Stays above the limit once it is there, and so never overflows.
        value = std::min(value.value_or(0) * 10 + (text_[position_] - U'0'), kMostRepeats + 1);
        ++position_;
    }
    return value;
}

PatternNode Parser::bracketed() {
    ++position_;
    const bool negated = skip(U'^');
    Ranges ranges;
    while (!at_end() && !next_is(U']')) {
        const Ranges more = class_range();
        ranges.insert(ranges.end(), more.begin(), more.end());
    }
    if (!skip(U']')) {
        mistake("missing \"]\"");
    }
    return character(std::move(ranges), negated);
}

// "a", "a-z" or "\d". A "-" at an end of the brackets is itself.
Ranges Parser::class_range() {
    Ranges first = class_member();
    const bool range = next_is(U'-') && position_ + 1 < text_.size() && text_[position_ + 1] != U']';
    if (!range) {
        return first;
    }
    ++position_;
    const Ranges last = class_member();
    const auto single = [](const Ranges& ranges) {
        return ranges.size() == 1 && ranges.front().first == ranges.front().second;
    };
    if (!single(first) || !single(last) || first.front().first > last.front().first) {
        mistake("a range that ends before it begins");
        return {};
    }
    return {{first.front().first, last.front().first}};
}

Ranges Parser::class_member() {
    if (next_is(U'\\')) {
        return escape();
    }
    const char32_t plain = text_[position_++];
    return {{plain, plain}};
}

Ranges Parser::escape() {
    constexpr std::u32string_view kPlain = U"^$\\.*+?()[]{}|/-";
    constexpr std::pair<char32_t, char32_t> kControls[] = {
        {U't', U'\t'}, {U'n', U'\n'}, {U'r', U'\r'}, {U'f', U'\f'}, {U'v', U'\v'}};
    ++position_;
    if (next_is_one_of(kPlain)) {
        const char32_t plain = text_[position_++];
        return {{plain, plain}};
    }
    for (const auto& [letter, control] : kControls) {
        if (skip(letter)) {
            return {{control, control}};
        }
    }
    if (at_end()) {
        mistake("\"\\\" with nothing after it");
        return {};
    }
    if (auto ranges = class_of_letter(text_[position_])) {
        ++position_;
        return std::move(*ranges);
    }
    mistake("an escape that is not supported");
    return {};
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
    Parser parser(code_points(text));
    PatternNode tree = parser.whole();
    if (parser.error()) {
        return *parser.error();
    }
    return tree;
}

}  // namespace muster::core
