// Boost.JSON's adapter: what it would let through and muster does not is
// refused here.
#include "protocol/codec.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <utility>

namespace muster {
namespace {

namespace json = boost::json;
using ErrorOut = boost::system::error_code;

// The events of Boost's parser, built into a value unless one of them is refused.
class Builder {
public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    explicit Builder(json::storage_ptr storage)
        : stack_({}, scratch_.data(), scratch_.size()), storage_(std::move(storage)) {}

    bool on_document_begin(ErrorOut&) {
        stack_.reset(storage_);
        return true;
    }
    bool on_document_end(ErrorOut&) { return true; }
    bool on_object_begin(ErrorOut&) { return true; }
    bool on_object_end(std::size_t members, ErrorOut&) {
        members_ += members;
        stack_.push_object(members);
        return true;
    }
    bool on_array_begin(ErrorOut&) { return true; }
    bool on_array_end(std::size_t elements, ErrorOut&) {
        stack_.push_array(elements);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, ErrorOut& error) {
        stack_.push_chars(part);
        return without_nul(part, error);
    }
    bool on_key(json::string_view part, std::size_t, ErrorOut& error) {
        stack_.push_key(part);
        return without_nul(part, error);
    }
    bool on_string_part(json::string_view part, std::size_t, ErrorOut& error) {
        stack_.push_chars(part);
        return without_nul(part, error);
    }
    bool on_string(json::string_view part, std::size_t, ErrorOut& error) {
        stack_.push_string(part);
        return without_nul(part, error);
    }
    bool on_number_part(json::string_view, ErrorOut&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, ErrorOut&) {
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, ErrorOut&) {
        stack_.push_uint64(number);
        return true;
    }
    // Boost's own number may be off in its last digit, so the text is read anew;
    // it is whole, since the parser gets the document in one piece.
    bool on_double(double number, json::string_view text, ErrorOut& error) {
        std::from_chars(text.data(), text.data() + text.size(), number);
        stack_.push_double(number);
        return std::isfinite(number) || refuse("a number that is too large", error);
    }
    bool on_bool(bool value, ErrorOut&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(ErrorOut&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, ErrorOut&) { return true; }
    bool on_comment(json::string_view, ErrorOut&) { return true; }

    // Members read, the repeated ones too.
    [[nodiscard]] std::size_t members() const { return members_; }
    // Why an event was refused; null when the parser itself refused.
    [[nodiscard]] const char* refusal() const { return refusal_; }
    [[nodiscard]] json::value release() { return stack_.release(); }

private:
    bool refuse(const char* what, ErrorOut& error) {
        refusal_ = what;
        error = json::make_error_code(json::error::syntax);
        return false;
    }
    bool without_nul(json::string_view part, ErrorOut& error) {
        return part.find('\0') == json::string_view::npos || refuse("NUL inside a string", error);
    }

    std::array<unsigned char, 1024> scratch_;  // enough for an ack without the heap
    json::value_stack stack_;
    json::storage_ptr storage_;  // of the value
    std::size_t members_ = 0;
    const char* refusal_ = nullptr;
};

std::size_t count_members(const json::value& value) {
    std::size_t count = 0;
    if (const json::object* object = value.if_object()) {
        count = object->size();
        for (const auto& member : *object) {
            count += count_members(member.value());
        }
    } else if (const json::array* array = value.if_array()) {
        for (const json::value& element : *array) {
            count += count_members(element);
        }
    }
    return count;
}

Error refused(std::string_view why) {
    return make_error(ErrorCode::invalid, fmt::format("not acceptable JSON: {}", why));
}

Result<json::value> parse(std::string_view bytes, std::size_t depth, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = depth;
    json::basic_parser<Builder> parser(options, std::move(storage));
    ErrorOut error;
    const std::size_t read = parser.write_some(false, bytes.data(), bytes.size(), error);
    if (!error && read < bytes.size()) {
        error = json::make_error_code(json::error::extra_data);
    }
    Builder& builder = parser.handler();
    if (error == json::error::too_deep) {
        return make_error(ErrorCode::too_large, fmt::format("JSON nested deeper than {}", depth));
    }
    if (error) {
        const std::string why = builder.refusal() != nullptr ? builder.refusal() : error.message();
        return refused(fmt::format("{} at byte {}", why, read + 1));
    }
    json::value value = builder.release();
    // Of members with the same key only the last is in the tree.
    if (count_members(value) != builder.members()) {
        return refused("an object with the same key twice");
    }
    return value;
}

void write(std::string& out, const json::value& value);

// Most texts are as they are written; what is not, Boost writes.
void write(std::string& out, std::string_view text) {
    const auto is_plain = [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
    };
    if (std::all_of(text.begin(), text.end(), is_plain)) {
        out.append(1, '"').append(text).append(1, '"');
    } else {
        out += json::serialize(json::string_view(text));
    }
}

template <std::integral Number>
void write(std::string& out, Number number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

void write(std::string& out, const json::object& object) {
    char separator = '{';
    for (const auto& member : object) {
        out += separator;
        write(out, std::string_view(member.key()));
        out += ':';
        write(out, member.value());
        separator = ',';
    }
    out += object.empty() ? "{}" : "}";
}

void write(std::string& out, const json::array& array) {
    char separator = '[';
    for (const json::value& element : array) {
        out += separator;
        write(out, element);
        separator = ',';
    }
    out += array.empty() ? "[]" : "]";
}

void write(std::string& out, double number) {
    std::array<char, 32> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    const std::string_view written(text.data(), static_cast<std::size_t>(end - text.data()));
    out += written;
    // So that it is read back as a double.
    out += written.find_first_of(".e") == std::string_view::npos ? ".0" : "";
}

void write(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::object:
            return write(out, value.get_object());
        case json::kind::array:
            return write(out, value.get_array());
        case json::kind::double_:
            return write(out, value.get_double());
        case json::kind::string:
            return write(out, std::string_view(value.get_string()));
        case json::kind::int64:
            return write(out, value.get_int64());
        case json::kind::uint64:
            return write(out, value.get_uint64());
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::null:
            out += "null";
            return;
    }
}

}  // namespace

Result<json::value> parse_json(std::string_view bytes, std::size_t most_bytes, std::size_t depth,
                               json::storage_ptr storage) {
    if (bytes.size() > most_bytes) {
        return make_error(ErrorCode::too_large,
                          fmt::format("{} bytes; at most {} are allowed", bytes.size(), most_bytes));
    }
    try {
        return parse(bytes, depth, std::move(storage));
    } catch (const std::exception& error) {
        return make_error(ErrorCode::unavailable, fmt::format("JSON could not be held: {}", error.what()));
    }
}

std::string format_json(const json::value& value) {
    std::string out;
    write(out, value);
    return out;
}

void append_json(std::string& out, const json::value& value) {
    write(out, value);
}

std::string format_json(const json::object& object) {
    std::string out;
    write(out, object);
    return out;
}

}  // namespace muster
