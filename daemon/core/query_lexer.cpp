#include "daemon/core/query_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <utility>

namespace muster::core {
namespace json = boost::json;
namespace {

using Kind = QueryToken::Kind;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// `code` is neither a surrogate nor 0.
void append_utf8(std::string& result, std::uint32_t code) {
    if (code < 0x80) {
        result += static_cast<char>(code);
    } else if (code < 0x800) {
        result += static_cast<char>(0xC0U | (code >> 6U));
        result += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        result += static_cast<char>(0xE0U | (code >> 12U));
        result += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        result += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

// A whole number is int64 however it was written, so that 2, 2.0 and 2e0 are
// one literal. Not a number: null.
json::value number_value(std::string_view text) {
    std::int64_t whole = 0;
    const char* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole);
        read.ec == std::errc() && read.ptr == end) {
        return whole;
    }
    constexpr double kExact = 9007199254740992.0;  // 2^53: whole doubles are exact up to here
    double number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) {
        return nullptr;
    }
    if (std::trunc(number) == number && std::abs(number) <= kExact) {
        return static_cast<std::int64_t>(number);
    }
    return number;
}

}  // namespace

QueryToken QueryLexer::next() {
    while (is_space(at(position_))) {
        ++position_;
    }
    if (position_ >= text_.size()) {
        return token(Kind::end, text_.size());
    }
    const char first = at(position_);
    if (begins_word(first)) {
        return word();
    }
    if (is_digit(first) || (first == '-' && is_digit(at(position_ + 1)))) {
        return number();
    }
    return first == '"' || first == '\'' ? quoted_text() : symbol();
}

QueryToken QueryLexer::word() {
    const std::size_t begin = position_;
    while (begins_word(at(position_)) || is_digit(at(position_))) {
        ++position_;
    }
    return token(Kind::word, begin);
}

QueryToken QueryLexer::symbol() {
    constexpr std::string_view kSymbols[] = {"&&", "||", "==", "!=", "<=", ">=", "<", ">",
                                             "!",  "(",  ")",  "[",  "]",  ",",  "."};
    const std::size_t begin = position_;
    const std::string_view rest = text_.substr(begin);
    const auto* found =
        std::ranges::find_if(kSymbols, [rest](std::string_view symbol) { return rest.starts_with(symbol); });
    if (found != std::end(kSymbols)) {
        position_ += found->size();
        return token(Kind::symbol, begin);
    }
    // One whole character, so that a message never shows half of one.
    do {
        ++position_;
    } while ((static_cast<unsigned char>(at(position_)) & 0xC0U) == 0x80U);
    return token(Kind::wrong, begin);
}

QueryToken QueryLexer::number() {
    const std::size_t begin = position_;
    const auto digits = [this] {
        while (is_digit(at(position_))) {
            ++position_;
        }
    };
    if (at(position_) == '-') {
        ++position_;
    }
    const bool leading_zero = at(position_) == '0' && is_digit(at(position_ + 1));
    digits();
    if (at(position_) == '.' && is_digit(at(position_ + 1))) {
        ++position_;
        digits();
    }
    if (at(position_) == 'e' || at(position_) == 'E') {
        const bool sign = at(position_ + 1) == '+' || at(position_ + 1) == '-';
        position_ += sign ? 2 : 1;
        digits();
    }
    if (begins_word(at(position_)) || leading_zero) {
        return wrong(begin, "found a number that is not written as JSON writes it");
    }
    QueryToken result = token(Kind::number, begin);
    result.value = number_value(result.source);
    return result.value.is_null() ? wrong(begin, "found a number that is too large or too small") : result;
}

QueryToken QueryLexer::quoted_text() {
    const std::size_t begin = position_;
    const char quote = at(position_++);
    std::string value;
    while (position_ < text_.size() && at(position_) != quote) {
        if (at(position_) != '\\') {
            value += at(position_++);
        } else if (!escape(value)) {
            return wrong(position_, "found an escape other than \\\" \\' \\\\ \\n \\r \\t \\uXXXX");
        }
    }
    if (position_ >= text_.size()) {
        return wrong(begin, "found text without a closing quote");
    }
    ++position_;
    QueryToken result = token(Kind::text, begin);
    result.value = std::move(value);
    return result;
}

bool QueryLexer::escape(std::string& result) {
    constexpr std::pair<char, char> kEscapes[] = {{'"', '"'},  {'\'', '\''}, {'\\', '\\'},
                                                  {'n', '\n'}, {'r', '\r'},  {'t', '\t'}};
    const char letter = at(position_ + 1);
    for (const auto& [name, meant] : kEscapes) {
        if (letter == name) {
            result += meant;
            position_ += 2;
            return true;
        }
    }
    const std::string_view digits = text_.substr(std::min(position_ + 2, text_.size()), 4);
    std::uint32_t code = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, code, 16);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (letter != 'u' || digits.size() != 4 || read.ec != std::errc() || read.ptr != end || code == 0 ||
        surrogate) {
        return false;
    }
    append_utf8(result, code);
    position_ += 6;
    return true;
}

QueryToken QueryLexer::token(Kind kind, std::size_t begin) const {
    return {kind, text_.substr(begin, position_ - begin), begin + 1, {}, {}};
}

QueryToken QueryLexer::wrong(std::size_t begin, std::string problem) const {
    QueryToken result = token(Kind::wrong, begin);
    result.problem = std::move(problem);
    return result;
}

}  // namespace muster::core
