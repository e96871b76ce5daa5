#include "config/option_warnings.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace muster;
using namespace muster::config;

namespace {

using Keys = std::vector<std::string>;

// Nothing to say of it.
DaemonOptions careful() {
    DaemonOptions options;
    options.broker.user = "musterd";
    options.roles.emplace("anna", Role::admin);
    return options;
}

Keys keys(const DaemonOptions& options) {
    Keys found;
    for (const auto& warning : warnings(options)) {
        CHECK_FALSE(warning.message.empty());
        CHECK_FALSE(warning.fix.empty());
        found.push_back(warning.key);
    }
    return found;
}

}  // namespace

TEST_CASE("a careful configuration has no warning, the defaults have those of an open broker") {
    CHECK(keys(careful()).empty());
    CHECK(keys(DaemonOptions{}) == Keys{"roles", "broker.client_id"});
}

TEST_CASE("roles for everybody, or for nobody") {
    auto options = careful();
    options.default_role = Role::viewer;
    CHECK(keys(options) == Keys{"default_role"});
    options = careful();
    options.roles.clear();
    CHECK(keys(options) == Keys{"roles"});
}

TEST_CASE("secrets that others may read") {
    const test::TempDir files;
    auto options = careful();
    options.broker.password_file = (files / "password").string();
    test::write_file(files / "password", "secret\n");
    std::filesystem::permissions(files / "password", std::filesystem::perms(0644));
    CHECK(keys(options) == Keys{"broker.password_file"});
    CHECK(warnings(options).front().fix == "Take it from others:\nchmod o= " + options.broker.password_file);
    std::filesystem::permissions(files / "password", std::filesystem::perms(0640));
    CHECK(keys(options).empty());
}

TEST_CASE("a broker elsewhere without TLS, and one where musterd is nobody") {
    auto options = careful();
    for (const auto* here :
         {"mqtt://localhost", "mqtt://127.0.0.2:1884", "mqtt://[::1]:1883", "mqtts://gateway.example"}) {
        CAPTURE(here);
        options.broker.urls = {here};
        CHECK(keys(options).empty());
    }
    options.broker.urls = {"mqtt://gateway.example", "mqtts://gateway.example"};
    CHECK(keys(options) == Keys{"broker.urls"});
    options = careful();
    options.broker.user.clear();
    CHECK(keys(options) == Keys{"broker.client_id"});
    options.broker.certificate_file = "musterd.pem";
    CHECK(keys(options).empty());
}

TEST_CASE("HTTP on the network") {
    auto options = careful();
    options.http.metrics = MetricsAccess::everyone;
    CHECK(keys(options).empty());
    options.http.listen = "0.0.0.0:8620";
    CHECK(keys(options) == Keys{"http.listen", "http.metrics"});
    options.http.certificate_file = "http.pem";
    CHECK(keys(options) == Keys{"http.metrics"});
    options.http.listen.clear();
    CHECK(keys(options).empty());
    options.http.tokens_file = "/nowhere/tokens";
    CHECK(keys(options) == Keys{"http.tokens_file"});
}
