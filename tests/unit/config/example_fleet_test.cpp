// The example that the demo applies: it is read, and the parts that can be
// checked without a gateway fit together.
#include "config/daemon_options.hpp"
#include "config/documents.hpp"
#include "daemon/core/query.hpp"
#include "daemon/core/template.hpp"
#include "tests/unit/config/mistakes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace muster::config;
using muster::core::Template;
using muster::test::Lines;

namespace {

const std::filesystem::path kFleet = std::filesystem::path(MUSTER_SOURCE_DIRECTORY) / "config/example-fleet";

std::vector<Document> example_documents() {
    std::vector<Document> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kFleet)) {
        if (entry.path().extension() == ".yaml" && entry.path().filename() != "musterd.demo.yaml") {
            auto documents = read_documents(entry.path().string());
            CAPTURE(entry.path());
            REQUIRE(muster::test::mistakes(documents) == Lines{});
            for (Document& document : documents.value()) {
                all.push_back(std::move(document));
            }
        }
    }
    return all;
}

std::map<std::string, Template> example_templates() {
    std::map<std::string, Template> templates;
    for (const Document& document : example_documents()) {
        if (document.kind == DocumentKind::device_template) {
            auto parsed = Template::parse(document.body);
            CAPTURE(document.source);
            REQUIRE(muster::test::mistakes(parsed) == Lines{});
            templates.emplace(document.name, std::move(parsed).value());
        }
    }
    return templates;
}

std::set<std::string> names(DocumentKind kind) {
    std::set<std::string> found;
    for (const Document& document : example_documents()) {
        if (document.kind == kind) {
            found.insert(document.name);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the example fleet has its templates, sets, devices and its job") {
    CHECK(names(DocumentKind::device_template) ==
          std::set<std::string>{"coffee-machine", "edge-gateway", "refrigerator"});
    CHECK(names(DocumentKind::device_set) == std::set<std::string>{"coffee-machines", "gateways",
                                                                   "old-firmware", "oslo-refrigerators",
                                                                   "refrigerators"});
    CHECK(names(DocumentKind::device) ==
          std::set<std::string>{"depot-fridge-1", "depot-fridge-2", "gateway-oslo"});
    CHECK(names(DocumentKind::job) == std::set<std::string>{"Fan speed 3"});
}

TEST_CASE("the templates of the example fleet are templates") {
    const auto templates = example_templates();
    const Template& refrigerator = templates.at("refrigerator");
    CHECK(refrigerator.settings.at("fanSpeed").schema.check(5, "value").has_value());
    CHECK(refrigerator.settings.at("fanSpeed").schema.check(6, "value").has_error());
    CHECK(refrigerator.settings.at("targetTemperature").schema.check(-25, "value").has_value());
    CHECK(refrigerator.settings.at("targetTemperature").schema.check(8.5, "value").has_error());
    // Quoted in the file: to older readers of YAML, a bare off is false.
    CHECK(refrigerator.settings.at("light").schema.check("off", "value").has_value());
    CHECK(refrigerator.settings.at("light").schema.check(false, "value").has_error());
    CHECK(refrigerator.properties.at("location").kept == muster::core::PropertyKept::gateway);
    CHECK(refrigerator.properties.at("owner").kept == muster::core::PropertyKept::gateway);
    CHECK(refrigerator.properties.at("assetTag").kept == muster::core::PropertyKept::device);
    CHECK(refrigerator.properties.at("serial").kept == muster::core::PropertyKept::read_only);
    CHECK(refrigerator.commands.size() == 3);
    CHECK(!refrigerator.gateway);
    CHECK(templates.at("edge-gateway").gateway);
    CHECK(!templates.at("coffee-machine").gateway);
}

TEST_CASE("what the example fleet names is in it") {
    const auto templates = example_templates();
    const auto sets = names(DocumentKind::device_set);
    for (const Document& document : example_documents()) {
        CAPTURE(document.name);
        if (document.kind == DocumentKind::device || document.kind == DocumentKind::device_set) {
            CHECK(templates.contains(std::string(document.body.at("template").as_string())));
        }
        if (document.kind == DocumentKind::job) {
            CHECK(sets.contains(std::string(document.body.at("set").as_string())));
        }
    }
}

TEST_CASE("no set of the example fleet is broken") {
    const auto templates = example_templates();
    for (const Document& document : example_documents()) {
        if (document.kind == DocumentKind::device_set) {
            CAPTURE(document.name);
            const auto query = muster::core::Query::parse(document.body.at("query").as_string());
            REQUIRE(muster::test::mistakes(query) == Lines{});
            const auto& of = templates.at(std::string(document.body.at("template").as_string()));
            CHECK(muster::test::mistakes(query.value().check(of)) == Lines{});
        }
    }
}

TEST_CASE("the demo's configuration is read, and says who may do what") {
    const auto options = load((kFleet.parent_path() / "musterd.demo.yaml").string(),
                              {"broker.urls=mqtt://127.0.0.1:18830", "store.path=/tmp/demo/muster.db"});
    REQUIRE(muster::test::mistakes(options) == Lines{});
    CHECK(options.value().role_of("anyone") == Role::admin);
    CHECK(options.value().store.path == "/tmp/demo/muster.db");
}
