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

TEST_CASE("characters are taken one by one, and bytes that are none stand for one each") {
    std::string_view rest("a\xC3\xA6\xE2\x82\xAC\xF0\x9F\x98\x80\xFF\xC3", 12);
    std::u32string taken;
    while (!rest.empty()) {
        taken += muster::take_character(rest);
    }
    CHECK(taken == U"a\u00e6\u20ac\U0001F600\uFFFD\uFFFD");
    std::string_view nul("\0", 1);
    CHECK(muster::take_character(nul) == 0);
    CHECK(nul.empty());
    std::string_view overlong("\xC0\xAF");
    CHECK(muster::take_character(overlong) == muster::kReplacementCharacter);
    CHECK(overlong.size() == 1);
}

TEST_CASE("what a terminal obeys, and what hides or reorders text, is unprintable") {
    for (const char32_t character : U"\n\x1b\x7f\u0080\u009b\u202e\u200b\u2066\ufeff") {
        CHECK(muster::is_unprintable(character));  // the NUL at the end too
    }
    for (const char32_t character : {U' ', U'a', U'\u00a0', U'\u00e6', U'\u4e00', U'\U0001F600'}) {
        CHECK_FALSE(muster::is_unprintable(character));
    }
}
