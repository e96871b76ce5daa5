#include "daemon/core/query.hpp"

#include "protocol/limits.hpp"
#include "tests/support/print.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace json = boost::json;
using muster::DeviceId;
using muster::ErrorCode;
using muster::ErrorDetail;
using namespace muster::core;

namespace {

using Lines = std::vector<std::string>;

template <class T>
Lines complaints(const muster::Result<T>& result) {
    Lines lines;
    if (result.has_error()) {
        CHECK(result.error().code == ErrorCode::invalid);
        for (const ErrorDetail& detail : result.error().details) {
            lines.push_back(detail.field + " " + detail.message);
        }
    }
    return lines;
}

Values values(std::string_view text) {
    return Values(json::parse(text).get_object());
}

Device fridge() {
    Device device;
    device.id = DeviceId::parse("fridge-1").value();
    device.name = "Lobby";
    device.template_name = "refrigerator";
    device.online = true;
    device.tags = values(R"({"site":"oslo","floor":3,"retired":false,"quote":"a\"b","æ":1,"none":null})");
    device.properties = values(R"({"location":"hall","serial":"X1"})");
    device.settings = values(R"({"fanSpeed":3,"label":"cold","quiet":true,"schedule":[1,2],"ratio":0.5})");
    device.reported = values(R"({"fanSpeed":2,"firmware":"1.4.0","temperature":4.5,"door":{"open":true}})");
    return device;
}

Template refrigerator() {
    return Template::parse(json::parse(R"({
        "name": "refrigerator",
        "settings":   {"fanSpeed": {"schema": {"type": "integer"}}, "ratio": {"schema": {"type": "number"}},
                       "label": {"schema": {"type": "string"}}, "quiet": {"schema": {"type": "boolean"}},
                       "schedule": {"schema": {"type": "array"}}, "mode": {"schema": {}}},
        "properties": {"location": {"schema": {"type": "string"}},
                       "assetTag": {"kept": "device", "schema": {"type": "string"}},
                       "serial":   {"readOnly": true, "schema": {"type": "string"}}},
        "reported":   {"firmware": {"schema": {"type": "string"}},
                       "temperature": {"schema": {"type": "number"}}}})"))
        .value();
}

}  // namespace

