// OPERATIONS.md where it needs the broker of systemd/mosquitto: certificates and passwords.
#include "tests/operations/site.hpp"
#include "tests/security/set_up.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

namespace muster::test {
namespace {

Desk::Options desk_of(SetUp& set_up, const std::string& musterd_log) {
    Desk::Options options;
    options.environment = {{"MUSTER_BROKER", set_up.clients_url()},
                           {"MUSTER_CA_FILE", set_up.file("authority/ca.pem")},
                           {"MUSTER_USER", "anna"},
                           {"MUSTER_PASSWORD_FILE", set_up.file("anna.password")}};
    options.meant = {{"mqtts://localhost:8884", set_up.clients_url()},
                     {"/etc/mosquitto/", set_up.file("etc") + "/"},
                     {"/etc/muster/", set_up.file("")}};
    options.services = [&set_up, musterd_log](const std::vector<std::string>& words) -> std::string {
        if (words[0] == "journalctl") {
            return read_file(musterd_log);
        }
        if (words != std::vector<std::string>{"systemctl", "reload", "mosquitto"}) {
            throw std::runtime_error("the page asks for more than this test can do");
        }
        set_up.also(":");
        return {};
    };
    return options;
}

// The README's commands for the broker's certificate.
std::string renewal() {
    const auto readme = read_markdown(read_file(MUSTER_SOURCE_DIRECTORY "/systemd/mosquitto/README.md"));
    const auto block = std::ranges::find_if(readme.blocks, [](const FencedBlock& each) {
        return each.text.find("extendedKeyUsage=serverAuth") != std::string::npos;
    });
    REQUIRE(block != readme.blocks.end());
    return block->text;
}

}  // namespace

TEST_CASE("the page: certificate expires") {
    SetUp set_up(DeviceLogin::passwords);
    auto expired = renewal();
    const std::string good = "-days 825";
    REQUIRE(expired.find(good) != std::string::npos);
    set_up.also(expired.replace(expired.find(good), good.size(), "-days 0"));
    const Process musterd({program("musterd"), "--config", set_up.file("musterd.yaml"), "--set",
                           "broker.urls=" + set_up.clients_url(), "--set",
                           "broker.ca_file=" + set_up.file("authority/ca.pem"), "--set", "http.listen="},
                          set_up.file("musterd.log"));
    auto options = desk_of(set_up, set_up.file("musterd.log"));
    Desk(kGuide, options).follow("Certificate expires", "notAfter");
    set_up.also(renewal());
    options.has.insert("renewed");
    Desk(kGuide, options).follow("Certificate expires", "reload");
}

TEST_CASE("the page: password lost") {
    SetUp set_up(DeviceLogin::passwords);
    const auto musterd = set_up.start_daemon();
    write_file(set_up.file("anna.password"), "forgotten\n");
    Desk(kGuide, desk_of(set_up, set_up.file("musterd.log"))).follow("Password lost");
    CHECK(set_up.muster("anna", {"status"}).exit_code == 0);
}

}  // namespace muster::test
