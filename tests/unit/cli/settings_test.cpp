#include "daemon/cli/settings.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>

using namespace muster;
using namespace muster::cli;

namespace {

Outcome<Settings> resolve(const std::map<std::string, std::string>& options,
                          const std::map<std::string, std::string>& variables) {
    Arguments global;
    for (const auto& [name, value] : options) {
        global.set(name, {value});
    }
    return resolve_settings(global, [&variables](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

}  // namespace

TEST_CASE("defaults") {
    const Settings settings = resolve({}, {}).value();
    CHECK(settings.broker == "mqtt://127.0.0.1:1883");
    CHECK(settings.user == "operator");
    CHECK(settings.topics.root() == "muster/v1");
    CHECK(settings.timeout == Seconds(10));
    CHECK_FALSE(settings.json);
    CHECK(resolve({}, {{"USER", "anna"}}).value().user == "anna");
    CHECK(resolve({}, {{"USER", "anna.b@example"}}).value().user == "operator");
}

TEST_CASE("options win over the environment") {
    const std::map<std::string, std::string> variables{{"MUSTER_BROKER", "mqtt://env"},
                                                       {"MUSTER_USER", "ellen"},
                                                       {"MUSTER_ROOT", "site/one"},
                                                       {"MUSTER_TIMEOUT", "1m"},
                                                       {"USER", "root"}};
    const Settings environment = resolve({}, variables).value();
    CHECK(environment.broker == "mqtt://env");
    CHECK(environment.user == "ellen");
    CHECK(environment.topics.root() == "site/one");
    CHECK(environment.timeout == Seconds(60));
    const Settings options = resolve({{"broker", "mqtt://option"}, {"user", "anna"}}, variables).value();
    CHECK(options.broker == "mqtt://option");
    CHECK(options.user == "anna");
}

TEST_CASE("the password comes from a file") {
    const test::TempDir folder;
    const std::string path = folder / "password";
    std::ofstream(path) << "s3cret\n";
    CHECK(resolve({{"password-file", path}}, {}).value().password == "s3cret");
    CHECK_FALSE(resolve({{"password-file", path + ".absent"}}, {}).has_value());
}

TEST_CASE("what cannot be is refused") {
    CHECK_FALSE(resolve({{"user", "a/b"}}, {}).has_value());
    CHECK_FALSE(resolve({{"user", ""}}, {}).has_value());
    CHECK_FALSE(resolve({{"root", "a/#"}}, {}).has_value());
    CHECK_FALSE(resolve({{"timeout", "soon"}}, {}).has_value());
    CHECK_FALSE(resolve({}, {{"MUSTER_USER", "+"}}).has_value());
}

TEST_CASE("TLS files come from options and environment, and have no use without mqtts") {
    const std::map<std::string, std::string> variables{
        {"MUSTER_BROKER", "mqtts://broker"}, {"MUSTER_CA_FILE", "ca.pem"}, {"MUSTER_KEY_FILE", "env.key"}};
    const Settings settings =
        resolve({{"certificate-file", "anna.pem"}, {"key-file", "anna.key"}}, variables).value();
    CHECK(settings.ca_file == "ca.pem");
    CHECK(settings.certificate_file == "anna.pem");
    CHECK(settings.key_file == "anna.key");
    for (const char* option : {"ca-file", "certificate-file", "key-file"}) {
        CHECK_FALSE(resolve({{option, "x.pem"}, {"broker", "mqtt://broker"}}, variables).has_value());
    }
    // In the environment it is for whichever broker needs it.
    CHECK(resolve({{"broker", "mqtt://broker"}}, variables).has_value());
}

TEST_CASE("Promise 5: a password file and a key that everybody can read are named") {
    const test::TempDir folder;
    const std::string path = folder / "password";
    std::ofstream(path) << "s3cret\n";
    std::filesystem::permissions(path, std::filesystem::perms(0640));
    CHECK(resolve({{"password-file", path}}, {}).value().warnings.empty());
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    const Settings exposed =
        resolve({{"password-file", path}, {"key-file", path}, {"broker", "mqtts://broker"}}, {}).value();
    CHECK(exposed.warnings.size() == 2);
    CHECK(exposed.warnings.at(0).find(path + " is a secret that every user of this machine can read") == 0);
}
