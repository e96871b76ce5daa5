// Who gets into the broker of systemd/mosquitto, and what they may publish and read there.
#include "tests/security/figures.hpp"
#include "tests/security/set_up.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace muster::test {
namespace {

const std::string kRoot = "muster/v1/";

void check_denied(const std::string& kind, const Words& who, const std::string& topic) {
    CAPTURE(topic);
    const bool denied = publish_as(who, topic, "x") == Attempt::denied;
    CHECK(denied);
    count_attempt(kind, denied);
}

void check_taken(const Words& who, const std::string& topic) {
    CAPTURE(topic);
    CHECK(publish_as(who, topic, "x") == Attempt::taken);
}

void check_not_let_in(const Words& who) {
    const bool refused = publish_as(who, kRoot + "dev/fridge-1/ack", "x") == Attempt::not_let_in;
    CHECK(refused);
    count_attempt("log_in_as_nobody", refused);
}

Words with(Words words, const Words& more) {
    std::ranges::copy(more, std::back_inserter(words));
    return words;
}

// An authority of somebody else's, and a certificate of it for fridge-1; and one of ours that is over.
constexpr const char* kForeignCertificates = R"(
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=stranger \
    -addext basicConstraints=critical,CA:TRUE -keyout stranger.key -out stranger.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=fridge-1 \
    -keyout foreign.key -out foreign.csr
openssl x509 -req -in foreign.csr -days 2 -CA stranger.pem -CAkey stranger.key -out foreign.pem
openssl x509 -req -in foreign.csr -days -1 -CA authority/ca.pem -CAkey authority/ca.key -out over.pem
cp foreign.key over.key
)";

}  // namespace

