#include "daemon/core/catalog.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::core {
namespace {

using test::set_of;
using test::template_of;

StoredTemplate stored(std::string_view document, std::uint64_t version, bool deleted = false) {
    return {template_of(document), version, deleted, TimePoint{}};
}

constexpr std::string_view kWithFan =
    R"({"name":"fridge","settings":{"fanSpeed":{"schema":{"type":"integer"}}}})";
constexpr std::string_view kWithTextFan =
    R"({"name":"fridge","settings":{"fanSpeed":{"schema":{"type":"string"}}}})";
constexpr std::string_view kWithoutFan = R"({"name":"fridge"})";

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a template's versions stay, the newest is in force") {
    Catalog catalog;
    CHECK(catalog.next_version("fridge") == 1);
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_template(stored(kWithoutFan, 2));
    CHECK(catalog.next_version("fridge") == 3);
    CHECK(catalog.find_template("fridge")->version == 2);
    CHECK(catalog.find_template("fridge", 1)->body->settings.contains("fanSpeed"));
    CHECK(catalog.find_template("fridge", 3) == nullptr);
    CHECK(catalog.find_template("oven") == nullptr);
    CHECK(catalog.find_template("oven", 1) == nullptr);
    REQUIRE(catalog.templates().size() == 1);
    CHECK(catalog.templates().front()->version == 2);
}

TEST_CASE("a deleted template is not in force, its versions stay, and its numbers are never used again") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_template(stored(kWithFan, 2, true));
    CHECK(catalog.find_template("fridge") == nullptr);
    CHECK(catalog.find_template("fridge", 1) != nullptr);
    CHECK(catalog.templates().empty());
    CHECK(catalog.next_version("fridge") == 3);
    catalog.put_template(stored(kWithFan, 3));
    CHECK(catalog.find_template("fridge")->version == 3);
}

TEST_CASE("A08: a set is broken, with the cause, when its template is gone, and whole when it comes back") {
    Catalog catalog;
    catalog.put_set(set_of("fast", "settings.fanSpeed > 3"));
    CHECK(catalog.find_set("fast")->broken == "its template fridge no longer exists");
    catalog.put_template(stored(kWithFan, 1));
    CHECK(catalog.find_set("fast")->broken.empty());
    catalog.put_template(stored(kWithFan, 2, true));
    CHECK(catalog.find_set("fast")->broken == "its template fridge no longer exists");
    catalog.put_template(stored(kWithFan, 3));
    CHECK(catalog.find_set("fast")->broken.empty());
}

TEST_CASE("A08: a set is broken when its query no longer fits the template") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_set(set_of("fast", "settings.fanSpeed > 3"));
    catalog.put_set(set_of("all"));
    catalog.put_template(stored(kWithoutFan, 2));
    CHECK(mentions(catalog.find_set("fast")->broken, "its query does not fit the template"));
    CHECK(mentions(catalog.find_set("fast")->broken, "fanSpeed"));
    CHECK(catalog.find_set("all")->broken.empty());
    catalog.put_template(stored(kWithTextFan, 3));
    CHECK(mentions(catalog.find_set("fast")->broken, "its query does not fit the template"));
    catalog.put_template(stored(kWithFan, 4));
    CHECK(catalog.find_set("fast")->broken.empty());
}

TEST_CASE("A08: a set whose stored query does not parse is broken, not empty") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_set(set_of("odd", "settings.fanSpeed >"));
    const auto* entry = catalog.find_set("odd");
    CHECK(mentions(entry->broken, "its query does not parse: query:"));
    CHECK_FALSE(entry->query.has_value());
    Device device;
    device.template_name = "fridge";
    CHECK_FALSE(Catalog::contains(*entry, device));
}

TEST_CASE("a template of another name changes nothing for a set") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_set(set_of("fast", "settings.fanSpeed > 3"));
    catalog.put_template(stored(R"({"name":"oven"})", 1));
    catalog.put_template(stored(R"({"name":"oven"})", 2, true));
    CHECK(catalog.find_set("fast")->broken.empty());
}

TEST_CASE("a set is replaced and erased by its name") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_set(set_of("s", "online"));
    catalog.put_set(set_of("s", "!online"));
    CHECK(catalog.sets().size() == 1);
    CHECK(catalog.find_set("s")->set.query == "!online");
    catalog.erase_set("s");
    catalog.erase_set("s");
    CHECK(catalog.find_set("s") == nullptr);
}

TEST_CASE("a set holds the devices of its template that its query matches, in order of id") {
    Catalog catalog;
    catalog.put_template(stored(kWithFan, 1));
    catalog.put_set(set_of("online", "online"));
    Registry registry;
    const auto add = [&registry](const std::string& id, const std::string& template_name, bool online) {
        Device device;
        device.id = DeviceId::parse(id).value();
        device.template_name = template_name;
        device.online = online;
        return registry.add(std::move(device));
    };
    const auto c = add("c", "fridge", true);
    add("b", "fridge", false);
    add("d", "oven", true);
    const auto a = add("a", "fridge", true);
    CHECK(catalog.evaluate(*catalog.find_set("online"), registry) == std::vector<DeviceIndex>{a, c});
    registry.erase(a);
    CHECK(catalog.evaluate(*catalog.find_set("online"), registry) == std::vector<DeviceIndex>{c});
}

TEST_CASE("an error as one sentence names each field") {
    CHECK(sentence(make_error(ErrorCode::invalid, "no")) == "no");
    CHECK(sentence(make_error(ErrorCode::invalid, "no", {{"a", "is 1"}, {"", "and so on"}})) ==
          "a is 1; and so on");
}

}  // namespace muster::core
