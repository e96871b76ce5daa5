// Who may ask musterd for what, and where its answers go, at a broker without
// any access list.
#include "daemon/mqtt/paho_link.hpp"
#include "tests/integration/fleet.hpp"
#include "tests/integration/link_recorder.hpp"
#include "tests/security/figures.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <map>
#include <regex>

namespace muster::test {
namespace {

namespace json = boost::json;

// A client that may say and hear anything.
class Stranger {
public:
    explicit Stranger(Gateway& gateway)
        : link_(mqtt::make_paho_link(link_options(gateway.broker().url(), {{"#", 1}}))) {
        REQUIRE(link_->start(heard_).has_value());
        REQUIRE(heard_.wait_connected());
    }
    ~Stranger() { link_->stop({}); }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    void ask(const std::string& user, const std::string& verb, const json::object& body,
             const std::string& response_topic = {}) {
        auto request = publication("muster/v1/api/" + user + "/req/" + verb, json::serialize(body));
        request.response_topic = response_topic;
        REQUIRE(publish(*link_, heard_, request));
    }
    void say(const std::string& topic, const std::string& payload) {
        REQUIRE(publish(*link_, heard_, publication(topic, payload)));
    }

    // The error's code, or "" for a reply that is ok; waits for it.
    std::string code_on(const std::string& topic) {
        std::string code;
        const bool came = eventually([&] {
            for (const auto& message : heard_.messages()) {
                if (message.topic == topic) {
                    const auto reply = parse(message.payload);
                    code = member(reply, "/ok").as_bool() ? "" : text(reply, "/error/code");
                    return true;
                }
            }
            return false;
        });
        REQUIRE_MESSAGE(came, topic);
        return code;
    }
    std::vector<mqtt::Inbound> heard() const { return heard_.messages(); }

private:
    LinkRecorder heard_;
    std::unique_ptr<mqtt::Link> link_;
};

// Verb to least role, as SPEC 7.9 has it.
std::map<std::string, std::string> verbs_of_specification() {
    const auto specification = read_file(std::string(MUSTER_SOURCE_DIRECTORY) + "/protocol/SPEC.md");
    const std::regex row(R"(\n\| `([a-z]+(?:/[a-z]+)?)` \|[^\n]*\| (viewer|operator|admin) \|)");
    std::map<std::string, std::string> verbs;
    for (std::sregex_iterator at(specification.begin(), specification.end(), row), end; at != end; ++at) {
        verbs.emplace((*at)[1], (*at)[2]);
    }
    return verbs;
}

std::string with_dashes(std::string verb) {
    std::ranges::replace(verb, '/', '-');
    return verb;
}

}  // namespace

TEST_CASE("Promise 5, SPEC 10.3: each verb of SPEC 7.9 is for its role and those above, and else forbidden") {
    Gateway gateway(
        {.overrides = {"default_role=none", "roles={vera: viewer, otto: operator, anna: admin}"}});
    Stranger stranger(gateway);
    const std::map<std::string, int> rank{{"viewer", 1}, {"operator", 2}, {"admin", 3}};
    const std::map<std::string, int> users{{"fridge-1", 0}, {"vera", 1}, {"otto", 2}, {"anna", 3}};
    const auto verbs = verbs_of_specification();
    REQUIRE(verbs.size() == 32);
    for (const auto& [verb, role] : verbs) {
        for (const auto& [user, has] : users) {
            CAPTURE(verb);
            CAPTURE(user);
            stranger.ask(user, verb, {{"id", with_dashes(verb)}});
            const auto code = stranger.code_on("muster/v1/api/" + user + "/res/" + with_dashes(verb));
            const bool may = has >= rank.at(role);
            CHECK((code != "forbidden") == may);
            if (!may) {
                count_attempt("request_without_the_role", code == "forbidden");
            }
        }
    }
}

TEST_CASE(
    "Promise 5, SPEC 10.5: whatever Response Topic a request has, the answer stays below the user's own "
    "res/") {
    Gateway gateway;
    put_fleet(gateway);
    Stranger stranger(gateway);
    const std::vector<std::string> elsewhere{"muster/v1/dev/fridge-1/cmd",
                                             "muster/v1/dev/fridge-1/status",
                                             "muster/v1/all/announce",
                                             "muster/v1/job/1",
                                             "muster/v1/event/job/1",
                                             "muster/v1/gateway/status",
                                             "muster/v1/api/anna/res/x",
                                             "muster/v1/api/tester/res",
                                             "muster/v1/api/tester/res/",
                                             "muster/v1/api/tester/resx",
                                             "muster/v1/api/tester/req/set/delete",
                                             "muster/v1/api/tester/../anna/res/x",
                                             "/muster/v1/api/tester/res/x",
                                             "MUSTER/v1/api/tester/res/x",
                                             "muster/v1/api/Tester/res/x",
                                             "../dev/fridge-1/cmd",
                                             "$SYS/broker/x",
                                             "$share/group/muster/v1/api/tester/res/x",
                                             "muster/v1/api/tester/res/" + std::string(600, 'x')};
    int number = 0;
    for (const auto& topic : elsewhere) {
        CAPTURE(topic);
        const auto id = "r" + std::to_string(++number);
        stranger.ask("tester", "set/put",
                     {{"id", id}, {"set", "sneaky"}, {"template", "refrigerator"}, {"query", ""}}, topic);
        const bool refused = stranger.code_on("muster/v1/api/tester/res/" + id) == "forbidden";
        CHECK(refused);
        count_attempt("reply_aimed_elsewhere", refused);
    }
    CHECK(gateway.list("set/list").size() == 1);  // and nothing was carried out

    // Below its own: two dots are a level like any other to a broker.
    const std::string dots = "muster/v1/api/tester/res/../../../dev/fridge-1/cmd";
    stranger.ask("tester", "status", {{"id", "dots"}}, dots);
    CHECK(stranger.code_on(dots).empty());
    for (const auto& message : stranger.heard()) {
        const bool own = message.topic.starts_with("muster/v1/api/tester/") ||
                         message.topic.starts_with("muster/v1/gateway/") ||
                         message.topic == "muster/v1/all/announce";
        CHECK_MESSAGE(own, message.topic);
        const bool is_reply = message.payload.find("\"ok\":") != std::string::npos;
        CHECK_MESSAGE((!is_reply || message.topic.starts_with("muster/v1/api/tester/res/")), message.topic);
    }
}

namespace {

struct Door {
    std::string name;
    bool refused;
};

// Tries the id at every door that leads to the registry or to a selection.
std::vector<Door> try_doors(Gateway& gateway, const std::string& id) {
    std::vector<Door> doors;
    const auto ask = [&](const std::string& verb, const json::object& body) {
        doors.push_back({verb, !member(gateway.ask(verb, body), "/ok").as_bool()});
    };
    const auto document = gateway.files() / "device.yaml";
    write_file(document,
               "kind: device\ndevice: " + json::serialize(json::string(id)) + "\ntemplate: refrigerator\n");
    doors.push_back({"muster apply", gateway.muster({"apply", "-f", document.string()}).exit_code != 0});
    doors.push_back(
        {"muster device set", gateway.muster({"device", "set", id, "template=refrigerator"}).exit_code != 0});
    ask("device/put", {{"device", id}, {"template", "refrigerator"}});
    ask("device/get", {{"device", id}});
    auto job = fan_speed_job(3);
    job["selection"] = {{"devices", json::array{id}}};
    ask("job/save", job);
    job["selection"] = {{"all", true}, {"except", json::array{id}}};
    ask("job/save", job);
    ask("device/delete", {{"device", id}});
    return doors;
}

}  // namespace

TEST_CASE(
    "Promise 5, SPEC 2.1: a device id outside the grammar is refused at every door, and reaches no topic") {
    Gateway gateway;
    put_fleet(gateway);
    for (const auto& door : try_doors(gateway, "fridge-1")) {
        CHECK_MESSAGE(!door.refused, door.name);
    }
    Stranger stranger(gateway);
    const std::vector<std::string> bad{"a/b",
                                       "../x",
                                       "+",
                                       "#",
                                       "fridge-1/cmd",
                                       "-x",
                                       "_x",
                                       "a b",
                                       "a.b",
                                       "$SYS",
                                       "",
                                       "fr\xC3\xAF"
                                       "dge",
                                       std::string(65, 'x'),
                                       "a\nb"};
    for (const auto& id : bad) {
        CAPTURE(id);
        for (const auto& door : try_doors(gateway, id)) {
            CHECK_MESSAGE(door.refused, door.name);
            count_attempt("id_outside_the_grammar", door.refused);
        }
        if (id.find_first_of("+#\n") == std::string::npos) {  // those the broker refuses by itself
            stranger.say("muster/v1/dev/" + id + "/info", R"({"proto":1,"template":"refrigerator"})");
            stranger.say("muster/v1/dev/" + id + "/status", "online");
        }
    }
    // In a query an id is a text to compare with, and no more.
    const auto* query = R"(id == "../x" || id.startsWith("a/"))";
    gateway.request("set/put", {{"set", "sneaky"}, {"template", "refrigerator"}, {"query", query}});
    CHECK(number(gateway.request("set/preview", {{"set", "sneaky"}}), "/count") == 0);
    stranger.say("muster/v1/dev/last-1/info", R"({"proto":1,"template":"refrigerator"})");
    REQUIRE(eventually([&] { return !gateway.list("device/list").empty(); }));
    CHECK(gateway.list("device/list").size() == 1);
    for (const auto& message : stranger.heard()) {
        CHECK_MESSAGE(!message.topic.ends_with("/cmd"), message.topic);
    }
}

}  // namespace muster::test