namespace {

// The rules of an access list, without comments and the blocks of clients.
Words rules(const std::string& list) {
    Words found;
    bool of_client = false;
    std::istringstream lines(list);
    for (std::string line; std::getline(lines, line);) {
        of_client =
            line.starts_with("user ") ? line != "user musterd" : of_client && !line.starts_with("pattern ");
        if (!line.empty() && line.front() != '#' && !of_client) {
            found.push_back(line);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("SPEC 10.2: the access list of the set-up is the one of the specification") {
    const std::string source = MUSTER_SOURCE_DIRECTORY;
    const auto specification = read_file(source + "/protocol/SPEC.md");
    const auto begin = specification.find("user musterd\n");
    REQUIRE(begin != std::string::npos);
    const auto list = specification.substr(begin, specification.find("```", begin) - begin);
    CHECK(rules(list).size() == 18);
    CHECK(rules(read_file(source + "/systemd/mosquitto/muster.acl")) == rules(list));
}

TEST_CASE(
    "Promise 5, SPEC 10.1: a device gets in with its own password, on its own listener, and nobody else "
    "does") {
    const SetUp set_up(DeviceLogin::passwords);
    check_taken(set_up.device("fridge-1"), kRoot + "dev/fridge-1/ack");
    const auto listener = set_up.device_listener(set_up.file("authority/ca.pem"));
    check_not_let_in(listener);
    check_not_let_in(with(listener, set_up.password("fridge-1", "fridge-2")));
    check_not_let_in(with(listener, set_up.password("anna", "anna")));
    check_not_let_in(with(listener, set_up.password("musterd", "musterd")));
    check_not_let_in(set_up.client("fridge-1", "fridge-1"));
    check_not_let_in(set_up.remote_client("fridge-1", "fridge-1"));
    check_not_let_in(set_up.client("musterd", "anna"));
    check_not_let_in(set_up.client("", "anna"));
}

TEST_CASE("Promise 5, SPEC 10.1: a device gets in with its own certificate, and nobody else does") {
    const SetUp set_up(DeviceLogin::certificates, {kForeignCertificates});
    check_taken(set_up.device("fridge-1"), kRoot + "dev/fridge-1/ack");
    const auto listener = set_up.device_listener(set_up.file("authority/ca.pem"));
    check_not_let_in(listener);
    check_not_let_in(with(listener, set_up.password("anna", "anna")));
    check_not_let_in(set_up.device("foreign"));
    check_not_let_in(set_up.device("over"));
    check_not_let_in(
        with(listener, {"--cert", set_up.file("fridge-1.pem"), "--key", set_up.file("foreign.key")}));
    // The user name that a client gives beside its certificate counts for nothing.
    check_denied("act_as_another_device", with(set_up.device("fridge-1"), {"-u", "fridge-2"}),
                 kRoot + "dev/fridge-2/ack");
}

TEST_CASE("Promise 5, SPEC 10.1: everybody publishes on their own topics, and on no others") {
    const SetUp set_up(DeviceLogin::passwords, {"add_client viewer"});
    const auto device = set_up.device("fridge-1");
    for (const auto* own : {"ack", "status", "info", "state"}) {
        check_taken(device, kRoot + "dev/fridge-1/" + own);
        check_denied("answer_for_another_device", device, kRoot + "dev/fridge-2/" + own);
        check_denied("client_acts_as_device", set_up.client("anna", "anna"), kRoot + "dev/fridge-1/" + own);
    }
    const std::vector<std::string> gateways{"dev/fridge-1/cmd", "dev/fridge-2/cmd", "all/announce",  "job/1",
                                            "job/1/x",          "event/job/1",      "gateway/status"};
    const auto clients = {set_up.client("anna", "anna"), set_up.remote_client("viewer", "viewer")};
    for (const auto& topic : gateways) {
        check_denied("act_as_the_gateway", device, kRoot + topic);
        for (const auto& client : clients) {
            check_denied("act_as_the_gateway", client, kRoot + topic);
        }
    }
    check_taken(set_up.client("anna", "anna"), kRoot + "api/anna/req/status");
    check_taken(set_up.remote_client("anna", "anna"), kRoot + "api/anna/req/status");
    for (const auto* elsewhere :
         {"api/viewer/req/status", "api/musterd/req/status", "api/viewer/res/x", "api/anna/res/x", "api/anna",
          "api//req/status", "dev/anna/cmd", "else", "dev/fridge-1/ack/x"}) {
        check_denied("client_acts_as_another", set_up.client("anna", "anna"), kRoot + elsewhere);
        check_denied("device_acts_as_client", device, kRoot + elsewhere);
    }
    check_denied("device_acts_as_client", device, kRoot + "api/fridge-1/req/status");
    check_denied("outside_the_root", device, "else");
    check_denied("outside_the_root", set_up.client("musterd", "musterd"), "else");
    check_denied("gateway_beyond_its_own", set_up.client("musterd", "musterd"),
                 kRoot + "api/anna/req/job/run");
    check_denied("gateway_beyond_its_own", set_up.client("musterd", "musterd"), kRoot + "dev/fridge-1/ack");
    check_taken(set_up.client("musterd", "musterd"), kRoot + "dev/fridge-1/cmd");
}

TEST_CASE("Promise 5, SPEC 10.1: everybody reads their own topics, and no others") {
    const SetUp set_up(DeviceLogin::certificates, {"add_client viewer"});
    const Words all{
        "#", "$SYS/#", kRoot + "dev/+/cmd", kRoot + "dev/fridge-2/#", kRoot + "api/#", kRoot + "job/#"};
    const Spy device(set_up.device("fridge-1"), all);
    const Spy client(set_up.client("anna", "anna"), all);
    const auto gateway = set_up.client("musterd", "musterd");
    for (const auto* topic : {"dev/fridge-2/cmd", "api/anna/res/1", "api/viewer/res/1", "job/1",
                              "event/job/1", "gateway/status", "dev/fridge-1/cmd"}) {
        REQUIRE(publish_as(gateway, kRoot + topic, "secret") == Attempt::taken);
    }
    REQUIRE(publish_as(set_up.device("fridge-2"), kRoot + "dev/fridge-2/ack", "secret") == Attempt::taken);
    REQUIRE(publish_as(set_up.device("fridge-2"), kRoot + "dev/fridge-2/state", "secret") == Attempt::taken);
    REQUIRE(publish_as(set_up.client("viewer", "viewer"), kRoot + "api/viewer/req/status", "secret") ==
            Attempt::taken);
    // Each topic is delivered in order, and this one comes last.
    REQUIRE(publish_as(gateway, kRoot + "all/announce", "{}") == Attempt::taken);
    REQUIRE(publish_as(gateway, kRoot + "gateway/status", "last") == Attempt::taken);
    REQUIRE(device.hears(kRoot + "all/announce"));
    REQUIRE(client.hears(kRoot + "gateway/status last"));
    const auto never = [](const Spy& spy, const Words& topics) {
        for (const auto& topic : topics) {
            const bool heard = std::ranges::any_of(
                spy.heard(), [&](const auto& line) { return line.starts_with(kRoot + topic + " "); });
            CHECK_MESSAGE(!heard, topic);
            count_attempt("read_foreign_topic", !heard);
        }
    };
    never(device, {"dev/fridge-2/cmd", "dev/fridge-2/ack", "dev/fridge-2/state", "api/viewer/req/status",
                   "api/anna/res/1", "api/viewer/res/1", "job/1", "event/job/1", "gateway/status"});
    never(client, {"dev/fridge-1/cmd", "dev/fridge-2/cmd", "dev/fridge-2/ack", "dev/fridge-2/state",
                   "api/viewer/req/status", "api/viewer/res/1"});
    const auto topics_of = [](const Spy& spy) {
        std::set<std::string> topics;
        for (const auto& line : spy.heard()) {
            topics.insert(line.substr(kRoot.size(), line.find(' ') - kRoot.size()));
        }
        return topics;
    };
    CHECK(topics_of(device) == std::set<std::string>{"dev/fridge-1/cmd", "all/announce"});
    CHECK(topics_of(client) ==
          std::set<std::string>{"api/anna/res/1", "job/1", "event/job/1", "gateway/status", "all/announce"});
    CHECK(device.hears(kRoot + "dev/fridge-1/cmd secret"));
    CHECK(client.hears(kRoot + "api/anna/res/1 secret"));
}

TEST_CASE("Promise 5: user names with + # or / reach nobody else's topics") {
    const SetUp set_up(DeviceLogin::passwords, {"mkdir fridge-1; "
                                                "for u in 'fridge+1' 'fridge#' 'fridge-1/x'; do "
                                                "add_user \"$etc/muster.devices\" \"$u\"; done"});
    const auto listener = set_up.device_listener(set_up.file("authority/ca.pem"));
    const auto plus = with(listener, set_up.password("fridge+1", "fridge+1"));
    const auto hash = with(listener, set_up.password("fridge#", "fridge#"));
    const auto slash = with(listener, set_up.password("fridge-1/x", "fridge-1/x"));
    for (const auto* topic : {"dev/fridge-1/ack", "dev/fridge1/ack", "dev/fridgex1/ack", "all/announce"}) {
        for (const auto& who : {plus, hash, slash}) {
            check_denied("dangerous_user_name", who, kRoot + topic);
        }
    }
    // Lets itself in, on a topic that is nobody's (SPEC 3.3).
    check_taken(slash, kRoot + "dev/fridge-1/x/ack");
    const Spy plus_hears(plus, {"#"});
    const Spy slash_hears(slash, {"#"});
    REQUIRE(publish_as(set_up.client("musterd", "musterd"), kRoot + "dev/fridge-1/cmd", "secret") ==
            Attempt::taken);
    REQUIRE(publish_as(set_up.client("musterd", "musterd"), kRoot + "all/announce", "{}") == Attempt::taken);
    REQUIRE(slash_hears.hears(kRoot + "all/announce"));
    CHECK(slash_hears.heard().size() == 1);
    CHECK(plus_hears.heard().empty());
}

TEST_CASE("Promise 5: a device cannot take the session of another one, or of the gateway") {
    for (const auto login : {DeviceLogin::passwords, DeviceLogin::certificates}) {
        const SetUp set_up(login);
        const Spy gateway(with(set_up.client("musterd", "musterd"), {"-i", "gateway-sub"}),
                          {kRoot + "dev/+/ack"});
        const Spy other(set_up.device("fridge-2"), {kRoot + "dev/fridge-2/cmd"});
        for (const auto* client_id : {"gateway-sub", "fridge-2"}) {
            const auto thief = with(set_up.device("fridge-1"), {"-i", client_id});
            CHECK(publish_as(thief, kRoot + "dev/fridge-1/ack", client_id) == Attempt::taken);
        }
        // Both are still there.
        CHECK(gateway.hears(kRoot + "dev/fridge-1/ack fridge-2"));
        REQUIRE(publish_as(set_up.client("musterd", "musterd"), kRoot + "dev/fridge-2/cmd", "x") ==
                Attempt::taken);
        CHECK(other.hears(kRoot + "dev/fridge-2/cmd"));
        const bool kept =
            set_up.broker_log().find("already connected, closing old connection") == std::string::npos;
        CHECK(kept);
        count_attempt("take_a_session", kept);
    }
}

TEST_CASE("Promise 5: who is shut out stays out, with a certificate that is still good") {
    SetUp set_up(DeviceLogin::certificates, {"add_client viewer"});
    check_taken(set_up.device("fridge-1"), kRoot + "dev/fridge-1/ack");
    set_up.also("shut_out fridge-1");
    set_up.also("shut_out viewer");
    check_denied("shut_out", set_up.device("fridge-1"), kRoot + "dev/fridge-1/ack");
    check_denied("shut_out", set_up.client("viewer", "viewer"), kRoot + "api/viewer/req/status");
    check_taken(set_up.device("fridge-2"), kRoot + "dev/fridge-2/ack");
    check_taken(set_up.client("anna", "anna"), kRoot + "api/anna/req/status");
}

}  // namespace muster::test
