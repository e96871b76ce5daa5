#include "config/yaml_text.hpp"

#include "protocol/utf8.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace muster::config {
namespace {

constexpr std::size_t kShownBytes = 60;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_continuation(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

bool is_control(char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == '\x7F';
}

// Bytes of the character at the front of `text`, if it is one: an ASCII byte, or
// any other with the continuation bytes after it.
std::string_view first_character(std::string_view text) {
    std::size_t length = 1;
    while (static_cast<unsigned char>(text[0]) >= 0x80 && length < std::min<std::size_t>(text.size(), 4) &&
           is_continuation(static_cast<unsigned char>(text[length]))) {
        ++length;
    }
    return text.substr(0, length);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::size_t take_digits(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count;
}

// [-+]? [0-9]+
bool is_decimal_integer(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    return take_digits(text) > 0 && text.empty();
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::size_t digits = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        digits += take_digits(text);
    }
    if (digits == 0) {
        return false;
    }
    return text.empty() ||
           ((text.front() == 'e' || text.front() == 'E') && is_decimal_integer(text.substr(1)));
}

bool is_prefixed_integer(std::string_view text, std::string_view prefix, std::string_view digits) {
    return text.size() > prefix.size() && text.starts_with(prefix) &&
           text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

Result<YamlNode::Value> read_integer(std::string_view text, std::string_view digits, int base) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return invalid("", fmt::format("{} is beyond the integers that 64 bits can hold", quoted(text)));
    }
    return YamlNode::Value(value);
}

Result<YamlNode::Value> read_number(std::string_view text) {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value)) {
        return invalid("", fmt::format("{} is beyond the numbers that 64 bits can hold", quoted(text)));
    }
    return YamlNode::Value(value);
}

// Only characters that mean nothing to YAML, whatever stands around them.
bool is_plain(std::string_view text) {
    constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-";
    if (text.empty() || text.find_first_not_of(kSafe) != std::string_view::npos) {
        return false;
    }
    return text.front() != '-' && text.front() != ':' && text.front() != '.' && text.back() != ':';
}

}  // namespace

std::optional<std::size_t> first_bad_byte(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view character = first_character(text.substr(at));
        if (is_control(character.front()) || !is_text(character)) {
            return at;
        }
        at += character.size();
    }
    return std::nullopt;
}

Result<YamlNode::Value> resolve_plain(std::string_view text) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
        return YamlNode::Value(nullptr);
    }
    if (is_one_of(text, {"true", "True", "TRUE"})) {
        return YamlNode::Value(true);
    }
    if (is_one_of(text, {"false", "False", "FALSE"})) {
        return YamlNode::Value(false);
    }
    const std::string_view unsigned_text =
        text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"})) {
        return invalid("", fmt::format("{} is not a number that JSON can carry", quoted(text)));
    }
    if (is_decimal_integer(text)) {
        return read_integer(text, text.starts_with('+') ? unsigned_text : text, 10);
    }
    if (is_prefixed_integer(text, "0o", "01234567")) {
        return read_integer(text, text.substr(2), 8);
    }
    if (is_prefixed_integer(text, "0x", "0123456789abcdefABCDEF")) {
        return read_integer(text, text.substr(2), 16);
    }
    return is_decimal_number(text) ? read_number(text) : YamlNode::Value(std::string(text));
}

std::string write_scalar(const boost::json::value& scalar) {
    if (const auto* text = scalar.if_string(); text != nullptr && is_plain(*text)) {
        const Result<YamlNode::Value> meaning = resolve_plain(*text);
        if (meaning && std::holds_alternative<std::string>(*meaning)) {
            return std::string(*text);
        }
    }
    // What JSON writes for a scalar is YAML too.
    return boost::json::serialize(scalar);
}

std::string quoted(std::string_view text) {
    if (text.size() <= kShownBytes) {
        return boost::json::serialize(boost::json::value(text));
    }
    std::size_t end = kShownBytes;
    while (end > 0 && is_continuation(static_cast<unsigned char>(text[end]))) {
        --end;
    }
    return boost::json::serialize(boost::json::value(fmt::format("{}…", text.substr(0, end))));
}

}  // namespace muster::config