TEST_CASE("query: what matches a device") {
    struct Case {
        std::string query;
        bool matches;
    };
    const Case cases[] = {
        {"", true},
        {"  \n\t ", true},
        // id, name, online
        {R"(id == "fridge-1")", true},
        {R"(id != "fridge-1")", false},
        {R"(name == "Lobby")", true},
        {"online", true},
        {"!online", false},
        {"online == true", true},
        {"online == false", false},
        {"online != false", true},
        // texts compare by bytes
        {R"(tags.site == "oslo")", true},
        {R"(tags.site == 'oslo')", true},
        {R"("oslo" == tags.site)", true},
        {R"(tags.site == "Oslo")", false},
        {R"(tags.site < "p")", true},
        {R"(tags.site < "osl")", false},
        {R"(tags.site <= "oslo")", true},
        {R"(reported.firmware < "2.0")", true},
        {R"(reported.firmware >= "1.10.0")", true},
        {R"(tags.quote == "a\"b")", true},
        {R"(tags.quote == 'a"b')", true},
        // numbers, integers and doubles alike
        {"settings.fanSpeed == 3", true},
        {"settings.fanSpeed == 3.0", true},
        {"settings.fanSpeed != 3", false},
        {"settings.fanSpeed > 2.5", true},
        {"3 >= settings.fanSpeed", true},
        {"settings.ratio == 0.5", true},
        {"settings.ratio < 5e-1", false},
        {"reported.temperature > -1", true},
        // field with field
        {"settings.fanSpeed != reported.fanSpeed", true},
        {"settings.fanSpeed == reported.fanSpeed", false},
        {"settings.fanSpeed > reported.temperature", false},
        {"id == name", false},
        // a field that is missing makes its comparison false, != too
        {R"(tags.zone == "a")", false},
        {R"(tags.zone != "a")", false},
        {R"(!(tags.zone == "a"))", true},
        {"settings.speed < 100", false},
        {"settings.speed >= 100", false},
        {"tags.zone == tags.room", false},
        {R"(tags.zone in ["a"])", false},
        {R"(tags.zone.contains("a"))", false},
        {"tags.zone", false},
        {"!tags.zone", true},
        {"tags.none == false", false},
        // so does a value of another type
        {R"(settings.fanSpeed == "3")", false},
        {R"(settings.fanSpeed != "3")", false},
        {R"(!(settings.fanSpeed == "3"))", true},
        {R"(tags.site < 5)", false},
        {"tags.floor == true", false},
        {"tags.retired == 0", false},
        {R"(tags.floor.startsWith("3"))", false},
        // and a list or an object
        {"settings.schedule == 1", false},
        {"settings.schedule != 1", false},
        {"settings.schedule == settings.schedule", false},
        {"reported.door", false},
        // flags
        {"settings.quiet", true},
        {"tags.retired", false},
        {"tags.site", false},
        // in
        {R"(tags.site in ["bergen", "oslo"])", true},
        {R"(tags.site in ["bergen"])", false},
        {R"(tags.site in [1, true, "oslo"])", true},
        {"settings.fanSpeed in [1, 3.0]", true},
        {R"("site" in tags)", true},
        {R"("zone" in tags)", false},
        {R"("none" in tags)", false},
        {R"("serial" in properties)", true},
        {R"("fanSpeed" in settings)", true},
        {R"("door" in reported)", true},
        {R"(!("retired" in tags))", false},
        // methods
        {R"(id.startsWith("fridge-"))", true},
        {R"(id.startsWith(""))", true},
        {R"(id.endsWith("-1"))", true},
        {R"(id.endsWith("fridge"))", false},
        {R"(name.contains("obb"))", true},
        {R"(properties.location.contains("x"))", false},
        {R"(!tags.site.startsWith("b"))", true},
        // && binds tighter than ||
        {R"(online || tags.site == "x" && tags.site == "y")", true},
        {R"((online || tags.site == "x") && tags.site == "y")", false},
        {R"(tags.site == "x" || tags.floor == 3)", true},
        {R"(tags.site == "oslo" && reported.firmware < "2.0" && (online || !("retired" in tags)) &&
            id.startsWith("fridge-"))",
         true},
        {"!!online", true},
        {"!(!online)", true},
    };
    const Device device = fridge();
    for (const Case& one : cases) {
        CAPTURE(one.query);
        const auto query = Query::parse(one.query);
        CHECK(complaints(query) == Lines{});
        if (query.has_value()) {
            CHECK(query.value().matches(device) == one.matches);
        }
    }
}

TEST_CASE("query: a device with nothing") {
    const Device bare;
    CHECK(Query::parse("").value().matches(bare));
    CHECK_FALSE(Query::parse("online").value().matches(bare));
    CHECK(Query::parse(R"(name == "")").value().matches(bare));
    CHECK_FALSE(
        Query::parse(R"("site" in tags || settings.x == 1 || reported.y != 2)").value().matches(bare));
}

TEST_CASE("query: values too large for the stack") {
    Device device = fridge();
    json::object tags;
    for (int i = 0; i < 250; ++i) {
        tags["tag" + std::to_string(i)] = std::string(60, 'x');
    }
    tags["last"] = "here";
    device.tags = Values(tags);
    CHECK(Query::parse(R"(tags.last == "here" && tags.tag249.endsWith("x"))").value().matches(device));
}

