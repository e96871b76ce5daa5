#include "protocol/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using muster::is_text;

namespace {

// Encodes any number as if it were a code point, also those that are none.
std::string encoded(unsigned point, int length) {
    if (length == 1) {
        return {static_cast<char>(point)};
    }
    std::string bytes(static_cast<std::size_t>(length), '\0');
    for (int i = length - 1; i > 0; --i) {
        bytes[static_cast<std::size_t>(i)] = static_cast<char>(0x80 | (point & 0x3F));
        point >>= 6;
    }
    const unsigned lead = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0;
    bytes[0] = static_cast<char>(lead | point);
    return bytes;
}

int shortest(unsigned point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

}  // namespace

TEST_CASE("every code point but NUL and the surrogates is text, in its shortest form only") {
    for (unsigned point = 0; point < 0x120000; ++point) {
        const bool allowed = point != 0 && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        for (int length = shortest(point); length <= 4; ++length) {
            if (is_text(encoded(point, length)) != (allowed && length == shortest(point))) {
                FAIL("code point " << point << " in " << length << " bytes");
            }
        }
    }
}

TEST_CASE("cut and stray sequences are not text") {
    CHECK(is_text(""));
    CHECK(is_text("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"));
    for (const char* bytes :
         {"\x80", "\xC3", "\xC3(", "\xE2\x82", "\xE2(\xAC", "\xF0\x9F\x98", "\xFE", "\xFF", "a\xBF"}) {
        CHECK(!is_text(bytes));
    }
    CHECK(!is_text(std::string("a\0b", 3)));
}
