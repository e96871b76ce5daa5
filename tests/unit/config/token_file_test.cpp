#include "config/token_file.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace muster;
using namespace muster::config;

namespace {

const std::string kHash(64, 'a');

std::vector<std::string> mistakes(std::string_view text) {
    const auto tokens = parse_tokens(text, "tokens");
    std::vector<std::string> found;
    if (!tokens) {
        for (const auto& detail : tokens.error().details) {
            found.push_back(detail.field);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("tokens are random, and what recognises one does not give it away") {
    const auto token = new_token();
    CHECK(token.size() == 4 + 43);  // 32 bytes
    CHECK(token != new_token());
    CHECK(hash_of_token(token).size() == 64);
    CHECK(hash_of_token(token) == hash_of_token(token));
    CHECK(hash_of_token(token) != hash_of_token(token + "x"));
    // BLAKE2b-256 of "abc", as b2sum -l 256 prints it.
    CHECK(hash_of_token("abc") == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_CASE("a file of tokens reads as it was written, and only its owner and group may read it") {
    const muster::test::TempDir files;
    const auto path = (files / "tokens").string();
    const std::vector<Token> tokens{{"anna", Role::admin, "2026-11-23T04:00:00.000Z", kHash},
                                    {"ci", Role::operator_role, "2026-11-23T04:00:00.000Z", kHash}};
    REQUIRE(write_tokens(path, tokens).has_value());
    CHECK(read_tokens(path).value() == tokens);
    const auto mode = std::filesystem::status(path).permissions();
    CHECK((mode & std::filesystem::perms::others_all) == std::filesystem::perms::none);
    CHECK(read_tokens(path + ".none").error().code == ErrorCode::not_found);
    CHECK(write_tokens((files / "no/such/folder").string(), tokens).error().code == ErrorCode::unavailable);
}

TEST_CASE("every line of a file of tokens that is wrong is named") {
    CHECK(mistakes("# a comment\n\nanna admin now " + kHash + "\n").empty());
    CHECK(mistakes("anna admin now\n" + std::string("a/b admin now ") + kHash + "\nbob king now " + kHash +
                   "\ncarl admin now 12\neve admin now " + kHash + " more\n") ==
          std::vector<std::string>{"tokens:1", "tokens:2", "tokens:3", "tokens:4", "tokens:5"});
    CHECK(mistakes("anna admin now " + kHash + "\nanna viewer now " + kHash + "\n") ==
          std::vector<std::string>{"tokens:2"});
}
