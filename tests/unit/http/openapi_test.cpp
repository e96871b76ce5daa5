// The contract and the router say the same.
#include "daemon/api/api.hpp"
#include "daemon/http/contract.hpp"
#include "daemon/http/routes.hpp"
#include "tests/support/contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace muster;
using namespace muster::http;

namespace {

std::string name_of(const Route& route) {
    return std::string(to_string(route.method)) + " " + std::string(route.path);
}

}  // namespace

TEST_CASE("openapi.yaml has every route, and nothing else") {
    const test::Contract contract(http::contract());
    std::set<std::string> names;
    for (const auto& route : routes()) {
        CHECK(names.insert(name_of(route)).second);
    }
    CHECK(names == contract.operations());
}

TEST_CASE("openapi.yaml names the members of each path, and the headers that count") {
    const test::Contract contract(http::contract());
    for (const auto& route : routes()) {
        const auto name = name_of(route);
        CAPTURE(name);
        std::set<std::string> in_path;
        for (auto at = route.path.find('{'); at != std::string_view::npos;
             at = route.path.find('{', at + 1)) {
            in_path.insert(std::string(route.path.substr(at + 1, route.path.find('}', at) - at - 1)));
        }
        CHECK(contract.parameters(name, "path") == in_path);
        const auto headers = contract.parameters(name, "header");
        CHECK(headers.contains("Idempotency-Key") == route.repeatable);
        const bool conditional =
            !route.version.empty() && route.method != Method::get && route.success != 201;
        CHECK(headers.contains("If-Match") == conditional);
        CHECK(headers.contains("If-None-Match") == route.may_create);
    }
}

TEST_CASE("every route leads to a verb that there is, and every verb has one") {
    std::set<std::string_view> reached;
    for (const auto& route : routes()) {
        CAPTURE(name_of(route));
        if (!route.verb.empty()) {
            CHECK(std::ranges::count(api::verbs(), route.verb, &api::Verb::name) == 1);
            reached.insert(route.verb);
        }
    }
    for (const auto& verb : api::verbs()) {
        CAPTURE(verb.name);
        // Who comes over HTTP has a token already.
        CHECK(reached.contains(verb.name) == (verb.name != "console/open"));
    }
}
