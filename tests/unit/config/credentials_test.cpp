#include "config/credentials.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

namespace muster::config {
namespace {

DaemonOptions with_password(std::string file) {
    DaemonOptions options;
    options.broker.user = "muster";
    options.broker.password_file = std::move(file);
    return options;
}

}  // namespace

TEST_CASE("a credential is told from a path, and held to names that systemd takes") {
    CHECK(credential_name("credential:broker.password") == "broker.password");
    CHECK(credential_name("/etc/muster/credential:x") == std::nullopt);
    CHECK(credential_name("") == std::nullopt);
    for (const auto* const good : {"a", "broker.password", "key-1_b@c"}) {
        CHECK_MESSAGE(is_credential_name(good), good);
    }
    for (const auto& bad : {std::string(), std::string("."), std::string(".."), std::string("a/b"),
                            std::string("a:b"), std::string("a b"), std::string(256, 'a')}) {
        CHECK_MESSAGE(!is_credential_name(bad), bad);
    }
}

TEST_CASE("every key of a file takes a credential, and a name that is none is refused with its place") {
    const auto read = parse_options("broker:\n  user: a\n  password_file: credential:../x\n", "m.yaml", {});
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().details.size() == 1);
    CHECK(read.error().details[0].field == "m.yaml:3:3");
    CHECK(read.error().details[0].message.find("does not name a credential") != std::string::npos);
    CHECK(parse_options("", "", {"broker.user_file=credential:"}).error().details.size() == 1);
}

TEST_CASE("a credential becomes the path of its file; what is a path stays") {
    const test::TempDir directory;
    test::write_file(directory / "password", "secret");
    test::write_file(directory / "http.key", "key");
    auto options = with_password("credential:password");
    options.http.key_file = "credential:http.key";
    options.http.certificate_file = "/etc/muster/http.pem";
    const auto resolved = with_credentials(options, directory.path().c_str());
    REQUIRE(resolved.has_value());
    CHECK(resolved->broker.password_file == (directory / "password").string());
    CHECK(resolved->http.key_file == (directory / "http.key").string());
    CHECK(resolved->http.certificate_file == "/etc/muster/http.pem");
    CHECK(resolved->broker.user == "muster");
}

TEST_CASE("credentials that are not there are refused, all of them, with what the unit has to say") {
    const test::TempDir directory;
    auto options = with_password("credential:password");
    options.http.tokens_file = "credential:tokens";
    for (const char* const folder : {static_cast<const char*>(nullptr), "", directory.path().c_str()}) {
        const auto refused = with_credentials(options, folder);
        REQUIRE_FALSE(refused.has_value());
        REQUIRE(refused.error().details.size() == 2);
        CHECK(refused.error().details[0].field == "broker.password_file");
        CHECK(refused.error().details[0].message.find("LoadCredential=password:") != std::string::npos);
        CHECK(refused.error().details[1].field == "http.tokens_file");
    }
    CHECK(with_credentials(with_password("/etc/muster/password"), nullptr).has_value());
}

}  // namespace muster::config
