#include "daemon/mqtt/link_options.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace muster;
using namespace muster::mqtt;

namespace {

bool names(const Error& error, std::string_view field) {
    return std::ranges::any_of(error.details,
                               [&](const ErrorDetail& detail) { return detail.field == field; });
}

}  // namespace

TEST_CASE("the defaults are in order, and give the address") {
    const auto urls = check(LinkOptions{});
    REQUIRE(urls.has_value());
    REQUIRE(urls->size() == 1);
    CHECK(to_string(urls->front()) == "mqtt://127.0.0.1:1883");
}

TEST_CASE("every broken rule is named, all at once") {
    LinkOptions options;
    options.brokers = {"mqtt://good", "bad"};
    options.password = "secret";
    options.tls.ca_file = "/no/such/file.pem";
    options.tls.key_file = "/no/such/file.key";
    options.keep_alive = std::chrono::seconds(0);
    options.connect_timeout = std::chrono::seconds(0);
    options.reconnect_least = options.reconnect_most + std::chrono::milliseconds(1);
    options.window = 0;
    options.subscriptions = {{"", 0}, {"a", 3}};
    options.will = Publication{};
    options.birth = Publication{};
    options.birth->topic = "a";
    options.birth->qos = 3;
    const auto urls = check(options);
    REQUIRE(urls.has_error());
    for (const auto* field :
         {"brokers", "password", "tls.ca_file", "tls.key_file", "keep_alive", "connect_timeout",
          "reconnect_least", "window", "subscriptions", "will", "birth"}) {
        CAPTURE(field);
        CHECK(names(urls.error(), field));
    }
}

TEST_CASE("no broker is an error") {
    LinkOptions options;
    options.brokers.clear();
    REQUIRE(check(options).has_error());
}