TEST_CASE("query: mistakes say where, what was found and what was expected") {
    struct Case {
        std::string query;
        std::string complaint;
    };
    const Case cases[] = {
        {"tags.site == ", "query:14 found the end, expected a value or a field"},
        {"tags.site == )", "query:14 found \")\", expected a value or a field"},
        {"(online", "query:8 found the end, expected \"&&\", \"||\" or \")\""},
        {"online)", "query:7 found \")\", expected \"&&\", \"||\" or the end"},
        {"()", "query:2 found \")\", expected a field or a value"},
        {"&& online", "query:1 found \"&&\", expected a field or a value"},
        {"online && ", "query:11 found the end, expected a field or a value"},
        {"online online",
         "query:8 found \"online\", expected a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\""},
        {"tags.site = \"a\"",
         "query:11 found \"=\", expected a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\""},
        {"online & online",
         "query:8 found \"&\", expected a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\""},
        {"site == \"a\"",
         "query:1 found \"site\", expected a field (id, name, online, tags.…, properties.…, settings.…, "
         "reported.…)"},
        {"1 == 1",
         "query:6 found \"1\", expected a field (id, name, online, tags.…, properties.…, settings.…, "
         "reported.…)"},
        {"true", "query:5 found the end, expected a comparison (== != < <= > >=)"},
        {"\"a\"", "query:4 found the end, expected a comparison (== != < <= > >=) or \"in\""},
        {"tags == 1", "query:6 found \"==\", expected \".\" and the name of one of the tags"},
        {"tags.", "query:6 found the end, expected a name"},
        {"tags.\"a\" == 1", "query:6 found \"a\", expected a name"},
        {"tags.1 == 1", "query:6 found \"1\", expected a name"},
        {"tags.a == 1 == 2", "query:13 found \"==\", expected \"&&\", \"||\" or the end"},
        {"(tags.a) == 2", "query:10 found \"==\", expected \"&&\", \"||\" or the end"},
        {"!tags.a == 1",
         "query:9 found \"==\", expected \"&&\" or \"||\" (to negate a comparison, write it in parentheses)"},
        {"!\"a\" in tags", "query:2 found \"a\", expected \"(\" or a field"},
        {"tags.a in tags", "query:11 found \"tags\", expected a list: [\"a\", \"b\"]"},
        {"tags.a in []", "query:12 found \"]\", expected a value"},
        {"tags.a in [1", "query:13 found the end, expected \",\" or \"]\""},
        {"tags.a in [1,]", "query:14 found \"]\", expected a value"},
        {"tags.a in [tags.b]", "query:12 found \"tags\", expected a value"},
        {"\"a\" in id", "query:8 found \"id\", expected tags, properties, settings or reported"},
        {"\"a\" in [\"a\"]", "query:8 found \"[\", expected tags, properties, settings or reported"},
        {"1 in tags", "query:3 found \"in\", expected a comparison (== != < <= > >=)"},
        {"id.matches(\"a\")", "query:4 found \"matches\", expected startsWith, endsWith or contains"},
        {"id.startsWith \"a\"", "query:15 found \"a\", expected \"(\""},
        {"id.startsWith(1)", "query:15 found \"1\", expected text in quotes"},
        {"id.startsWith(\"a\"", "query:18 found the end, expected \")\""},
        {"tags.a.b == 1", "query:8 found \"b\", expected startsWith, endsWith or contains"},
        {"tags.a == \"x", "query:11 found text without a closing quote"},
        {"tags.a == 'x\"", "query:11 found text without a closing quote"},
        {R"(tags.a == "x\q")", R"(query:13 found an escape other than \" \' \\ \n \r \t \uXXXX)"},
        {R"(tags.a == "\u12")", R"(query:12 found an escape other than \" \' \\ \n \r \t \uXXXX)"},
        {R"(tags.a == "\u0000")", R"(query:12 found an escape other than \" \' \\ \n \r \t \uXXXX)"},
        {R"(tags.a == "\ud83d")", R"(query:12 found an escape other than \" \' \\ \n \r \t \uXXXX)"},
        {"tags.a == 007", "query:11 found a number that is not written as JSON writes it"},
        {"tags.a == 3x", "query:11 found a number that is not written as JSON writes it"},
        {"tags.a == 1e999", "query:11 found a number that is too large or too small"},
        {"tags.a == .5", "query:11 found \".\", expected a value or a field"},
        {"tags.a == -", "query:11 found \"-\", expected a value or a field"},
        {"online # x",
         "query:8 found \"#\", expected a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\""},
        {"online € x",
         "query:8 found \"€\", expected a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\""},
        {"tags.a == \xff", "query:1 is not UTF-8 text"},
        {std::string("tags.a == \0", 11), "query:1 is not UTF-8 text"},
        // Types that are known without a template.
        {"online == 1", "query:11 online is true or false, which cannot be compared with a number"},
        {"id == 3", "query:7 id is text, which cannot be compared with a number"},
        {"3 == id", "query:6 a value is a number, which cannot be compared with text"},
        {"id == online", "query:7 id is text, which cannot be compared with true or false"},
        {"id", "query:1 id is text, which needs a comparison"},
        {"online < true", "query:1 true and false have no order: < does not apply"},
        {"tags.a >= false", "query:1 true and false have no order: >= does not apply"},
        {"online.startsWith(\"a\")", "query:1 online is true or false, which has no startsWith()"},
        {"id in [\"a\", 2]", "query:13 id is text, which cannot be compared with a number"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.query);
        CHECK(complaints(Query::parse(one.query)) == Lines{one.complaint});
    }
}

