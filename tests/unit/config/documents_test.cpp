#include "config/documents.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/config/mistakes.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace muster::config;
using muster::ErrorCode;
using muster::test::Lines;
using muster::test::RandomBytes;

namespace {

constexpr std::string_view kFleet = R"(# a fleet
kind: template
name: refrigerator
settings:
  fanSpeed: {schema: {type: integer, minimum: 0}}
---
kind: device-set
set: refrigerators
template: refrigerator
query: tags.site == "oslo" && oops
---
kind: device
device: fridge-1
tags: {site: oslo, floor: 2}
---
kind: job
name: Fan speed 3
run: true
operations:
  - name: fanSpeed
    value: 3
---
)";

Lines refused(std::string_view text) {
    return muster::test::mistakes(parse_documents(text, "fleet.yaml"));
}

}  // namespace

TEST_CASE("SPEC 7: each kind is read as the request that it stands for") {
    const auto documents = parse_documents(kFleet, "fleet.yaml").value();
    REQUIRE(documents.size() == 4);
    CHECK(documents[0].kind == DocumentKind::device_template);
    CHECK(documents[0].name == "refrigerator");
    CHECK(documents[1].kind == DocumentKind::device_set);
    CHECK(documents[1].name == "refrigerators");
    CHECK(documents[2].kind == DocumentKind::device);
    CHECK(documents[2].name == "fridge-1");
    CHECK(documents[3].kind == DocumentKind::job);
    CHECK(documents[3].name == "Fan speed 3");
    CHECK(boost::json::value(documents[2].body) ==
          boost::json::parse(R"({"device":"fridge-1","tags":{"site":"oslo","floor":2}})"));
    CHECK(boost::json::value(documents[3].body) ==
          boost::json::parse(
              R"({"name":"Fan speed 3","run":true,"operations":[{"name":"fanSpeed","value":3}]})"));
}

TEST_CASE("the field of a refusal is found in its document") {
    const auto documents = parse_documents(kFleet, "fleet.yaml").value();
    CHECK(documents[0].place_of("") == "fleet.yaml:2:1");
    CHECK(documents[0].place_of("settings.fanSpeed.schema.minimum") == "fleet.yaml:5:38");
    CHECK(documents[1].place_of("query:28") == "fleet.yaml:10:1");
    CHECK(documents[1].place_of("title") == "fleet.yaml:7:1");
    CHECK(documents[3].place_of("operations[0].value") == "fleet.yaml:21:5");
}

TEST_CASE("the order of kinds is the order in which they can be applied") {
    CHECK(DocumentKind::device_template < DocumentKind::device_set);
    CHECK(DocumentKind::device_set < DocumentKind::device);
    CHECK(DocumentKind::device < DocumentKind::job);
    CHECK(to_string(DocumentKind::device_template) == "template");
    CHECK(to_string(DocumentKind::device_set) == "device-set");
    CHECK(to_string(DocumentKind::device) == "device");
    CHECK(to_string(DocumentKind::job) == "job");
}

TEST_CASE("every document that is wrong is named, with its place") {
    CHECK(refused(R"(name: x
---
kind: sett
set: a
---
kind: 3
---
kind: device
name: a
---
kind: template
name: 7
---
kind: job
name: ""
---
- 1
--- text
)") == Lines{"fleet.yaml:1:1: has no kind; template, device-set, device or job is expected",
             R"(fleet.yaml:3:1: kind is "sett"; template, device-set, device or job is expected)",
             "fleet.yaml:6:1: kind is not text; template, device-set, device or job is expected",
             "fleet.yaml:8:1: a device is named by device, which is missing",
             "fleet.yaml:12:1: a template is named by name, which is not text (put it in quotes)",
             "fleet.yaml:15:1: a job is named by name, which is empty",
             "fleet.yaml:17:1: is a list; a document with a kind is expected",
             "fleet.yaml:18:5: is text; a document with a kind is expected"});
    CHECK(refused("kind: templat\nname: x\n") ==
          Lines{R"(fleet.yaml:1:1: kind is "templat"; template, device-set, device or job is expected; )"
                "did you mean template?"});
}

TEST_CASE("a name comes once for each kind, but for jobs") {
    CHECK(refused("kind: device\ndevice: a\n---\nkind: device\ndevice: a\n") ==
          Lines{R"(fleet.yaml:5:1: the device "a" is here a second time)"});
    CHECK(refused("kind: device\ndevice: a\n---\nkind: template\nname: a\n").empty());
    CHECK(refused("kind: job\nname: a\n---\nkind: job\nname: a\n").empty());
}

TEST_CASE("a file without documents is a slip") {
    CHECK(refused("") == Lines{"fleet.yaml holds no documents"});
    CHECK(refused("---\n---\n# nothing\n") == Lines{"fleet.yaml holds no documents"});
}

TEST_CASE("documents are as strict as any YAML here") {
    CHECK(refused("kind: device\ndevice: a\ndevice: b\n") ==
          Lines{R"(fleet.yaml:3:1: the key "device" is here a second time)"});
    CHECK(refused("kind: device\ndevice: &x a\n") ==
          Lines{"fleet.yaml:2:9: anchors (&name) are not allowed"});
    const muster::test::TempDir directory;
    const std::string path = (directory / "fleet.yaml").string();
    CHECK(read_documents(path).error().code == ErrorCode::not_found);
    muster::test::write_file(path, kFleet);
    CHECK(read_documents(path).value().size() == 4);
    CHECK(read_documents(path).value()[0].place_of("name") == path + ":3:1");
    muster::test::write_file(path, std::string(16 * 1024 * 1024 + 1, '#'));
    CHECK(read_documents(path).error().code == ErrorCode::too_large);
}

TEST_CASE("mistakes without end are cut short") {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "---\nkind: nothing\n";
    }
    CHECK(refused(text).size() == kMostMistakes);
}

TEST_CASE("random mutations of a fleet never crash") {
    RandomBytes random;
    INFO(random.seed());
    for (int round = 0; round < 2000; ++round) {
        const std::string text = random.mutated(std::string(kFleet));
        CAPTURE(text);
        const auto documents = parse_documents(text, "f");
        if (documents) {
            for (const Document& document : documents.value()) {
                CHECK(document.place_of(random.from("settings.fanSpd[]0123:", 20)).starts_with("f:"));
            }
        } else {
            CHECK(!documents.error().message.empty());
        }
    }
}