TEST_CASE("query: checked against a template") {
    struct Case {
        std::string query;
        Lines complaints;
    };
    const Case cases[] = {
        {"", {}},
        {R"(tags.anything == "a" && tags.anything == 3 && "whatever" in tags)", {}},
        {"settings.fanSpeed >= 3 && settings.ratio < 1", {}},
        {"settings.fanSpeed == reported.fanSpeed", {}},
        {"settings.fanSpeed < reported.temperature", {}},
        {R"(settings.mode == 3 || settings.mode == "auto" || settings.mode)", {}},
        {R"(reported.serial == "a" && reported.assetTag == "b" && reported.firmware < "2.0")", {}},
        {R"("fanSpeed" in settings && "serial" in reported && "location" in properties)", {}},
        {"settings.quiet && !settings.quiet", {}},
        {R"(settings.label == tags.label)", {}},
        {R"(settings.fanSpeed == "fast")",
         {"query:22 settings.fanSpeed is a number, which cannot be compared with text"}},
        {"settings.label == settings.fanSpeed",
         {"query:19 settings.label is text, which cannot be compared with a number"}},
        {"settings.quiet == 1",
         {"query:19 settings.quiet is true or false, which cannot be compared with a number"}},
        {"settings.quiet > tags.a", {"query:1 true and false have no order: > does not apply"}},
        {"settings.schedule == 1",
         {"query:1 settings.schedule is a list or an object, which cannot be compared"}},
        {"tags.a == settings.schedule",
         {"query:11 settings.schedule is a list or an object, which cannot be compared"}},
        {"settings.fanSpeed", {"query:1 settings.fanSpeed is a number, which needs a comparison"}},
        {R"(settings.fanSpeed.contains("1"))",
         {"query:1 settings.fanSpeed is a number, which has no contains()"}},
        {R"(settings.fanSpeed in [1, "2"])",
         {"query:26 settings.fanSpeed is a number, which cannot be compared with text"}},
        {"settings.speed == 1", {"query:1 template refrigerator does not define settings.speed"}},
        {R"("speed" in settings)", {"query:1 template refrigerator does not define settings.speed"}},
        {"properties.fanSpeed == 1", {"query:1 template refrigerator does not define properties.fanSpeed"}},
        {"reported.humidity == 1", {"query:1 template refrigerator does not define reported.humidity"}},
        {R"(reported.location == "a")", {"query:1 template refrigerator does not define reported.location"}},
        {R"(settings.speed == 1 && !(properties.x || reported.temperature == "hot") && online)",
         {"query:1 template refrigerator does not define settings.speed",
          "query:26 template refrigerator does not define properties.x",
          "query:66 reported.temperature is a number, which cannot be compared with text"}},
    };
    const Template device_template = refrigerator();
    for (const Case& one : cases) {
        CAPTURE(one.query);
        CHECK(complaints(Query::parse(one.query).value().check(device_template)) == one.complaints);
    }
}

TEST_CASE("query: the message of an error has the first mistake and counts the others") {
    const auto checked = Query::parse("settings.x == 1 && settings.y == 1").value().check(refrigerator());
    REQUIRE(checked.has_error());
    CHECK(checked.error().message ==
          "query:1: template refrigerator does not define settings.x (and 1 more)");
}

TEST_CASE("query: canonical text") {
    struct Case {
        std::string query;
        std::string text;
    };
    const Case cases[] = {
        {"", ""},
        {"   ", ""},
        {"tags.site=='oslo'", R"(tags.site == "oslo")"},
        {"((online))", "online"},
        {"(online&&(tags.a==1&&tags.b==2))||id==\"x\"",
         R"(online && tags.a == 1 && tags.b == 2 || id == "x")"},
        {"online&&(tags.a==1||tags.b==2)", "online && (tags.a == 1 || tags.b == 2)"},
        {"(online||tags.a==1)||tags.b==2", "online || tags.a == 1 || tags.b == 2"},
        {"!(online)", "!online"},
        {"!(!online)", "!!online"},
        {"!(online&&online)", "!(online && online)"},
        {"!( \"retired\"in tags )", R"(!("retired" in tags))"},
        {"!(tags.a==1)", "!(tags.a == 1)"},
        {"!(id.contains('a'))", R"(!id.contains("a"))"},
        {"tags.a in[1,'b',true,-0.50]", R"(tags.a in [1, "b", true, -0.5])"},
        {"tags.a==2.0", "tags.a == 2"},
        {"tags.a==-0.0", "tags.a == 0"},
        {"tags.a==1E3", "tags.a == 1000"},
        {"tags.a==1e300", "tags.a == 1e+300"},
        {"tags.a==9223372036854775807", "tags.a == 9223372036854775807"},
        {R"(tags.a=='it\'s "\u00e6\t"\u000b')", "tags.a == \"it's \\\"\xC3\xA6\\u0009\\\"\\u000b\""},
        {"tags.in==1&&tags.true", "tags.in == 1 && tags.true"},
        {"\"oslo\"==tags.site", R"("oslo" == tags.site)"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.query);
        const Query query = Query::parse(one.query).value();
        CHECK(query.text() == one.text);
        CHECK(Query::parse(query.text()).value().text() == one.text);
    }
}

TEST_CASE("query: what of a device it looks at") {
    const auto aspects = [](std::string_view query) { return Query::parse(query).value().aspects(); };
    constexpr auto kPresence = Aspects(Aspect::presence);
    for (const std::string query :
         {"online", "!online", "online == true", "true == online", "online in [true]"}) {
        CAPTURE(query);
        CHECK(aspects(query) == kPresence);
    }
    CHECK(aspects("") == Aspects());
    CHECK(aspects("tags.online") == Aspect::tags);
    CHECK(aspects("\"online\" in settings") == Aspect::settings);
    CHECK(aspects("id.contains(\"online\")") == Aspect::id);
    CHECK(aspects("name == \"online\"") == Aspect::name);
    CHECK(aspects("tags.a == online") == (Aspect::tags | kPresence));
    CHECK(aspects("properties.a == 1 || (reported.b == \"a\" && !online)") ==
          (Aspect::properties | Aspects(Aspect::reported) | Aspect::presence));
}

TEST_CASE("query: length and depth are bounded") {
    using namespace muster;
    const std::string online = "online";
    CHECK(Query::parse(online + std::string(limits::kQueryLength - online.size(), ' ')).has_value());
    CHECK(complaints(Query::parse(online + std::string(limits::kQueryLength - online.size() + 1, ' '))) ==
          Lines{"query:2001 is longer than 2000 bytes"});

    const auto nested = [&online](std::size_t depth) {
        return std::string(depth, '(') + online + std::string(depth, ')');
    };
    CHECK(Query::parse(nested(limits::kQueryDepth)).has_value());
    CHECK(complaints(Query::parse(nested(limits::kQueryDepth + 1))) ==
          Lines{"query:33 more than 32 \"(\" and \"!\" within each other"});
    CHECK(Query::parse(std::string(limits::kQueryDepth, '!') + online).value().matches(fridge()));
    CHECK(complaints(Query::parse(std::string(limits::kQueryDepth + 1, '!') + online)) ==
          Lines{"query:33 more than 32 \"(\" and \"!\" within each other"});
    CHECK(complaints(Query::parse(std::string(limits::kQueryLength, '('))).size() == 1);
    CHECK(complaints(Query::parse(std::string(limits::kQueryLength, '!'))).size() == 1);
}

TEST_CASE("query: a long chain is one level") {
    for (const std::string link : {" && ", " || ", "&&(", "||!"}) {
        std::string text = "online";
        std::string closing;
        const bool opens = link.ends_with('(');
        for (int i = 0; i < (opens ? 31 : 180); ++i) {
            text += link;
            text += "online";
            closing += opens ? ")" : "";
        }
        CAPTURE(text);
        const auto query = Query::parse(text + closing);
        CHECK(complaints(query) == Lines{});
        CHECK(query.value().matches(fridge()));
        CHECK(Query::parse(query.value().text()).value().text() == query.value().text());
    }
}
